import Bytes

/// The bytes inside a key export's armour, as its many writers wrote it.
///
/// Tolerated, because files like these exist: a byte order mark, blank lines, indentation, mail text
/// and terminal escapes before the begin line; text behind the end line or no newline behind it;
/// LF, CRLF and lone CR; any width; padding or none. Refused: a missing begin or end line and any
/// other character between them.
struct KeyExportArmor: ~Copyable {
    private let source: any RewindableByteSource
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var inputPosition = 0
    private var inputEnd = 0
    private var offset = 0
    private var pending: UInt32 = 0
    private var characterCount = 0
    private var isInside = false
    private var isFinished = false

    private static let space: UInt8 = 0xfe
    private static let dash: UInt8 = 0xfd
    private static let foreign: UInt8 = 0xff

    /// What each byte means between the lines: a sextet, or one of the marks above.
    private static let meanings: [UInt8] = {
        var meanings = [UInt8](repeating: foreign, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() {
            meanings[Int(character)] = UInt8(value)
        }
        for character in " \t\r\n\u{0b}\u{0c}=".utf8 { meanings[Int(character)] = space }
        meanings[Int(UInt8(ascii: "-"))] = dash
        return meanings
    }()

    init(_ source: any RewindableByteSource) {
        self.source = source
    }

    mutating func rewind() throws(KeyFormatError) {
        do throws(StreamError) { try source.rewind() } catch { throw .stream(error) }
        inputPosition = 0
        inputEnd = 0
        offset = 0
        pending = 0
        characterCount = 0
        isInside = false
        isFinished = false
    }

    /// Fills `output` from the front with decoded bytes; fewer than asked for only at the end.
    mutating func fill(_ output: inout MutableSpan<UInt8>) throws(KeyFormatError) -> Int {
        if !isInside { try findBeginLine() }
        var written = 0
        while !isFinished, written < output.count {
            if inputPosition == inputEnd, try !refill() { throw .noEndLine(byteCount: offset) }
            if characterCount % 4 == 0 {
                let groups = Self.decodeGroups(
                    input.span.extracting(inputPosition..<inputEnd), into: &output, at: written)
                inputPosition += groups * 4
                characterCount += groups * 4
                written += groups * 3
            }
            if inputPosition < inputEnd, written < output.count {
                try decodeCharacter(into: &output, at: &written)
            }
        }
        return written
    }

    /// The fast way: whole groups of four characters, as long as nothing else stands in between.
    ///
    /// - Returns: how many groups it decoded.
    private static func decodeGroups(
        _ input: Span<UInt8>, into output: inout MutableSpan<UInt8>, at start: Int
    ) -> Int {
        let meanings = Self.meanings.span
        var position = 0
        var written = start
        while position + 4 <= input.count, written + 3 <= output.count {
            let a = meanings[Int(input[position])]
            let b = meanings[Int(input[position + 1])]
            let c = meanings[Int(input[position + 2])]
            let d = meanings[Int(input[position + 3])]
            if (a | b | c | d) >= 64 { break }
            let group = UInt32(a) << 18 | UInt32(b) << 12 | UInt32(c) << 6 | UInt32(d)
            output[written] = UInt8(truncatingIfNeeded: group >> 16)
            output[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
            output[written + 2] = UInt8(truncatingIfNeeded: group)
            position += 4
            written += 3
        }
        return position / 4
    }

    private mutating func decodeCharacter(
        into output: inout MutableSpan<UInt8>, at written: inout Int
    ) throws(KeyFormatError) {
        let meaning = Self.meanings[Int(input[inputPosition])]
        switch meaning {
        case Self.space: inputPosition += 1
        case Self.dash: try endLine()
        case Self.foreign: throw .notBase64(byteOffset: offset - inputEnd + inputPosition)
        default:
            inputPosition += 1
            pending = pending << 6 | UInt32(meaning)
            characterCount += 1
            let phase = characterCount % 4
            guard phase != 1 else { return }
            // The second, third and fourth sextet of a group each complete a byte.
            let spareBits: UInt32 = phase == 2 ? 4 : phase == 3 ? 2 : 0
            output[written] = UInt8(truncatingIfNeeded: pending >> spareBits)
            written += 1
        }
    }

    private mutating func endLine() throws(KeyFormatError) {
        let start = offset - inputEnd + inputPosition
        for expected in KeyExport.endLine.utf8 {
            if inputPosition == inputEnd, try !refill() { throw .noEndLine(byteCount: offset) }
            guard input[inputPosition] == expected else { throw .notBase64(byteOffset: start) }
            inputPosition += 1
        }
        if characterCount % 4 == 1 { throw .notBase64(byteOffset: start) }
        isFinished = true
    }

    private mutating func findBeginLine() throws(KeyFormatError) {
        let line = Array(KeyExport.beginLine.utf8)
        var matched = 0
        while matched < line.count {
            if inputPosition == inputEnd, try !refill() { throw .noBeginLine }
            let byte = input[inputPosition]
            inputPosition += 1
            if byte == line[matched] {
                matched += 1
            } else if byte != line[0] {
                matched = 0
            } else if matched != 5 {
                // The line begins with five dashes; a sixth leaves the match where it was.
                matched = 1
            }
        }
        isInside = true
    }

    private mutating func refill() throws(KeyFormatError) -> Bool {
        do throws(StreamError) {
            let source = self.source
            var span = input.mutableSpan
            let count = try source.read(into: &span)
            inputEnd = count
        } catch {
            throw .stream(error)
        }
        inputPosition = 0
        offset += inputEnd
        return inputEnd > 0
    }
}
