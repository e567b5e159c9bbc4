import CTurboJPEG

extension GreyPicture {
    /// Reads a JPEG file.
    ///
    /// - Throws: `tooManyPixels` before any pixel is read; `damagedPicture`.
    init(jpeg file: [UInt8]) throws(QRError) {
        guard let decoder = unsafe tjInitDecompress() else { throw .library("turbojpeg") }
        defer { unsafe _ = tjDestroy(decoder) }
        var (width, height, sampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let header = unsafe tjDecompressHeader3(
            decoder, file, UInt(file.count), &width, &height, &sampling, &colours)
        guard header == 0, width > 0, height > 0 else { throw .damagedPicture }
        let count = Int(width) * Int(height)
        guard count <= Self.pixelLimit else {
            throw .tooManyPixels(count: count, limit: Self.pixelLimit)
        }
        var pixels = [UInt8](repeating: 255, count: count)
        let status = unsafe tjDecompress2(
            decoder, file, UInt(file.count), &pixels, width, 0, height,
            Int32(TJPF_GRAY.rawValue), 0)
        // A photo cut short still shows codes; only what gives no picture at all is refused.
        guard unsafe status == 0 || tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue) else {
            throw .damagedPicture
        }
        self.init(width: Int(width), height: Int(height), pixels: pixels)
    }
}
