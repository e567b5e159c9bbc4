import Bytes
import Secrets

/// A moving window over a long JSON text: values found and lent in bounded memory.
///
/// What `JSONElements` and `JSONMembers` share. The window is secret memory and is wiped.
struct JSONWindow: ~Copyable {
    /// Longer values are passed over, in bytes.
    static let maximumValueByteCount = 1 << 17

    /// What passing over one value found.
    enum Passed {
        /// Its bytes stand at this range.
        case value(Range<Int>)
        /// It is longer than accepted; its length.
        case tooLong(byteCount: Int)
    }

    private let source: any ByteSource
    var buffer = SecretBytes(byteCount: 1 << 19)
    var position = 0
    private var end = 0
    /// Bytes of the source that lie before the window.
    private var offset = 0
    private var sourceEnded = false

    init(_ source: any ByteSource) {
        self.source = source
    }

    /// How many bytes of the source have been passed.
    var byteOffset: Int { offset + position }

    /// Passes over one value of any kind, from its first byte to its last.
    ///
    /// - Parameter mayEndText: whether the end of the text may complete a number or a word.
    mutating func value(mayEndText: Bool = false) throws(StrictJSONError) -> Passed {
        var outline = JSONOutline()
        var start = position
        var dropped = 0
        while true {
            position = outline.advance(over: buffer.bytes, from: position, to: end)
            if outline.isComplete { break }
            if position - start > Self.maximumValueByteCount {
                dropped += position - start
                start = position
            }
            start = try refill(keepingFrom: start)
            if position == end {
                guard mayEndText, outline.mayEndHere else {
                    throw .cutShort(byteOffset: byteOffset)
                }
                break
            }
        }
        let byteCount = dropped + position - start
        guard byteCount > 0 else { throw .malformed(byteOffset: byteOffset) }
        return byteCount > Self.maximumValueByteCount
            ? .tooLong(byteCount: byteCount) : .value(start..<position)
    }

    mutating func skipSpace() throws(StrictJSONError) {
        while let byte = try peekOrEnd(), byte.isJSONSpace { position += 1 }
    }

    mutating func pass(_ byte: UInt8) throws(StrictJSONError) {
        guard try peek() == byte else { throw .malformed(byteOffset: byteOffset) }
        position += 1
    }

    mutating func peek() throws(StrictJSONError) -> UInt8 {
        guard let byte = try peekOrEnd() else { throw .cutShort(byteOffset: byteOffset) }
        return byte
    }

    mutating func peekOrEnd() throws(StrictJSONError) -> UInt8? {
        if position == end { _ = try refill(keepingFrom: position) }
        return position < end ? buffer.bytes[position] : nil
    }

    /// Passes a member's name, whose text stands at the range given; its colon comes next.
    ///
    /// A name with escapes is refused, as `JSONObject` does, so that no second spelling of a name
    /// hides what it names.
    mutating func name() throws(StrictJSONError) -> Range<Int> {
        try skipSpace()
        let nameOffset = byteOffset
        let quoted = try quotedName()
        let name = quoted.lowerBound + 1..<quoted.upperBound - 1
        if buffer.bytes.contains(UInt8(ascii: "\\"), in: name) {
            throw .malformed(byteOffset: nameOffset)
        }
        return name
    }

    /// Passes a member's name and gives its text, its escapes resolved.
    mutating func nameText() throws(StrictJSONError) -> String {
        try skipSpace()
        let nameOffset = byteOffset
        let quoted = try quotedName()
        let name = quoted.lowerBound + 1..<quoted.upperBound - 1
        if !buffer.bytes.contains(UInt8(ascii: "\\"), in: name) {
            return String(decoding: [UInt8](buffer.bytes.extracting(name)), as: UTF8.self)
        }
        guard let text = try JSONValue(buffer.bytes.extracting(quoted)).text else {
            throw .malformed(byteOffset: nameOffset)
        }
        return text
    }

    /// Where a member's name stands, with its quotes.
    private mutating func quotedName() throws(StrictJSONError) -> Range<Int> {
        let nameOffset = byteOffset
        guard try peek() == UInt8(ascii: "\""), case .value(let quoted) = try value() else {
            throw .malformed(byteOffset: nameOffset)
        }
        return quoted
    }

    /// Nothing but white space may follow.
    mutating func endOfText() throws(StrictJSONError) {
        try skipSpace()
        guard try peekOrEnd() == nil else { throw .trailing(byteOffset: byteOffset) }
    }

    /// Moves what is kept to the front of the window and reads more behind it.
    ///
    /// Returns where what is kept now begins, which is the front.
    private mutating func refill(keepingFrom start: Int) throws(StrictJSONError) -> Int {
        let kept = end - start
        if start > 0 { buffer.moveToFront(start..<end) }
        offset += start
        position -= start
        end = kept
        guard !sourceEnded else { return 0 }
        let source = self.source
        do throws(StreamError) {
            var rest = buffer.mutableBytes
            var free = rest.slice(kept..<rest.count)
            let count = try source.read(into: &free)
            end = kept + count
            sourceEnded = count == 0
        } catch {
            throw .stream(error)
        }
        return 0
    }
}

extension SecretBytes {
    /// Moves the bytes of `range` to the front.
    fileprivate mutating func moveToFront(_ range: Range<Int>) {
        var bytes = mutableBytes
        for index in range { bytes[index - range.lowerBound] = bytes[index] }
    }
}
