import CPNG

/// PNG through libpng's simplified interface, which reports errors by returning: its other one jumps
/// over frames.
extension GreyPicture {
    /// The picture as a PNG file.
    package func png() throws(QRError) -> [UInt8] {
        var image = unsafe png_image()
        unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
        unsafe image.width = png_uint_32(width)
        unsafe image.height = png_uint_32(height)
        unsafe image.format = png_uint_32(PNG_FORMAT_GRAY)
        defer { unsafe png_image_free(&image) }
        var byteCount = 0
        guard
            unsafe png_image_write_to_memory(&image, nil, &byteCount, 0, pixels, 0, nil) != 0
        else { throw .library("libpng cannot write") }
        var file = [UInt8](repeating: 0, count: byteCount)
        guard
            unsafe png_image_write_to_memory(&image, &file, &byteCount, 0, pixels, 0, nil) != 0
        else { throw .library("libpng cannot write") }
        return Array(file.prefix(byteCount))
    }

    /// Reads a PNG file; transparent pixels stand on white.
    ///
    /// - Throws: `tooManyPixels` before any pixel is read; `damagedPicture`.
    init(png file: [UInt8]) throws(QRError) {
        var image = unsafe png_image()
        unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { unsafe png_image_free(&image) }
        let read = unsafe file.withUnsafeBytes { bytes in
            unsafe Self.read(bytes, into: &image)
        }
        guard let (width, height, pixels) = try read.get() else { throw .damagedPicture }
        self.init(width: width, height: height, pixels: pixels)
    }

    private static func read(
        _ file: UnsafeRawBufferPointer, into image: inout png_image
    ) -> Result<(Int, Int, [UInt8])?, QRError> {
        guard
            unsafe png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0
        else { return .success(nil) }
        let (width, height) = unsafe (Int(image.width), Int(image.height))
        guard width * height <= pixelLimit else {
            return .failure(.tooManyPixels(count: width * height, limit: pixelLimit))
        }
        unsafe image.format = png_uint_32(PNG_FORMAT_GRAY)
        var pixels = [UInt8](repeating: 255, count: width * height)
        var paper = png_color(red: 255, green: 255, blue: 255)
        let status = unsafe png_image_finish_read(&image, &paper, &pixels, 0, nil)
        return .success(status == 0 ? nil : (width, height, pixels))
    }
}
