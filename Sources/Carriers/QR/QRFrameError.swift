/// What can go wrong with the frames that QR codes carry (`formats/qr-frames.md`).
package enum QRFrameError: Error, Equatable, Sendable {
    // What a single text can have wrong, in the order in which it is looked for.

    /// More characters than one code holds.
    case tooLong(characterCount: Int, limit: Int)
    /// It starts with something else than `HEIR1:`.
    case otherPrefix
    /// A character that is not of base32; `position` counts bytes from the start of the text.
    case alphabet(position: Int)
    /// A number of characters that no whole number of bytes gives.
    case danglingCharacter
    /// The bits after the last byte are not zero.
    case unusedBits
    /// Fewer bytes than the smallest frame has.
    case tooShort(byteCount: Int, minimum: Int)
    /// The CRC-32 does not match: damaged on the way, or two frames of a film in one picture.
    case checksum
    /// A frame of another version.
    case otherVersion(Int)
    /// The low four bits of the first byte are not zero.
    case reservedBits(Int)
    /// The number of data parts is zero or above the limit.
    case partCount(Int, limit: Int)
    /// The payload's length is zero or above the limit, in bytes.
    case total(byteCount: Int, limit: Int)
    /// More data parts than the payload has bytes.
    case morePartsThanBytes(partCount: Int, byteCount: Int)
    /// No part has this index.
    case index(Int, limit: Int)
    /// The body has another length, in bytes, than follows from the other numbers.
    case bodyLength(byteCount: Int, expected: Int)

    // What a transfer can have wrong.

    /// Two frames, each whole, with different bodies for one index.
    case twoBodies(index: Int)
    /// Fewer different parts than it takes.
    case incomplete(have: Int, need: Int)
    /// There is something else than zeros after the payload.
    case padding
    /// The payload is not the one that the transfer's id names.
    case otherPayload
    /// As many transfers as are kept, all of them whole, and one more.
    case tooManyTransfers(limit: Int)

    // What a kept transfer, or one to be made, can have wrong.

    /// More text than is read, in bytes.
    case tooMuchText(byteCount: Int, limit: Int)
    /// A line of the text is wrong; `number` counts from 1.
    indirect case line(number: Int, QRFrameError)
    /// The text does not end in a line feed.
    case unfinishedLine
    /// A code of that many bytes is too small, or larger than any.
    case capacity(byteCount: Int, minimum: Int, limit: Int)
}

extension QRFrameError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let characterCount, let limit):
            "the text has \(characterCount) characters, expected at most \(limit)"
        case .otherPrefix: "the text does not start with \(QRFrame.prefix)"
        case .alphabet(let position): "the character at position \(position) is not base32"
        case .danglingCharacter: "a character is missing or left over at the end"
        case .unusedBits: "the last character has bits set that belong to no byte"
        case .tooShort(let byteCount, let minimum):
            "the frame has \(byteCount) bytes, expected at least \(minimum)"
        case .checksum: "the frame is damaged: its checksum does not match"
        case .otherVersion(let version):
            "the frame has version \(version), expected \(QRFrame.version)"
        case .reservedBits(let bits): "the frame's reserved bits are \(bits), expected 0"
        case .partCount(let count, let limit):
            "the frame states \(count) parts, expected 1 to \(limit)"
        case .total(let byteCount, let limit):
            "the payload has \(byteCount) bytes, expected 1 to \(limit)"
        case .morePartsThanBytes(let partCount, let byteCount):
            "the frame states \(partCount) parts for \(byteCount) bytes"
        case .index(let index, let limit): "the part's index is \(index), expected 0 to \(limit)"
        case .bodyLength(let byteCount, let expected):
            "the part has \(byteCount) bytes, expected \(expected)"
        case .twoBodies(let index):
            "two codes hold different contents for part \(index) of one transfer"
        case .incomplete(let have, let need): "\(have) of \(need) parts are there"
        case .padding: "what follows the payload is not zeros"
        case .otherPayload: "the parts give another payload than the transfer's id names"
        case .tooManyTransfers(let limit): "there are \(limit) transfers already"
        case .tooMuchText(let byteCount, let limit):
            "the text has \(byteCount) bytes, expected at most \(limit)"
        case .line(let number, let error): "line \(number): \(error)"
        case .unfinishedLine: "the text does not end with a line feed"
        case .capacity(let byteCount, let minimum, let limit):
            "a code would hold \(byteCount) bytes of a part, expected \(minimum) to \(limit)"
        }
    }
}
