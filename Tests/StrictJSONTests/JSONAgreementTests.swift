import Bytes
import Foundation
import StrictJSON
import Testing

/// On what is valid, the strict reader agrees with Foundation's.
@Suite struct JSONAgreementTests {
    @Test("A random valid object is read as Foundation reads it", arguments: UInt64(0)..<40)
    func agreement(seed: UInt64) throws {
        var numbers = FixedNumbers(seed: seed)
        for _ in 0..<25 {
            let names = Set((0..<8).map { _ in RandomDocument.name(from: &numbers) }).sorted()
            let members = names.map { name in
                "\"\(name)\"" + RandomDocument.space(&numbers) + ":"
                    + RandomDocument.value(depth: 2, from: &numbers)
            }
            let body = members.joined(separator: RandomDocument.space(&numbers) + ",")
            let text = Array(" {\(body)} \n".utf8)
            let document = try Document(text)
            let expected = try #require(
                try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
            #expect(document.count == expected.count)
            for name in RandomDocument.names {
                guard let value = document.value(name) else { continue }
                let same = try #require(expected["\(name)"])
                try expectSame(value, as: same, text: document.text(name), in: text)
            }
        }
    }

    private func expectSame(
        _ value: JSONObject.Value, as expected: Any, text string: [UInt8]?, in text: [UInt8]
    ) throws {
        let bytes = Data(text[value.range])
        switch value.kind {
        case .string:
            let expected = try #require(expected as? String)
            #expect(string == Array(expected.utf8))
        case .number:
            let number = try #require(expected as? NSNumber)
            #expect(Double(String(decoding: bytes, as: UTF8.self)) == number.doubleValue)
        case .boolean(let boolean): #expect(expected as? Bool == boolean)
        case .null: #expect(expected is NSNull)
        case .object, .array:
            let inner = try JSONSerialization.jsonObject(with: bytes)
            #expect(try canonical(inner) == canonical(expected))
        }
    }

    private func canonical(_ json: Any) throws -> Data {
        try JSONSerialization.data(withJSONObject: json, options: .sortedKeys)
    }

    @Test(
        "A thousand mutations never trap, and nothing is accepted that Foundation refuses",
        arguments: UInt64(100)..<110)
    func mutations(seed: UInt64) throws {
        var numbers = FixedNumbers(seed: seed)
        var accepted = 0
        for _ in 0..<1000 {
            let text = RandomDocument.mutated(&numbers)
            guard let document = try? Document(text, maximumDepth: 6) else { continue }
            accepted += 1
            #expect(isAcceptedByFoundation(text))
            for name in RandomDocument.names {
                guard let value = document.value(name), value.kind == .string else { continue }
                let (after, count) = document.unescaped(value.range)
                let inside = after[value.range].prefix(count)
                #expect(String(validating: inside, as: UTF8.self) != nil)
            }
        }
        // Both sides must have been visited for the test to mean anything.
        #expect(accepted > 20 && accepted < 980)
    }

    /// Foundation alone refuses numbers that a `Double` cannot hold.
    private func isAcceptedByFoundation(_ text: [UInt8]) -> Bool {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(text))
            return true
        } catch {
            return "\(error)".contains("not representable")
        }
    }

    @Test(
        "A thousand mutations never trap the reader of elements, however its source is cut",
        arguments: UInt64(200)..<210)
    func mutatedElements(seed: UInt64) {
        var numbers = FixedNumbers(seed: seed)
        let layouts: [JSONElements.Layout] = [
            .array, .object(arrays: ["room_keys", "b"]), .lines,
        ]
        var whole = 0
        for round in 0..<1000 {
            let text = RandomDocument.mutated(&numbers, wrapped: true)
            let layout = layouts[round % 3]
            let atOnce = Reading(text, layout: layout)
            let pieces = (0..<4).map { _ in Int.random(in: 1...9, using: &numbers) }
            #expect(Reading(text, layout: layout, pieces: pieces) == atOnce)
            #expect(!atOnce.isEndless)
            if atOnce.fault == nil { whole += 1 }
        }
        #expect(whole > 20 && whole < 980)
    }
}

/// Documents made of a fixed stream of numbers.
enum RandomDocument {
    static let names: [StaticString] = [
        "a", "b", "session_key", "room_id", "é", "日本", "", "x y", "m.shared_history", "😀",
    ]

    static func name(from numbers: inout FixedNumbers) -> String {
        "\(names.randomElement(using: &numbers) ?? "a")"
    }

    static func space(_ numbers: inout FixedNumbers) -> String {
        ["", "", " ", "\n", "\t\r\n  "].randomElement(using: &numbers) ?? ""
    }

    static func string(from numbers: inout FixedNumbers) -> String {
        let parts = [
            "a", "Z", "0", "é", "日", "😀", #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#,
            #"\t"#, #"\u0041"#, #"\u00E9"#, #"\u65e5"#, #"\ud83d\ude00"#, #"\u0000"#, "\u{7f}",
            "{", "}", "[", "]", ",", ":",
        ]
        let count = Int.random(in: 0...8, using: &numbers)
        return (0..<count).map { _ in parts.randomElement(using: &numbers) ?? "" }.joined()
    }

    static func value(depth: Int, from numbers: inout FixedNumbers) -> String {
        let kinds = depth > 0 ? 7 : 5
        let before = space(&numbers)
        let value: String
        switch Int.random(in: 0..<kinds, using: &numbers) {
        case 0: value = "\"" + string(from: &numbers) + "\""
        case 1:
            value =
                ["0", "-1", "3.25", "1e3", "-0.5E-2", "65536", "12345678901"]
                .randomElement(using: &numbers) ?? "0"
        case 2: value = "true"
        case 3: value = "false"
        case 4: value = "null"
        case 5:
            let names = Set((0..<3).map { _ in name(from: &numbers) }).sorted()
            value =
                "{"
                + names.map { "\"\($0)\":" + self.value(depth: depth - 1, from: &numbers) }
                .joined(separator: ",") + "}"
        default:
            let count = Int.random(in: 0...3, using: &numbers)
            value =
                "["
                + (0..<count).map { _ in self.value(depth: depth - 1, from: &numbers) }
                .joined(separator: ",") + "]"
        }
        return before + value + space(&numbers)
    }

    /// A document with none to three bytes changed, added, taken away or doubled.
    static func mutated(_ numbers: inout FixedNumbers, wrapped: Bool = false) -> [UInt8] {
        let names = Set((0..<4).map { _ in name(from: &numbers) }).sorted()
        let object =
            "{"
            + names.map { "\"\($0)\":" + value(depth: 2, from: &numbers) }
            .joined(separator: ",") + "}"
        var text = Array(object.utf8)
        if wrapped {
            let wraps = ["[\(object),\(object)]", "{\"room_keys\":[\(object)],\"b\":[]}", object]
            text = Array((wraps.randomElement(using: &numbers) ?? object).utf8)
        }
        let telling = Array("\"\\{}[],:u0-e ".utf8) + [0x00, 0x80, 0xc3, 0xff]
        for _ in 0..<Int.random(in: 0...3, using: &numbers) where !text.isEmpty {
            let place = Int.random(in: 0..<text.count, using: &numbers)
            let byte = telling.randomElement(using: &numbers) ?? 0
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0: text[place] = byte
            case 1: text.insert(byte, at: place)
            case 2: text.remove(at: place)
            case 3: text.removeSubrange(place...)
            default:
                let end = Int.random(in: place...text.count, using: &numbers)
                text.insert(contentsOf: text[place..<end], at: place)
            }
        }
        return text
    }
}
