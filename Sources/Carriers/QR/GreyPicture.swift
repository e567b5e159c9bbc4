/// A picture in shades of grey: one byte a pixel, 0 black, rows from the top.
package struct GreyPicture: Equatable, Sendable {
    /// More pixels than this are refused.
    package static let pixelLimit = 64_000_000

    package let width: Int
    package let height: Int
    package let pixels: [UInt8]

    package init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height)
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A code with its quiet zone, `scale` pixels a module.
    package init(_ symbol: QRSymbol, scale: Int) {
        let side = symbol.framedSize * scale
        var pixels = [UInt8](repeating: 255, count: side * side)
        for y in 0..<symbol.size {
            for x in 0..<symbol.size where symbol.isDark(x, y) {
                let left = (x + QRSymbol.quietZone) * scale
                let top = (y + QRSymbol.quietZone) * scale
                for row in top..<top + scale {
                    for column in left..<left + scale { pixels[row * side + column] = 0 }
                }
            }
        }
        self.init(width: side, height: side, pixels: pixels)
    }

    /// Where each pixel of a new picture comes from, between the pixels of this one; light outside.
    package func resampled(
        width: Int, height: Int, _ source: (Double, Double) -> (Double, Double)
    ) -> GreyPicture {
        var result = [UInt8](repeating: 255, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                let (sourceX, sourceY) = source(Double(x), Double(y))
                guard sourceX >= 0, sourceY >= 0, sourceX <= Double(self.width - 1),
                    sourceY <= Double(self.height - 1)
                else { continue }
                result[y * width + x] = sample(sourceX, sourceY)
            }
        }
        return GreyPicture(width: width, height: height, pixels: result)
    }

    private func sample(_ x: Double, _ y: Double) -> UInt8 {
        let (left, top) = (Int(x), Int(y))
        let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        let (fx, fy) = (x - Double(left), y - Double(top))
        let upper =
            Double(pixels[top * width + left]) * (1 - fx)
            + Double(pixels[top * width + right]) * fx
        let lower =
            Double(pixels[bottom * width + left]) * (1 - fx)
            + Double(pixels[bottom * width + right]) * fx
        return UInt8(upper * (1 - fy) + lower * fy + 0.5)
    }

    /// The picture at another size; smaller ones are averaged, so that nothing is skipped.
    package func scaled(by factor: Double) -> GreyPicture {
        let width = max(1, Int(Double(self.width) * factor))
        let height = max(1, Int(Double(self.height) * factor))
        guard factor < 1 else {
            return resampled(width: width, height: height) { ($0 / factor, $1 / factor) }
        }
        var result = [UInt8](repeating: 255, count: width * height)
        for y in 0..<height {
            let rows =
                Int(
                    Double(y) / factor)..<max(
                    Int(Double(y) / factor) + 1, min(self.height, Int(Double(y + 1) / factor)))
            for x in 0..<width {
                let columns =
                    Int(
                        Double(x) / factor)..<max(
                        Int(Double(x) / factor) + 1, min(self.width, Int(Double(x + 1) / factor)))
                var sum = 0
                for row in rows {
                    for column in columns { sum += Int(pixels[row * self.width + column]) }
                }
                result[y * width + x] = UInt8(sum / (rows.count * columns.count))
            }
        }
        return GreyPicture(width: width, height: height, pixels: result)
    }

    /// Sharpened: what differs from its surroundings differs more.
    package var sharpened: GreyPicture {
        var result = pixels
        for y in 1..<max(height - 1, 1) {
            for x in 1..<max(width - 1, 1) {
                var around = 0
                for row in y - 1...y + 1 {
                    for column in x - 1...x + 1 { around += Int(pixels[row * width + column]) }
                }
                let centre = Int(pixels[y * width + x])
                result[y * width + x] = UInt8(clamping: centre + 2 * (centre - around / 9))
            }
        }
        return GreyPicture(width: width, height: height, pixels: result)
    }
}
