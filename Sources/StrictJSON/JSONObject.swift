/// One JSON object, read strictly in place: which members it has and where their values stand.
///
/// Makes no strings and copies nothing, because the text may hold session keys. Stricter than
/// Foundation on purpose: duplicate names, invalid UTF-8, lone surrogates, depth above the limit,
/// leading zeros and trailing bytes are refused (RFC 8259 leaves the first two to the reader, and
/// readers disagree).
package struct JSONObject: Sendable {
    package enum Kind: Hashable, Sendable {
        case string, number, object, array, boolean(Bool), null
    }

    /// A member's value and the bytes it takes; for a string, those between the quotes.
    package struct Value: Sendable {
        package let kind: Kind
        package let range: Range<Int>
        /// Whether a string has backslashes in it, so that its bytes are not yet its text.
        package let hasEscapes: Bool
    }

    /// What is asked of the names inside nested objects.
    package enum NestedNames: Hashable, Sendable {
        /// At most 64 of them, and none twice.
        case checked
        /// Nothing: whoever looks into a nested object reads it as a `JSONObject` of its own.
        ///
        /// For events, whose content may hold thousands of members that nobody here reads.
        case skimmed
    }

    private struct Member {
        let name: Range<Int>
        let value: Value
    }

    /// More members than this in one object are refused; a key entry has eight.
    package static let maximumMemberCount = 64

    private var members: [Member] = []

    /// Reads `text`, which must be one object and white space around it.
    ///
    /// - Parameters:
    ///   - maximumDepth: how deep objects and arrays may nest, this object being 1.
    ///   - nested: what is asked of the names inside nested objects.
    package init(
        _ text: Span<UInt8>, maximumDepth: Int = 8, nested: NestedNames = .checked
    ) throws(StrictJSONError) {
        var parser = JSONParser(maximumDepth: maximumDepth, names: nested)
        parser.skipSpace(text)
        guard parser.next(text) == UInt8(ascii: "{") else {
            throw .malformed(byteOffset: parser.position)
        }
        var members: [Member] = []
        try parser.object(text) { (name, value) throws(StrictJSONError) in
            guard members.count < Self.maximumMemberCount else {
                throw .tooLong(limit: Self.maximumMemberCount)
            }
            guard !name.hasEscapes else { throw .malformed(byteOffset: name.range.lowerBound) }
            for member in members where text.hasSameBytes(member.name, name.range) {
                throw .duplicateName
            }
            members.append(Member(name: name.range, value: value))
        }
        self.members = members
        parser.skipSpace(text)
        if parser.position < text.count { throw .trailing(byteOffset: parser.position) }
    }

    /// The value of the member called `name`, in the text that was read.
    package func value(_ name: StaticString, in text: Span<UInt8>) -> Value? {
        members.first { text.spells(name, at: $0.name) }?.value
    }

    /// How many members it has.
    package var count: Int { members.count }
}

extension Span<UInt8> {
    /// Whether it begins with the bytes of `text`.
    package func begins(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount && spells(text, at: 0..<text.utf8CodeUnitCount)
    }

    /// Where the bytes of `text` first stand.
    package func firstOffset(of text: StaticString) -> Int? {
        let length = text.utf8CodeUnitCount
        guard count >= length else { return nil }
        return (0...count - length).first { spells(text, at: $0..<$0 + length) }
    }

    /// Whether the bytes of `range` are those of `text`.
    package func spells(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard text.utf8CodeUnitCount == range.count else { return false }
        return text.withUTF8Buffer { expected in
            for offset in 0..<range.count
            where unsafe expected[offset] != self[range.lowerBound + offset] {
                return false
            }
            return true
        }
    }

    func contains(_ byte: UInt8, in range: Range<Int>) -> Bool {
        for index in range where self[index] == byte { return true }
        return false
    }

    /// Whether two names are the same text, though one may be written with escapes.
    func hasSameText(_ left: JSONObject.Value, _ right: JSONObject.Value) -> Bool {
        if !left.hasEscapes, !right.hasEscapes { return hasSameBytes(left.range, right.range) }
        return text(of: left).utf8.elementsEqual(text(of: right).utf8)
    }

    func hasSameBytes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count
        where self[left.lowerBound + offset] != self[right.lowerBound + offset] {
            return false
        }
        return true
    }
}
