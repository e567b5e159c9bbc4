import StrictJSON
import Testing

/// Small documents as values, and the one text that signatures are over.
@Suite struct JSONValueTests {
    @Test(
        "canonical JSON, as the specification's appendix has it",
        arguments: [
            (#"{}"#, #"{}"#), (#"{"one": 1, "two": "Two"}"#, #"{"one":1,"two":"Two"}"#),
            (#"{"b": "2","a": "1"}"#, #"{"a":"1","b":"2"}"#),
            (#"{"a": "\u65E5"}"#, #"{"a":"日"}"#), (#"{"a": null}"#, #"{"a":null}"#),
            (#"{"a": -0, "b": 1e10}"#, #"{"a":0,"b":10000000000}"#),
            (#"{"本": 2, "日": 1}"#, #"{"日":1,"本":2}"#),
            (#"["\u0000\u001f\n\"\\\/\u007f"]"#, "[\"\\u0000\\u001f\\n\\\"\\\\/\u{7f}\"]"),
            // By code point and not by UTF-16: U+FFFF before U+10000.
            (#"{"\ud800\udc00":1,"\uffff":2}"#, "{\"\u{ffff}\":2,\"\u{10000}\":1}"),
            (#"[true,false,[],{}]"#, "[true,false,[],{}]"),
        ])
    func canonical(_ text: String, _ expected: String) throws {
        let value = try JSONValue(Array(text.utf8).span)
        #expect(value.canonical == Array(expected.utf8))
    }

    @Test("numbers that canonical JSON has not", arguments: ["1.5", "9007199254740992", "1e400"])
    func noCanonicalText(_ text: String) throws {
        #expect(try JSONValue(Array(text.utf8).span).canonical == nil)
    }

    @Test func signaturesDoNotCoverThemselves() throws {
        let text = #"{"signatures":{"@a:b":{}},"unsigned":{"age":1},"key":"value"}"#
        let value = try JSONValue(Array(text.utf8).span)
        #expect(value.signedText == Array(#"{"key":"value"}"#.utf8))
    }

    @Test(
        "refused",
        arguments: [
            "", "{", #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "[1,]", "[1] 2", "nul", "01",
            #""\ud800""#, #"{"a" 1}"#, String(repeating: "[", count: 40),
        ])
    func refused(_ text: String) {
        #expect(throws: StrictJSONError.self) { _ = try JSONValue(Array(text.utf8).span) }
    }

    @Test func partsAreFoundByTheirKind() throws {
        let value = try JSONValue(Array(#"{"a":"x","b":[1],"c":{"d":7},"e":1.5}"#.utf8).span)
        #expect(value["a"]?.text == "x")
        #expect(value["a"]?.integer == nil)
        #expect(value["b"]?.elements == [.integer(1)])
        #expect(value["c"]?["d"]?.integer == 7)
        #expect(value["e"]?.integer == nil)
        #expect(value["none"] == nil)
    }
}
