package import Bytes
import Secrets

/// The elements of a long JSON text, one at a time, in bounded memory.
///
/// A key file is one array, an object that holds arrays, or one object a line; a file of a million
/// keys is a gigabyte. This reader finds where each element begins and ends, and lends its bytes; it
/// judges the structure between the elements, not what is inside one: `JSONObject` does that, so
/// that one bad element does not cost the others. The window is secret memory and is wiped.
package struct JSONElements: ~Copyable {
    /// How the elements are laid out.
    package enum Layout: Sendable {
        /// `[ element, … ]`
        case array
        /// `{ "name": [ element, … ], … }`; other members are passed over, but for those whose
        /// values are asked for by name.
        case object(arrays: [StaticString], values: [StaticString] = [])
        /// One element a line.
        case lines
    }

    /// One element.
    package enum Element: Sendable {
        /// Its bytes stand at this range of `window`. `array` is the place of its array's name
        /// among the layout's, 0 for the other layouts.
        case value(Range<Int>, array: Int)
        /// The value of a member asked for by name stands at this range of `window`; `name` is the
        /// place of its name among the layout's `values`.
        case member(Range<Int>, name: Int)
        /// It is longer than accepted and was passed over; `byteCount` is its length.
        case tooLong(byteCount: Int, array: Int)
    }

    /// Longer elements are passed over, in bytes.
    package static let maximumElementByteCount = 1 << 17

    private enum State { case start, inObject, afterMember, inArray(Int), between(Int), finished }

    private let source: any ByteSource
    private let layout: Layout
    private var state = State.start
    /// Which of the layout's names have been met.
    private var namesSeen: Set<Int> = []
    private var buffer = SecretBytes(byteCount: 1 << 19)
    private var position = 0
    private var end = 0
    /// Bytes of the source that lie before the window.
    private var offset = 0
    private var sourceEnded = false

    package init(_ source: any ByteSource, layout: Layout) {
        self.source = source
        self.layout = layout
    }

    /// The bytes the last element's range speaks of; valid until `next()`.
    package var window: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get { buffer.mutableBytes }
    }

    /// How many bytes of the source have been passed.
    package var byteOffset: Int { offset + position }

    /// The next element, or `nil` at the end of a text that is whole.
    package mutating func next() throws(StrictJSONError) -> Element? {
        while true {
            switch state {
            case .finished: return nil
            case .start: try begin()
            case .inObject:
                if let value = try member() { return value }
            case .afterMember: try afterMember()
            case .inArray(let array):
                try skipSpace()
                if try peek() == UInt8(ascii: "]") {
                    try closeArray()
                } else {
                    state = .between(array)
                    return try element(array: array)
                }
            case .between(let array):
                if case .lines = layout { return try line() }
                try skipSpace()
                switch try peek() {
                case UInt8(ascii: ","):
                    position += 1
                    try skipSpace()
                    return try element(array: array)
                case UInt8(ascii: "]"): try closeArray()
                default: throw .malformed(byteOffset: byteOffset)
                }
            }
        }
    }

    private mutating func line() throws(StrictJSONError) -> Element? {
        try skipSpace()
        guard try peekOrEnd() != nil else {
            state = .finished
            return nil
        }
        return try element(array: 0)
    }

    private mutating func begin() throws(StrictJSONError) {
        try skipSpace()
        switch layout {
        case .lines:
            // A byte order mark is refused in every layout, here because no value begins with it.
            if try peekOrEnd() == 0xef { throw .malformed(byteOffset: byteOffset) }
            state = .between(0)
        case .array:
            try pass(UInt8(ascii: "["))
            state = .inArray(0)
        case .object:
            try pass(UInt8(ascii: "{"))
            try skipSpace()
            if try peek() == UInt8(ascii: "}") {
                try finish()
            } else {
                state = .inObject
            }
        }
    }

    /// Reads a member's name and enters its value where it is one of the arrays asked for.
    ///
    /// A name with escapes is refused, as `JSONObject` does, so that no second spelling of an
    /// array's name hides its elements; so is the same array twice.
    private mutating func member() throws(StrictJSONError) -> Element? {
        try skipSpace()
        let nameOffset = byteOffset
        guard try peek() == UInt8(ascii: "\""), case .value(let quoted, _) = try element(array: 0)
        else { throw .malformed(byteOffset: nameOffset) }
        let name = quoted.lowerBound + 1..<quoted.upperBound - 1
        if buffer.bytes.contains(UInt8(ascii: "\\"), in: name) {
            throw .malformed(byteOffset: nameOffset)
        }
        var named: Int?
        var asked: Int?
        if case .object(let arrays, let values) = layout {
            named = arrays.firstIndex { buffer.bytes.spells($0, at: name) }
            asked = values.firstIndex { buffer.bytes.spells($0, at: name) }
            let place = named ?? asked.map { arrays.count + $0 }
            if let place, !namesSeen.insert(place).inserted { throw .duplicateName }
        }
        try skipSpace()
        try pass(UInt8(ascii: ":"))
        try skipSpace()
        if let named, try peek() == UInt8(ascii: "[") {
            position += 1
            state = .inArray(named)
            return nil
        }
        let value = try element(array: 0)
        state = .afterMember
        if let asked, case .value(let range, _) = value { return .member(range, name: asked) }
        return nil
    }

    private mutating func afterMember() throws(StrictJSONError) {
        try skipSpace()
        if try peek() == UInt8(ascii: ",") {
            position += 1
            state = .inObject
        } else {
            try finish()
        }
    }

    private mutating func closeArray() throws(StrictJSONError) {
        position += 1
        if case .object = layout { try afterMember() } else { try endOfText() }
    }

    /// Passes the brace that closes the outermost object.
    private mutating func finish() throws(StrictJSONError) {
        try pass(UInt8(ascii: "}"))
        try endOfText()
    }

    private mutating func endOfText() throws(StrictJSONError) {
        try skipSpace()
        guard try peekOrEnd() == nil else { throw .trailing(byteOffset: byteOffset) }
        state = .finished
    }

    /// Passes over one value of any kind, from its first byte to its last.
    private mutating func element(array: Int) throws(StrictJSONError) -> Element {
        var outline = JSONOutline()
        var start = position
        var dropped = 0
        while true {
            position = outline.advance(over: buffer.bytes, from: position, to: end)
            if outline.isComplete { break }
            if position - start > Self.maximumElementByteCount {
                dropped += position - start
                start = position
            }
            start = try refill(keepingFrom: start)
            if position == end {
                guard case .lines = layout, outline.mayEndHere else {
                    throw .cutShort(byteOffset: byteOffset)
                }
                break
            }
        }
        let byteCount = dropped + position - start
        guard byteCount > 0 else { throw .malformed(byteOffset: byteOffset) }
        return byteCount > Self.maximumElementByteCount
            ? .tooLong(byteCount: byteCount, array: array) : .value(start..<position, array: array)
    }

    private mutating func skipSpace() throws(StrictJSONError) {
        while let byte = try peekOrEnd(), byte.isJSONSpace { position += 1 }
    }

    private mutating func pass(_ byte: UInt8) throws(StrictJSONError) {
        guard try peek() == byte else { throw .malformed(byteOffset: byteOffset) }
        position += 1
    }

    private mutating func peek() throws(StrictJSONError) -> UInt8 {
        guard let byte = try peekOrEnd() else { throw .cutShort(byteOffset: byteOffset) }
        return byte
    }

    private mutating func peekOrEnd() throws(StrictJSONError) -> UInt8? {
        if position == end { _ = try refill(keepingFrom: position) }
        return position < end ? buffer.bytes[position] : nil
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
