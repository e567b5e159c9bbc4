import Bytes
import StrictJSON
import Testing

/// A string's text is found in place, without a copy.
@Suite struct JSONTextTests {
    struct Spelling: Sendable, CustomTestStringConvertible {
        let inside: String
        let text: String
        var testDescription: String { inside }
    }

    static let spellings = [
        Spelling(inside: "", text: ""),
        Spelling(inside: "plain é 😀", text: "plain é 😀"),
        Spelling(inside: #"\""#, text: "\""),
        Spelling(inside: #"\\"#, text: "\\"),
        Spelling(inside: #"\/"#, text: "/"),
        Spelling(inside: #"a\/b\/c"#, text: "a/b/c"),
        Spelling(inside: #"\b\f\n\r\t"#, text: "\u{8}\u{c}\n\r\t"),
        Spelling(inside: #"\u0041"#, text: "A"),
        Spelling(inside: #"\u0000"#, text: "\0"),
        Spelling(inside: #"\u00e9\u00E9"#, text: "éé"),
        Spelling(inside: #"\u07ff\u0800"#, text: "\u{7ff}\u{800}"),
        Spelling(inside: #"\ud7ff\ue000\uffff"#, text: "\u{d7ff}\u{e000}\u{ffff}"),
        Spelling(inside: #"\ud800\udc00"#, text: "\u{10000}"),
        Spelling(inside: #"\ud83d\ude00"#, text: "😀"),
        Spelling(inside: #"\uDBFF\uDFFF"#, text: "\u{10ffff}"),
        Spelling(inside: #"x\ud83d\ude00y\ud83d\ude01z"#, text: "x😀y😁z"),
        Spelling(inside: #"\\u0041"#, text: "\\u0041"),
        Spelling(inside: #"\\\"\\"#, text: "\\\"\\"),
        Spelling(inside: #"é\n😀\t"#, text: "é\n😀\t"),
    ]

    @Test("A string is unescaped in place to its text", arguments: spellings)
    func unescape(_ spelling: Spelling) throws {
        let document = try Document("{\"a\":\"\(spelling.inside)\",\"b\":1}")
        let value = try #require(document.value("a"))
        #expect(value.hasEscapes == spelling.inside.contains("\\"))
        #expect(document.text("a") == Array(spelling.text.utf8))

        let (after, count) = document.unescaped(value.range)
        let start = value.range.lowerBound
        #expect(Array(after[start..<start + count]) == Array(spelling.text.utf8))
        #expect(after[..<start] == document.bytes[..<start])
        #expect(after[value.range.upperBound...] == document.bytes[value.range.upperBound...])
    }
}
