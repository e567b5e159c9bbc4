extension GreyPicture {
    /// The largest picture file, in bytes.
    package static let fileLimit = 100_000_000
    /// Pictures with a longer side than this are made smaller before they are looked at.
    private static let sideLimit = 4000

    /// Reads a picture file: PNG or JPEG, told by its first bytes.
    ///
    /// - Throws: `QRError`.
    package init(file: [UInt8]) throws(QRError) {
        guard file.count <= Self.fileLimit else {
            throw .fileTooLarge(byteCount: file.count, limit: Self.fileLimit)
        }
        let picture: GreyPicture
        if file.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
            picture = try GreyPicture(png: file)
        } else if file.starts(with: [0xff, 0xd8]) {
            picture = try GreyPicture(jpeg: file)
        } else if let name = Self.otherKind(file) {
            throw .unsupportedPicture(name)
        } else {
            throw .unknownPicture
        }
        let longest = max(picture.width, picture.height)
        self =
            longest > Self.sideLimit
            ? picture.scaled(by: Double(Self.sideLimit) / Double(longest)) : picture
    }

    private static func otherKind(_ file: [UInt8]) -> String? {
        let text = String(decoding: file.prefix(16), as: UTF8.self)
        if text.dropFirst(4).hasPrefix("ftyphei") || text.dropFirst(4).hasPrefix("ftypmif") {
            return "HEIC"
        }
        if text.hasPrefix("GIF8") { return "GIF" }
        if text.hasPrefix("RIFF"), text.contains("WEBP") { return "WebP" }
        if text.hasPrefix("%PDF") { return "PDF" }
        if text.hasPrefix("<svg") || text.hasPrefix("<?xml") { return "SVG" }
        if text.hasPrefix("BM") { return "BMP" }
        return nil
    }
}
