import Bytes
import StrictJSON
import Testing

/// A long text's elements come out one at a time, whatever pieces the text arrives in.
@Suite struct JSONElementsTests {
    /// A text that is whole, and what is in it.
    struct Whole: Sendable, CustomTestStringConvertible {
        let what: String
        let text: String
        let layout: JSONElements.Layout
        let values: [(String, array: Int)]

        init(
            _ what: String, _ text: String, _ layout: JSONElements.Layout,
            _ values: [(String, array: Int)]
        ) {
            self.what = what
            self.text = text
            self.layout = layout
            self.values = values
        }

        var bytes: [UInt8] { Array(text.utf8) }
        var found: [Reading.Found] { values.map { .value($0.0, array: $0.array) } }
        var testDescription: String { what }
    }

    static let bundle = JSONElements.Layout.object(arrays: ["room_keys", "withheld"])

    static let whole = [
        Whole("an empty array", "[]", .array, []),
        Whole("an empty array with space", " [ \n ] \n", .array, []),
        Whole(
            "an array of every kind", #"[ {"a":[1,2]} ,"x,]}" , 12 ,-0.5,true,null,[[],{}],{}]"#,
            .array,
            [
                (#"{"a":[1,2]}"#, 0), (#""x,]}""#, 0), ("12", 0), ("-0.5", 0), ("true", 0),
                ("null", 0), ("[[],{}]", 0), ("{}", 0),
            ]),
        Whole(
            "strings that hold quotes, brackets and backslashes",
            #"[{"a":"\"]}\\"},"\\\"",{"b":"é😀]["}]"#, .array,
            [(#"{"a":"\"]}\\"}"#, 0), (#""\\\"""#, 0), (#"{"b":"é😀]["}"#, 0)]),
        Whole("an empty object", "{}", bundle, []),
        Whole("an empty object with space", " { } ", bundle, []),
        Whole("an object without the arrays", #"{"a":1,"b":[{"c":2}]}"#, bundle, []),
        Whole(
            "arrays among other members",
            #"{"a":1,"room_keys":[ {"k":1},{"k":2} ],"x":[{"k":3}],"withheld":[{"w":1}],"z":{}}"#,
            bundle, [(#"{"k":1}"#, 0), (#"{"k":2}"#, 0), (#"{"w":1}"#, 1)]),
        Whole(
            "arrays in the other order", #"{"withheld":[1],"room_keys":[2]}"#, bundle,
            [("1", 1), ("2", 0)]),
        Whole("empty arrays", #"{"room_keys":[],"withheld":[ ]}"#, bundle, []),
        Whole("null for an array", #"{"room_keys":null,"withheld":[1]}"#, bundle, [("1", 1)]),
        Whole("an object for an array", #"{"room_keys":{"room_keys":[1]}}"#, bundle, []),
        Whole("a name deeper down is another name", #"{"a":{"room_keys":[1]}}"#, bundle, []),
        Whole(
            "names that only begin alike", #"{"room_key":[1],"room_keys2":[2],"":[3]}"#, bundle, []),
        Whole("no lines", "", .lines, []),
        Whole("only line feeds", "\n\r\n\n", .lines, []),
        Whole(
            "lines", "{\"a\":1}\n{\"b\":\"\\n\"}\r\n\n[2]\n3", .lines,
            [(#"{"a":1}"#, 0), (#"{"b":"\n"}"#, 0), ("[2]", 0), ("3", 0)]),
        Whole("a last line with its line feed", "{}\n{}\n", .lines, [("{}", 0), ("{}", 0)]),
    ]

    @Test("A whole text gives its elements and then the end", arguments: whole)
    func giveElements(_ whole: Whole) {
        let reading = Reading(whole.bytes, layout: whole.layout)
        #expect(reading.found == whole.found)
        #expect(reading.fault == nil)
        #expect(reading.byteOffset == whole.bytes.count)
    }

    @Test("Cut in two at any place, a text gives the same", arguments: whole)
    func everySplit(_ whole: Whole) {
        for first in 1..<max(whole.bytes.count, 2) {
            let reading = Reading(whole.bytes, layout: whole.layout, pieces: [first, 1 << 20])
            #expect(reading.found == whole.found)
            #expect(reading.fault == nil)
        }
    }

    @Test(
        "In pieces of any size, a text gives the same", arguments: whole, [1, 2, 3, 5, 7, 11, 13])
    func everyPiece(_ whole: Whole, size: Int) {
        let reading = Reading(whole.bytes, layout: whole.layout, pieces: [size])
        #expect(reading.found == whole.found)
        #expect(reading.fault == nil)
    }

    @Test("Cut short anywhere, a text is never taken for whole", arguments: whole)
    func truncation(_ whole: Whole) {
        guard case .lines = whole.layout else {
            let meat = whole.bytes.lastIndex { $0 > 0x20 } ?? 0
            for count in 0...meat {
                for pieces in [[1 << 20], [1]] {
                    let reading = Reading(
                        Array(whole.bytes.prefix(count)), layout: whole.layout, pieces: pieces)
                    #expect(reading.fault?.reason == .cutShort)
                    #expect(reading.found == Array(whole.found.prefix(reading.found.count)))
                }
            }
            return
        }
        // A text of lines is whole at every line's end and short inside every object or string.
        for count in 0..<whole.bytes.count {
            let text = Array(whole.bytes.prefix(count))
            let reading = Reading(text, layout: .lines)
            let opened = text.count { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
            let closed = text.count { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") }
            #expect(reading.fault?.reason == (opened > closed ? .cutShort : nil))
            #expect(reading.found == Array(whole.found.prefix(reading.found.count)))
        }
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let text: String
        let layout: JSONElements.Layout
        let fault: StrictJSONError
        let elementCount: Int

        init(
            _ text: String, _ layout: JSONElements.Layout, _ fault: StrictJSONError,
            after elementCount: Int = 0
        ) {
            self.text = text
            self.layout = layout
            self.fault = fault
            self.elementCount = elementCount
        }

        var testDescription: String { text }
    }

    static let broken = [
        Broken("\u{feff}[]", .array, .malformed(byteOffset: 0)),
        Broken("\u{feff}{}", bundle, .malformed(byteOffset: 0)),
        Broken("\u{feff}{}", .lines, .malformed(byteOffset: 0)),
        Broken("null", .array, .malformed(byteOffset: 0)),
        Broken("{}", .array, .malformed(byteOffset: 0)),
        Broken("[]", bundle, .malformed(byteOffset: 0)),
        Broken("[1 2]", .array, .malformed(byteOffset: 3), after: 1),
        Broken("[,1]", .array, .malformed(byteOffset: 1)),
        Broken("[1,]", .array, .malformed(byteOffset: 3), after: 1),
        Broken("[1,,2]", .array, .malformed(byteOffset: 3), after: 1),
        Broken("[1:2]", .array, .malformed(byteOffset: 2), after: 1),
        Broken("[{}}", .array, .malformed(byteOffset: 3), after: 1),
        Broken("[1\"x\"]", .array, .malformed(byteOffset: 2), after: 1),
        Broken("[1]]", .array, .trailing(byteOffset: 3), after: 1),
        Broken("[1] x", .array, .trailing(byteOffset: 4), after: 1),
        Broken("[1]\n[2]", .array, .trailing(byteOffset: 4), after: 1),
        Broken("[1]\0", .array, .trailing(byteOffset: 3), after: 1),
        Broken(#"{"room_keys":[1]}x"#, bundle, .trailing(byteOffset: 17), after: 1),
        Broken(#"{"room_keys":[1],}"#, bundle, .malformed(byteOffset: 17), after: 1),
        Broken(#"{,"a":1}"#, bundle, .malformed(byteOffset: 1)),
        Broken(#"{"a" 1}"#, bundle, .malformed(byteOffset: 5)),
        Broken(#"{"a":}"#, bundle, .malformed(byteOffset: 5)),
        Broken(#"{"a":1 "b":2}"#, bundle, .malformed(byteOffset: 7)),
        Broken(#"{1:2}"#, bundle, .malformed(byteOffset: 1)),
        Broken(#"{"room_keys":[1]]"#, bundle, .malformed(byteOffset: 16), after: 1),
        Broken(#"{"room_keys":[1],"room_keys":[2]}"#, bundle, .duplicateName, after: 1),
        Broken(#"{"room_keys":null,"room_keys":[2]}"#, bundle, .duplicateName),
        Broken(#"{"room\u005fkeys":[1]}"#, bundle, .malformed(byteOffset: 1)),
        Broken("{},{}", .lines, .malformed(byteOffset: 2), after: 1),
        Broken("{}\n]", .lines, .malformed(byteOffset: 3), after: 1),
    ]

    @Test(
        "A broken structure is refused where it breaks, after the elements before it",
        arguments: broken)
    func brokenStructure(_ broken: Broken) {
        let text = Array(broken.text.utf8)
        for pieces in [[1 << 20], [1], [2], [3], [7]] {
            let reading = Reading(text, layout: broken.layout, pieces: pieces)
            #expect(reading.fault == broken.fault)
            #expect(reading.found.count == broken.elementCount)
        }
    }

    @Test("What is inside an element is not judged here", arguments: [1, 3, 1 << 20])
    func badElements(size: Int) {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        let bad = [#"{"a":1,"a":2}"#, "{]", "xyz", "01", #""\q""#, deep]
        let text = Array("[\(bad.joined(separator: ",")),{}]".utf8)
        let reading = Reading(text, layout: .array, pieces: [size])
        #expect(reading.fault == nil)
        #expect(reading.found == (bad + ["{}"]).map { .value($0, array: 0) })
    }

    @Test("A source that fails is reported as that, not as a short text")
    func failure() {
        let reading = Reading(
            FailingSource(after: Array("[1,2".utf8)), byteCount: 4, layout: .array)
        #expect(reading.fault == .stream(.unreadable(code: 5)))
        #expect(reading.found == [.value("1", array: 0)])
    }

    // MARK: Long elements

    @Test(
        "An element at the limit is given, one over it is passed over and counted",
        arguments: [
            JSONElements.maximumElementByteCount - 1, JSONElements.maximumElementByteCount,
            JSONElements.maximumElementByteCount + 1, 600_000,
        ], [1 << 20, 65_536, 4093])
    func longElements(byteCount: Int, size: Int) throws {
        #expect(JSONElements.maximumElementByteCount == 131_072)
        let long = "\"" + String(repeating: "x", count: byteCount - 2) + "\""
        let isAccepted = byteCount <= JSONElements.maximumElementByteCount
        let middle: Reading.Found =
            isAccepted ? .value(long, array: 1) : .tooLong(byteCount: byteCount, array: 1)
        let text = Array("{\"a\":\(long),\"withheld\":[1,\(long),2],\"b\":\(long)}".utf8)
        let reading = Reading(text, layout: Self.bundle, pieces: [size])
        #expect(reading.fault == nil)
        // No `==` on the arrays: a failure would print the long element.
        try #require(reading.found.count == 3)
        #expect(reading.found[0] == .value("1", array: 1))
        let isSame = reading.found[1] == middle
        #expect(isSame)
        #expect(reading.found[2] == .value("2", array: 1))
        #expect(reading.byteOffset == text.count)
    }

    @Test("A long element cut short is cut short", arguments: [1000, 131_072, 131_080, 700_000])
    func longElementsCut(byteCount: Int) {
        let text = Array(("[\"" + String(repeating: "x", count: byteCount)).utf8)
        let reading = Reading(text, layout: .array)
        #expect(reading.fault == .cutShort(byteOffset: text.count))
        #expect(reading.found.isEmpty)
    }

    @Test("An endless name is refused")
    func longName() {
        let text = Array(("{\"" + String(repeating: "x", count: 140_000) + "\":1}").utf8)
        #expect(Reading(text, layout: Self.bundle).fault?.reason == .malformed)
    }

    @Test("An element across the edge of the window is given whole", arguments: -30...3)
    func windowEdge(_ distance: Int) {
        // The window holds 512 KiB: white space brings the first element to its edge.
        let edge = 1 << 19
        let first = #"{"session_id":"é\"]","x":[]}"#
        let space = String(repeating: " ", count: edge + distance - 1)
        let text = Array("[\(space)\(first),2]".utf8)
        let reading = Reading(text, layout: .array)
        #expect(reading.fault == nil)
        #expect(reading.found == [.value(first, array: 0), .value("2", array: 0)])
    }

    @Test("Many windows of elements come out in order", arguments: [1 << 20, 100_003])
    func manyWindows(size: Int) {
        let elements = (0..<1200).map { number in
            "{\"n\":\(number),\"pad\":\"\(String(repeating: "p", count: number))\"}"
        }
        let text = Array("[\(elements.joined(separator: ",\n"))]".utf8)
        #expect(text.count > 1 << 19)
        let reading = Reading(text, layout: .array, pieces: [size])
        #expect(reading.fault == nil)
        let isSame = reading.found == elements.map { .value($0, array: 0) }
        #expect(isSame)
    }
}
