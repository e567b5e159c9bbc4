package import Bytes

/// The text form of a sealed file: age's strict subset of PEM.
///
/// All of the text is judged before one byte is handed on, which its size allows.
package final class Armor: ByteSource {
    /// The longest text accepted, in bytes.
    package static let byteLimit = 2 << 20

    private static let firstLine = Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)
    private static let lastLine = Array("-----END AGE ENCRYPTED FILE-----".utf8)
    private static let columnCount = 64
    /// How much of a file is looked at to see whether it is armored.
    private static let lookahead = 1024

    private let decoded: MemorySource

    /// Reads the whole text.
    ///
    /// - Throws: `malformedArmor`, `armorEndsEarly`, `armorTooLarge`, `stream`.
    package init(source: any ByteSource) throws(SealingError) {
        let text: [UInt8]
        do throws(StreamError) {
            text = try source.readAll(limit: Self.byteLimit)
        } catch .tooLarge(let limit) where limit == Self.byteLimit {
            throw .armorTooLarge(limit: limit)
        } catch {
            throw .stream(error)
        }
        decoded = MemorySource(try Self.decode(text))
    }

    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        try decoded.read(into: &buffer)
    }

    /// The bytes of a sealed file, whether it comes armored or not.
    static func removed(from source: any ByteSource) throws(SealingError) -> BufferedSource {
        let buffered = BufferedSource(source)
        if !looksArmored(try buffered.peek(lookahead)) { return buffered }
        return BufferedSource(try Armor(source: buffered))
    }

    /// Whether a file that begins so was meant to be armored: five hyphens after white space, or the
    /// first line after other text, which is then refused as armor and not as a header.
    private static func looksArmored(_ start: [UInt8]) -> Bool {
        if start.starts(with: AgeHeader.intro) { return false }
        if start.drop(while: isWhiteSpace).starts(with: firstLine.prefix(5)) { return true }
        return start.indices.contains { start[$0...].starts(with: firstLine) }
    }

    private static func decode(_ text: [UInt8]) throws(SealingError) -> [UInt8] {
        var lines = ArmorLines(text)
        while let line = lines.next() {
            if line.allSatisfy(isWhiteSpace) { continue }
            guard line.elementsEqual(firstLine) else { throw .malformedArmor(line: lines.number) }
            return try body(of: &lines)
        }
        throw .armorEndsEarly
    }

    private static func body(of lines: inout ArmorLines) throws(SealingError) -> [UInt8] {
        var bytes: [UInt8] = []
        var hasShortLine = false
        while let line = lines.next() {
            if line.elementsEqual(lastLine) {
                guard lines.rest.allSatisfy(isWhiteSpace) else {
                    throw .malformedArmor(line: lines.number + 1)
                }
                return bytes
            }
            // Only the line before the last may be short or padded.
            guard !hasShortLine, !line.isEmpty, line.count <= columnCount,
                let piece = Base64.decode(line, padding: .required)
            else { throw .malformedArmor(line: lines.number) }
            bytes.append(contentsOf: piece)
            hasShortLine = piece.count < columnCount / 4 * 3
        }
        throw .armorEndsEarly
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}

/// Lines that end with LF or CR LF, the last one perhaps with neither.
private struct ArmorLines {
    private(set) var rest: ArraySlice<UInt8>
    /// The number of the line last given, from 1.
    private(set) var number = 0

    init(_ text: [UInt8]) {
        rest = text[...]
    }

    mutating func next() -> ArraySlice<UInt8>? {
        if rest.isEmpty { return nil }
        number += 1
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            defer { rest = [] }
            return rest
        }
        var line = rest[..<end]
        rest = rest[(end + 1)...]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
