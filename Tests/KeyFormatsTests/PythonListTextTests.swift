import Bytes
import Foundation
import TestSupport
import Testing

@testable import KeyFormats

/// What Python prints, as the JSON that was meant.
@Suite struct PythonListTextTests {
    /// A source that gives out so many bytes at a time.
    final class Slow: ByteSource {
        private let inner: MemorySource
        private let step: Int

        init(_ bytes: [UInt8], step: Int) {
            inner = MemorySource(bytes)
            self.step = step
        }

        func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
            var piece = buffer.slice(0..<min(step, buffer.count))
            return try inner.read(into: &piece)
        }
    }

    static func json(_ text: String, step: Int = 1 << 20) throws -> String {
        let source = PythonListText(Slow(Array(text.utf8), step: step))
        return String(decoding: try source.readAll(limit: 1 << 24), as: UTF8.self)
    }

    @Test(
        "each spelling of Python's",
        arguments: [
            (#"[{'a': 'b'}]"#, #"[{"a": "b"}]"#),
            (#"[{"a": 'b'}]"#, #"[{"a": "b"}]"#),
            (#"['it\'s']"#, #"["it's"]"#),
            (#"["it's"]"#, #"["it's"]"#),
            (#"['say "hi"']"#, #"["say \"hi\""]"#),
            (#"['say \"hi\"']"#, #"["say \"hi\""]"#),
            (#"[True, False, None, 12, -3]"#, #"[true, false, null, 12, -3]"#),
            (#"[u'old']"#, #"["old"]"#),
            (#"['a\\b\nc\td']"#, #"["a\\b\nc\td"]"#),
            (#"['\xe9\x00']"#, #"["\u00e9\u0000"]"#),
            (#"['\u20ac']"#, #"["\u20ac"]"#),
            (#"['\U0001f40e']"#, #"["\ud83d\udc0e"]"#),
            (#"['é🐎']"#, #"["é🐎"]"#),
            (#"['True', 'u', "None"]"#, #"["True", "u", "None"]"#),
            ("[]", "[]"), ("", ""),
        ])
    func means(text: String, json: String) throws {
        #expect(try Self.json(text) == json)
        for step in 1...4 { #expect(try Self.json(text, step: step) == json) }
        if !json.isEmpty {
            #expect((try? JSONSerialization.jsonObject(with: Data(json.utf8))) != nil)
        }
    }

    @Test(
        "what Python does not print of keys stays what it is: no JSON",
        arguments: [
            "[nonsense]", "[('a', 1)]", #"['\xg0']"#, "[{'a': b'c'}]", "['open", "[Truest]",
            #"['\0']"#,
        ])
    func staysNoJSON(text: String) throws {
        let json = try Self.json(text)
        #expect((try? JSONSerialization.jsonObject(with: Data(json.utf8))) == nil, "\(json)")
    }

    @Test func longListsPassInBoundedMemory() throws {
        let entry = "{'session_key': '" + String(repeating: "A\"", count: 500) + "'}"
        let text = "[" + Array(repeating: entry, count: 200).joined(separator: ", ") + "]"
        let json = try Self.json(text)
        let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: String]]
        #expect(parsed?.count == 200)
        #expect(parsed?.allSatisfy { $0["session_key"]?.count == 1000 } == true)
    }
}
