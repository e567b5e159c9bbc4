import Bytes
import StrictJSON

/// One object and the text it was read from.
struct Document {
    let bytes: [UInt8]
    let object: JSONObject

    init(_ bytes: [UInt8], maximumDepth: Int = 8) throws(StrictJSONError) {
        self.bytes = bytes
        object = try JSONObject(bytes.span, maximumDepth: maximumDepth)
    }

    init(_ text: String, maximumDepth: Int = 8) throws(StrictJSONError) {
        try self.init(Array(text.utf8), maximumDepth: maximumDepth)
    }

    var count: Int { object.count }

    func value(_ name: StaticString) -> JSONObject.Value? {
        object.value(name, in: bytes.span)
    }

    /// The bytes that a member's value takes.
    func raw(_ name: StaticString) -> String? {
        value(name).map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    /// The text of a member's string, as bytes, because `String` calls different bytes equal.
    func text(_ name: StaticString) -> [UInt8]? {
        value(name).map { Array(bytes.span.text(of: $0).utf8) }
    }

    /// The text's bytes with the string at `range` unescaped in place, and that string's new count.
    func unescaped(_ range: Range<Int>) -> (bytes: [UInt8], count: Int) {
        var copy = bytes
        var span = copy.mutableSpan
        let count = span.unescape(range)
        return (copy, count)
    }
}
