package import Bytes
import Secrets

/// The members of nested objects in a long JSON text, one at a time, in bounded memory.
///
/// For objects used as maps: a saved key backup is rooms by id, each of sessions by id, and may be a
/// gigabyte. Whoever reads says which objects to enter; all other values are lent whole or passed
/// over. Like `JSONElements` it judges the structure between values, not what is inside one.
package struct JSONMembers: ~Copyable {
    /// Deeper objects are not entered.
    package static let maximumDepth = 8

    private var text: JSONWindow
    /// For each object that is open, whether a member of it has been passed.
    private var open: [Bool] = []

    /// Begins before the outermost object.
    package init(_ source: any ByteSource) {
        text = JSONWindow(source)
    }

    /// The bytes the last range speaks of; valid until the next step.
    package var window: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get { text.buffer.mutableBytes }
    }

    /// Steps into the object that stands here; `false`, and no step, where another value does.
    ///
    /// - Throws: `StrictJSONError.tooDeep`, or where the text breaks off.
    package mutating func enter() throws(StrictJSONError) -> Bool {
        try text.skipSpace()
        guard try text.peek() == UInt8(ascii: "{") else { return false }
        guard open.count < Self.maximumDepth else { throw .tooDeep(limit: Self.maximumDepth) }
        text.position += 1
        open.append(false)
        return true
    }

    /// Passes the next member's name, so that its value must be entered or read next; `nil` behind
    /// the object's end, where reading goes on in the object around it.
    package mutating func nextName() throws(StrictJSONError) -> String? {
        guard let hasMembers = open.last else { return nil }
        try text.skipSpace()
        if try text.peek() == UInt8(ascii: "}") {
            text.position += 1
            open.removeLast()
            if open.isEmpty { try text.endOfText() }
            return nil
        }
        if hasMembers { try text.pass(UInt8(ascii: ",")) }
        open[open.count - 1] = true
        let name = try text.nameText()
        try text.skipSpace()
        try text.pass(UInt8(ascii: ":"))
        return name
    }

    /// Reads the value that stands here; `nil` where it is longer than 128 KiB and was passed over.
    package mutating func value() throws(StrictJSONError) -> Range<Int>? {
        try text.skipSpace()
        guard case .value(let range) = try text.value() else { return nil }
        return range
    }
}
