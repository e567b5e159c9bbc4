/// Why codes cannot be made or pictures not be read.
package enum QRError: Error, Equatable, Sendable {
    /// The text does not fit into a code of this version.
    case doesNotFit(characterCount: Int, version: Int)
    /// More than a row of codes can carry, in bytes.
    case payloadTooLarge(byteCount: Int, limit: Int)
    /// The terminal has too few columns or rows for any code.
    case terminalTooSmall(columns: Int, rows: Int)
    /// Not a PNG or JPEG picture.
    case unknownPicture
    /// A kind of picture that is not read; its name.
    case unsupportedPicture(String)
    /// The picture's file is too large, in bytes.
    case fileTooLarge(byteCount: Int, limit: Int)
    /// The picture has more pixels than accepted.
    case tooManyPixels(count: Int, limit: Int)
    /// The picture's bytes are damaged.
    case damagedPicture
    /// What was made does not read back as what went in.
    case unreadableCode(part: Int)
    /// A library refused for a reason of its own.
    case library(String)
}

extension QRError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .doesNotFit(let count, let version):
            "\(count) characters do not fit into a QR code of version \(version)"
        case .payloadTooLarge(let byteCount, let limit):
            "\(byteCount) bytes are more than QR codes carry here; expected at most \(limit)"
        case .terminalTooSmall(let columns, let rows):
            "a terminal of \(columns) columns and \(rows) rows is too small for a code"
        case .unknownPicture: "it is no PNG or JPEG picture"
        case .unsupportedPicture(let name): "it is a \(name) picture; expected PNG or JPEG"
        case .fileTooLarge(let byteCount, let limit):
            "the picture has \(byteCount) bytes, expected at most \(limit)"
        case .tooManyPixels(let count, let limit):
            "the picture has \(count) pixels, expected at most \(limit)"
        case .damagedPicture: "the picture is damaged"
        case .unreadableCode(let part): "the code of part \(part) does not read back as it was made"
        case .library(let reason): "a library refused: \(reason)"
        }
    }
}
