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
    package static let maximumElementByteCount = JSONWindow.maximumValueByteCount

    private enum State { case start, inObject, afterMember, inArray(Int), between(Int), finished }

    private let layout: Layout
    private var state = State.start
    /// Which of the layout's names have been met.
    private var namesSeen: Set<Int> = []
    private var text: JSONWindow

    package init(_ source: any ByteSource, layout: Layout) {
        text = JSONWindow(source)
        self.layout = layout
    }

    /// The bytes the last element's range speaks of; valid until `next()`.
    package var window: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get { text.buffer.mutableBytes }
    }

    /// How many bytes of the source have been passed.
    package var byteOffset: Int { text.byteOffset }

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
                try text.skipSpace()
                if try text.peek() == UInt8(ascii: "]") {
                    try closeArray()
                } else {
                    state = .between(array)
                    return try element(array: array)
                }
            case .between(let array):
                if case .lines = layout { return try line() }
                try text.skipSpace()
                switch try text.peek() {
                case UInt8(ascii: ","):
                    text.position += 1
                    try text.skipSpace()
                    return try element(array: array)
                case UInt8(ascii: "]"): try closeArray()
                default: throw .malformed(byteOffset: byteOffset)
                }
            }
        }
    }

    private mutating func line() throws(StrictJSONError) -> Element? {
        try text.skipSpace()
        guard try text.peekOrEnd() != nil else {
            state = .finished
            return nil
        }
        return try element(array: 0)
    }

    private mutating func begin() throws(StrictJSONError) {
        try text.skipSpace()
        switch layout {
        case .lines:
            // A byte order mark is refused in every layout, here because no value begins with it.
            if try text.peekOrEnd() == 0xef { throw .malformed(byteOffset: byteOffset) }
            state = .between(0)
        case .array:
            try text.pass(UInt8(ascii: "["))
            state = .inArray(0)
        case .object:
            try text.pass(UInt8(ascii: "{"))
            try text.skipSpace()
            if try text.peek() == UInt8(ascii: "}") {
                try finish()
            } else {
                state = .inObject
            }
        }
    }

    /// Reads a member's name and enters its value where it is one of the arrays asked for.
    ///
    /// The same array twice is refused.
    private mutating func member() throws(StrictJSONError) -> Element? {
        let name = try text.name()
        var named: Int?
        var asked: Int?
        if case .object(let arrays, let values) = layout {
            named = arrays.firstIndex { text.buffer.bytes.spells($0, at: name) }
            asked = values.firstIndex { text.buffer.bytes.spells($0, at: name) }
            let place = named ?? asked.map { arrays.count + $0 }
            if let place, !namesSeen.insert(place).inserted { throw .duplicateName }
        }
        try text.skipSpace()
        try text.pass(UInt8(ascii: ":"))
        try text.skipSpace()
        if let named, try text.peek() == UInt8(ascii: "[") {
            text.position += 1
            state = .inArray(named)
            return nil
        }
        let value = try element(array: 0)
        state = .afterMember
        if let asked, case .value(let range, _) = value { return .member(range, name: asked) }
        return nil
    }

    private mutating func afterMember() throws(StrictJSONError) {
        try text.skipSpace()
        if try text.peek() == UInt8(ascii: ",") {
            text.position += 1
            state = .inObject
        } else {
            try finish()
        }
    }

    private mutating func closeArray() throws(StrictJSONError) {
        text.position += 1
        if case .object = layout { try afterMember() } else { try endOfText() }
    }

    /// Passes the brace that closes the outermost object.
    private mutating func finish() throws(StrictJSONError) {
        try text.pass(UInt8(ascii: "}"))
        try endOfText()
    }

    private mutating func endOfText() throws(StrictJSONError) {
        try text.endOfText()
        state = .finished
    }

    /// Passes over one value of any kind.
    private mutating func element(array: Int) throws(StrictJSONError) -> Element {
        var isLine = false
        if case .lines = layout { isLine = true }
        return switch try text.value(mayEndText: isLine) {
        case .value(let range): .value(range, array: array)
        case .tooLong(let byteCount): .tooLong(byteCount: byteCount, array: array)
        }
    }
}
