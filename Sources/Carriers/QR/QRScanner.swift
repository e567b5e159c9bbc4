import CZBar

/// Finds QR codes in pictures.
///
/// zbar reads a picture as it stands or not at all; shown the same picture a little smaller, larger,
/// sharper or turned against its tilt, it reads what it missed. The steps that worked are tried first
/// on the next picture, because photos of one row are alike.
@safe
package final class QRScanner {
    /// One way to show a picture again.
    private enum Step: Hashable {
        case asIs
        case scaled(Double)
        case sharpened
        /// Seen from the side: how strongly, across and down.
        case turned(Double, Double)
    }

    private static let ladder: [Step] = {
        func turns(_ by: Double) -> [Step] {
            [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)].map {
                .turned($0.0 * by, $0.1 * by)
            }
        }
        return [.asIs, .scaled(0.75), .scaled(0.5)] + turns(0.12) + [
            .scaled(1.5), .scaled(2), .sharpened,
        ] + turns(0.25)
    }()

    /// Enlarging stops at this many pixels: larger pictures do not read better for it.
    private static let enlargingLimit = 6_000_000
    /// The type of a whole QR code; a part of several joined ones has another.
    private static let wholeCode = ZBAR_QRCODE

    private let scanner: OpaquePointer
    private var steps = QRScanner.ladder

    package init() throws(QRError) {
        guard let scanner = unsafe zbar_image_scanner_create() else { throw .library("zbar") }
        unsafe self.scanner = scanner
        // QR codes alone: half the time, and none of the other readers' faults.
        unsafe _ = zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0)
        unsafe _ = zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1)
        unsafe _ = zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)
    }

    deinit {
        unsafe zbar_image_scanner_destroy(scanner)
    }

    /// The texts of all codes that are found, each once.
    ///
    /// - Parameter isEnough: told the texts found so far; where it says yes, no further way is tried.
    package func texts(
        in picture: GreyPicture, isEnough: (Set<String>) -> Bool
    ) -> Set<String> {
        var found: Set<String> = []
        for (place, step) in steps.enumerated() {
            guard let shown = Self.show(picture, step) else { continue }
            let before = found.count
            found.formUnion(scan(shown))
            if found.count > before, place > 0 {
                steps.remove(at: place)
                steps.insert(step, at: 0)
            }
            if isEnough(found) { break }
        }
        return found
    }

    private static func show(_ picture: GreyPicture, _ step: Step) -> GreyPicture? {
        let count = Double(picture.pixels.count)
        switch step {
        case .asIs: return picture
        case .scaled(let factor):
            guard factor < 1 || count * factor * factor <= Double(enlargingLimit) else {
                return nil
            }
            return picture.scaled(by: factor)
        case .sharpened: return picture.sharpened
        case .turned(let across, let down): return turned(picture, across, down)
        }
    }

    /// The picture as if its plane were tilted: (x, y) goes to (x, y) / (1 + a·x/W + d·y/H), made to
    /// fit where that is larger.
    private static func turned(
        _ picture: GreyPicture, _ across: Double, _ down: Double
    ) -> GreyPicture {
        let (width, height) = (Double(picture.width), Double(picture.height))
        let nearest = [1 + across, 1 + down, 1 + across + down, 1].min() ?? 1
        return picture.resampled(width: picture.width, height: picture.height) { x, y in
            let (u, v) = (x / nearest, y / nearest)
            let weight = 1 - across * u / width - down * v / height
            return (u / weight, v / weight)
        }
    }

    /// What zbar reads of a picture as it stands.
    private func scan(_ picture: GreyPicture) -> [String] {
        guard let image = unsafe zbar_image_create() else { return [] }
        defer { unsafe zbar_image_destroy(image) }
        // "Y800": one byte of grey a pixel.
        unsafe zbar_image_set_format(image, 0x3030_3859)
        unsafe zbar_image_set_size(image, UInt32(picture.width), UInt32(picture.height))
        return unsafe picture.pixels.withUnsafeBytes { pixels in
            unsafe zbar_image_set_data(
                image, pixels.baseAddress, UInt(pixels.count), nil)
            guard unsafe zbar_scan_image(scanner, image) > 0 else { return [] }
            var texts: [String] = []
            var symbol = unsafe zbar_image_first_symbol(image)
            while let current = unsafe symbol {
                if unsafe zbar_symbol_get_type(current) == Self.wholeCode,
                    let data = unsafe zbar_symbol_get_data(current)
                {
                    let count = unsafe Int(zbar_symbol_get_data_length(current))
                    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: count)
                    unsafe texts.append(String(decoding: bytes, as: UTF8.self))
                }
                unsafe symbol = zbar_symbol_next(current)
            }
            return texts
        }
    }
}
