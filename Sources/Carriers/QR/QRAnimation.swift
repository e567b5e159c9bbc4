import Bytes

/// A row of codes as one moving picture (APNG), which browsers and picture viewers loop.
///
/// ```
/// PNG signature | IHDR | acTL | ( fcTL | IDAT )  ( fcTL | fdAT ) …  | IEND
/// ```
///
/// Every frame is a whole code; five a second is what cameras keep up with.
package struct QRAnimation {
    /// More frames than this are not made: three minutes and a half.
    package static let frameLimit = 1024
    private static let framesPerSecond: UInt16 = 5

    private struct Chunk {
        let type: String
        let body: [UInt8]
    }

    /// The file.
    ///
    /// - Parameter scale: pixels a module.
    /// - Throws: `QRError`.
    package static func png(_ row: QRRow, scale: Int) throws(QRError) -> [UInt8] {
        let count = min(row.plan.codeCount, frameLimit)
        var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        var sequence: UInt32 = 0
        for index in 0..<count {
            let picture = GreyPicture(try row.symbol(at: index), scale: scale)
            let chunks = chunks(of: try picture.png())
            if index == 0 {
                guard let header = chunks.first else { throw .damagedPicture }
                put(header, to: &file)
                var control: [UInt8] = []
                control.append(bigEndian: UInt32(count))
                // For ever.
                control.append(bigEndian: UInt32(0))
                put(Chunk(type: "acTL", body: control), to: &file)
            }
            put(control(picture, &sequence), to: &file)
            for chunk in chunks where chunk.type == "IDAT" {
                if index == 0 {
                    put(chunk, to: &file)
                } else {
                    var body: [UInt8] = []
                    body.append(bigEndian: sequence)
                    sequence += 1
                    put(Chunk(type: "fdAT", body: body + chunk.body), to: &file)
                }
            }
        }
        put(Chunk(type: "IEND", body: []), to: &file)
        return file
    }

    /// `fcTL`: a whole frame, shown for a fifth of a second.
    private static func control(_ picture: GreyPicture, _ sequence: inout UInt32) -> Chunk {
        var body: [UInt8] = []
        body.append(bigEndian: sequence)
        sequence += 1
        body.append(bigEndian: UInt32(picture.width))
        body.append(bigEndian: UInt32(picture.height))
        body.append(bigEndian: UInt32(0))
        body.append(bigEndian: UInt32(0))
        body.append(bigEndian: UInt16(1))
        body.append(bigEndian: framesPerSecond)
        return Chunk(type: "fcTL", body: body + [0, 0])
    }

    private static func put(_ chunk: Chunk, to file: inout [UInt8]) {
        file.append(bigEndian: UInt32(chunk.body.count))
        let content = Array(chunk.type.utf8) + chunk.body
        file += content
        file.append(bigEndian: CRC32.checksum(content))
    }

    private static func chunks(of png: [UInt8]) -> [Chunk] {
        var chunks: [Chunk] = []
        var place = 8
        while place + 12 <= png.count {
            let count = Int(png.span.bigEndian(at: place, as: UInt32.self))
            guard place + 12 + count <= png.count else { break }
            let type = String(decoding: png[place + 4..<place + 8], as: UTF8.self)
            chunks.append(Chunk(type: type, body: Array(png[place + 8..<place + 8 + count])))
            place += 12 + count
        }
        return chunks
    }
}

/// The still pictures of a moving PNG, for reading our own back.
package enum QRAnimationFrames {
    /// Every frame as a PNG file of its own; one for a PNG that does not move.
    ///
    /// Only frames as large as the whole picture are taken, at most `QRAnimation.frameLimit`.
    package static func stills(of file: [UInt8]) -> [[UInt8]] {
        let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        guard file.starts(with: signature) else { return [file] }
        var header: ArraySlice<UInt8> = []
        var data: [[UInt8]] = []
        var isMoving = false
        var place = 8
        while place + 12 <= file.count {
            let count = Int(file.span.bigEndian(at: place, as: UInt32.self))
            guard place + 12 + count <= file.count else { break }
            let type = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
            let body = file[place + 8..<place + 8 + count]
            switch type {
            case "IHDR": header = body
            case "acTL": isMoving = true
            case "fcTL": if data.count < QRAnimation.frameLimit { data.append([]) }
            case "IDAT":
                if data.isEmpty { data.append([]) }
                data[data.count - 1] += body
            case "fdAT": if !data.isEmpty { data[data.count - 1] += body.dropFirst(4) }
            default: break
            }
            place += 12 + count
        }
        guard isMoving else { return [file] }
        return data.filter { !$0.isEmpty }.map { frame in
            var still = signature
            for (type, body) in [("IHDR", Array(header)), ("IDAT", frame), ("IEND", [])] {
                still.append(bigEndian: UInt32(body.count))
                let content = Array(type.utf8) + body
                still += content
                still.append(bigEndian: CRC32.checksum(content))
            }
            return still
        }
    }
}
