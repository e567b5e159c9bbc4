import Bytes
import StrictJSON
import Testing

/// What is refused, and as what; the offset of `malformed` and its like is judged apart.
struct Refusal: Sendable, CustomTestStringConvertible {
    enum Reason: Equatable, Sendable {
        case cutShort, malformed, tooDeep, trailing, tooLong, duplicateName, notUTF8, stream
    }

    let what: String
    let text: [UInt8]
    let reason: Reason

    init(_ what: String, _ text: String, _ reason: Reason) {
        self.init(what, Array(text.utf8), reason)
    }

    init(_ what: String, _ text: [UInt8], _ reason: Reason) {
        self.what = what
        self.text = text
        self.reason = reason
    }

    var testDescription: String { what }
}

extension StrictJSONError {
    var reason: Refusal.Reason {
        switch self {
        case .stream: .stream
        case .cutShort: .cutShort
        case .malformed: .malformed
        case .tooDeep: .tooDeep
        case .trailing: .trailing
        case .tooLong: .tooLong
        case .duplicateName: .duplicateName
        case .notUTF8: .notUTF8
        }
    }
}

/// One JSON object is read strictly: what readers disagree on is refused.
@Suite struct JSONObjectTests {
    private func read(_ text: [UInt8], depth: Int = 8) throws(StrictJSONError) -> Document {
        try Document(text, maximumDepth: depth)
    }

    // MARK: Structure

    static let structure = [
        Refusal("nothing", "", .malformed),
        Refusal("only white space", " \n\t\r", .malformed),
        Refusal("an array", "[]", .malformed),
        Refusal("a string", #""a""#, .malformed),
        Refusal("null", "null", .malformed),
        Refusal("a byte order mark", "\u{feff}{}", .malformed),
        Refusal("form feed as white space", "\u{0c}{}", .malformed),
        Refusal("no-break space as white space", "{\u{a0}}", .malformed),
        Refusal("an open brace", "{", .cutShort),
        Refusal("a comma before the first member", #"{,"a":1}"#, .malformed),
        Refusal("a comma after the last member", #"{"a":1,}"#, .malformed),
        Refusal("two commas", #"{"a":1,,"b":2}"#, .malformed),
        Refusal("no comma", #"{"a":1 "b":2}"#, .malformed),
        Refusal("no colon", #"{"a" 1}"#, .malformed),
        Refusal("two colons", #"{"a"::1}"#, .malformed),
        Refusal("no value", #"{"a":}"#, .malformed),
        Refusal("no name", #"{:1}"#, .malformed),
        Refusal("a bare name", "{a:1}", .malformed),
        Refusal("a number for a name", "{1:1}", .malformed),
        Refusal("single quotes", "{'a':1}", .malformed),
        Refusal("a comment", #"{"a":1/**/}"#, .malformed),
        Refusal("a comma before the first element", #"{"a":[,1]}"#, .malformed),
        Refusal("a comma after the last element", #"{"a":[1,]}"#, .malformed),
        Refusal("elements without a comma", #"{"a":[1 2]}"#, .malformed),
        Refusal("an array closed by a brace", #"{"a":[1}}"#, .malformed),
        Refusal("an object closed by a bracket", #"{"a":{"b":1]}"#, .malformed),
        Refusal("an unclosed array", #"{"a":[1"#, .cutShort),
        Refusal("a second object", "{}{}", .trailing),
        Refusal("a second object after a line feed", "{}\n{}", .trailing),
        Refusal("a brace too many", "{}}", .trailing),
        Refusal("a zero byte behind", "{}\0", .trailing),
        Refusal("a comma behind", "{},", .trailing),
        Refusal("a word in capitals", #"{"a":True}"#, .malformed),
        Refusal("a cut word", #"{"a":tru}"#, .malformed),
        Refusal("a word gone on", #"{"a":nullx}"#, .malformed),
        Refusal("undefined", #"{"a":undefined}"#, .malformed),
    ]

    @Test("Text that is not exactly one object is refused", arguments: structure)
    func notOneObject(_ refusal: Refusal) {
        let error = #expect(throws: StrictJSONError.self) { try read(refusal.text) }
        #expect(error?.reason == refusal.reason)
    }

    @Test("A fault names the byte where it stands")
    func offsets() {
        #expect(throws: StrictJSONError.malformed(byteOffset: 6)) {
            try read(Array(#"{"a": x}"#.utf8))
        }
        #expect(throws: StrictJSONError.trailing(byteOffset: 4)) {
            try read(Array("{}\n {}".utf8))
        }
        #expect(throws: StrictJSONError.cutShort(byteOffset: 6)) {
            try read(Array(#"{"a":1"#.utf8))
        }
    }

    @Test("White space is allowed around everything and is not part of values")
    func whiteSpace() throws {
        let text = Array(" \t\r\n{ \"a\" : \n1\t, \"b\"\r: [ 2 , 3 ] } \n".utf8)
        let document = try read(text)
        #expect(document.count == 2)
        #expect(document.raw("a") == "1")
        #expect(document.raw("b") == "[ 2 , 3 ]")
    }

    @Test("Kinds are told apart and a string's range is inside its quotes")
    func kinds() throws {
        let text = Array(
            #"{"s":"x","n":-1.5e3,"o":{},"a":[],"t":true,"f":false,"z":null,"e":"\n"}"#.utf8)
        let document = try read(text)
        #expect(document.count == 8)
        #expect(document.value("s")?.kind == .string)
        #expect(document.value("s")?.hasEscapes == false)
        #expect(document.raw("s") == "x")
        #expect(document.value("n")?.kind == .number)
        #expect(document.raw("n") == "-1.5e3")
        #expect(document.value("o")?.kind == .object)
        #expect(document.value("a")?.kind == .array)
        #expect(document.value("t")?.kind == .boolean(true))
        #expect(document.value("f")?.kind == .boolean(false))
        #expect(document.value("z")?.kind == .null)
        #expect(document.value("e")?.hasEscapes == true)
        #expect(document.raw("e") == #"\n"#)
        #expect(document.value("q") == nil)
        #expect(document.value("ss") == nil)
    }

    @Test("An object cut anywhere is refused", arguments: 0..<documentByteCount)
    func truncation(_ byteCount: Int) {
        #expect(throws: StrictJSONError.self) { try read(Array(Self.document.prefix(byteCount))) }
    }

    static let document = Array(
        #"{"a":"é😀\u00e9\ud83d\ude00","b":[1,-0.5e+7,true,false,null],"c":{"d":{}}}"#.utf8)
    static let documentByteCount = document.count

    @Test("The object that the cuts are made of is itself accepted")
    func wholeDocument() throws {
        #expect(try read(Self.document).count == 3)
    }

    // MARK: Names

    static let duplicates = [
        Refusal("at the top", #"{"a":1,"b":2,"a":3}"#, .duplicateName),
        Refusal("at the top, the same value", #"{"a":1,"a":1}"#, .duplicateName),
        Refusal("the empty name", #"{"":1,"":2}"#, .duplicateName),
        Refusal("in an object", #"{"a":{"b":1,"b":2}}"#, .duplicateName),
        Refusal("in an object in an array", #"{"a":[0,{"b":1,"c":{},"b":2}]}"#, .duplicateName),
        Refusal(
            "six objects down", #"{"a":{"b":{"c":{"d":{"e":{"x":1,"x":1}}}}}}"#, .duplicateName),
        Refusal("one of them escaped", #"{"a":{"b":1,"\u0062":2}}"#, .duplicateName),
        Refusal("escaped in two ways", #"{"a":{"\u00e9":1,"\u00E9":2}}"#, .duplicateName),
        Refusal("a solidus escaped", #"{"a":{"\/":1,"/":2}}"#, .duplicateName),
    ]

    @Test("The same name twice in one object is refused at any level", arguments: duplicates)
    func sameNameTwice(_ refusal: Refusal) {
        #expect(throws: StrictJSONError.duplicateName) { try read(refusal.text) }
    }

    @Test(
        "Names that only look alike are different names",
        arguments: [
            #"{"a":{"a":{"a":1}}}"#, #"{"a":1,"A":2}"#, #"{"a":1,"a ":2}"#, #"{"a":1,"aa":2}"#,
            "{\"\u{e9}\":1,\"e\u{301}\":2}", #"{"a":[{"b":1},{"b":2}]}"#,
            #"{"x":{"\\u0062":1,"b":2}}"#,
        ])
    func noDuplicates(_ text: String) throws {
        #expect(try read(Array(text.utf8)).count > 0)
    }

    @Test("A name written with escapes is refused at the top, where names are looked up by bytes")
    func escapedName() {
        #expect(throws: StrictJSONError.malformed(byteOffset: 2)) {
            try read(Array(#"{"\u0061":1}"#.utf8))
        }
    }

    @Test("64 members are accepted, 65 are not", arguments: [false, true])
    func memberLimit(nested: Bool) throws {
        func text(_ count: Int) -> [UInt8] {
            let members = (0..<count).map { "\"\($0)\":\($0)" }.joined(separator: ",")
            return Array((nested ? "{\"a\":{\(members)}}" : "{\(members)}").utf8)
        }
        #expect(JSONObject.maximumMemberCount == 64)
        #expect(try read(text(64)).count == (nested ? 1 : 64))
        #expect(throws: StrictJSONError.tooLong(limit: 64)) { try read(text(65)) }
    }

    // MARK: Depth

    @Test("Nesting as deep as the limit is accepted, one deeper is not", arguments: 1...12)
    func depthOfObjects(_ limit: Int) throws {
        func text(_ depth: Int) -> [UInt8] {
            Array(
                (String(repeating: "{\"a\":", count: depth - 1) + "{}"
                    + String(repeating: "}", count: depth - 1)).utf8)
        }
        #expect(try read(text(limit), depth: limit).count == (limit == 1 ? 0 : 1))
        #expect(throws: StrictJSONError.tooDeep(limit: limit)) {
            try read(text(limit + 1), depth: limit)
        }
    }

    @Test("Arrays count towards the depth as objects do", arguments: 2...12)
    func depthOfArrays(_ limit: Int) throws {
        func text(_ depth: Int) -> [UInt8] {
            let brackets = depth - 1
            return Array(
                ("{\"a\":" + String(repeating: "[", count: brackets)
                    + String(repeating: "]", count: brackets) + "}").utf8)
        }
        #expect(try read(text(limit), depth: limit).count == 1)
        #expect(throws: StrictJSONError.tooDeep(limit: limit)) {
            try read(text(limit + 1), depth: limit)
        }
    }

    @Test("Depth is of what is open, not of what has been closed")
    func depthLeaves() throws {
        let text = #"{"a":[[],[],[],[]],"b":{"c":{},"d":{},"e":[{},{}]}}"#
        #expect(try read(Array(text.utf8), depth: 4).count == 2)
    }

    @Test("A million open brackets end in a refusal, not in a full stack")
    func bomb() {
        let text = Array("{\"a\":".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: StrictJSONError.tooDeep(limit: 8)) { try read(text) }
    }

    // MARK: Numbers

    @Test(
        "Numbers of the grammar are accepted",
        arguments: [
            "0", "-0", "1", "-1", "10", "1234567890123456789012345678901234567890", "0.0", "0.10",
            "-0.5", "1e5", "1E5", "1e+5", "1e-5", "0e0", "1.5e05", "1e999",
        ])
    func numbers(_ number: String) throws {
        let text = Array("{\"a\":\(number)}".utf8)
        let document = try read(text)
        #expect(document.value("a")?.kind == .number)
        #expect(document.raw("a") == number)
    }

    @Test(
        "What is not a number of the grammar is refused",
        arguments: [
            "00", "01", "-01", "+1", "-", "--1", ".5", "5.", "-.5", "1.e5", "1e", "1e+", "1e-",
            "1e5.5", "1.5.5", "0x10", "1_000", "1,5,", "NaN", "Infinity", "-Infinity", "1a",
            "1e5e5",
            "\u{0661}",
        ])
    func notNumbers(_ number: String) {
        let error = #expect(throws: StrictJSONError.self) {
            try read(Array("{\"a\":\(number)}".utf8))
        }
        #expect(error?.reason == .malformed)
    }

    // MARK: Strings

    @Test("Control characters inside strings are refused", arguments: UInt8(0)..<0x20)
    func controls(_ byte: UInt8) {
        for text in [[UInt8]("{\"a\":\"x".utf8), Array("{\"x".utf8)] {
            let error = #expect(throws: StrictJSONError.self) {
                try read(text + [byte] + Array("\"}".utf8))
            }
            #expect(error?.reason == .malformed)
        }
    }

    @Test(
        "What RFC 8259 lets stand in a string stands", arguments: ["\u{7f}", "\u{80}", "\u{2028}"])
    func notControls(_ character: String) throws {
        let text = Array("{\"a\":\"\(character)\"}".utf8)
        #expect(try read(text).text("a") == Array(character.utf8))
    }

    static let invalidUTF8: [Refusal] = [
        Refusal("a continuation byte alone, the lowest", [0x80], .notUTF8),
        Refusal("a continuation byte alone, the highest", [0xbf], .notUTF8),
        Refusal("overlong in two bytes, C0", [0xc0, 0x80], .notUTF8),
        Refusal("overlong in two bytes, C1", [0xc1, 0xbf], .notUTF8),
        Refusal("overlong in three bytes", [0xe0, 0x9f, 0xbf], .notUTF8),
        Refusal("overlong in four bytes", [0xf0, 0x8f, 0xbf, 0xbf], .notUTF8),
        Refusal("the lowest surrogate", [0xed, 0xa0, 0x80], .notUTF8),
        Refusal("the highest surrogate", [0xed, 0xbf, 0xbf], .notUTF8),
        Refusal("a surrogate pair", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], .notUTF8),
        Refusal("above the last scalar", [0xf4, 0x90, 0x80, 0x80], .notUTF8),
        Refusal("F5", [0xf5, 0x80, 0x80, 0x80], .notUTF8),
        Refusal("five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80], .notUTF8),
        Refusal("FE", [0xfe], .notUTF8),
        Refusal("FF", [0xff], .notUTF8),
        Refusal("cut after one of two", [0xc3], .notUTF8),
        Refusal("cut after two of three", [0xe2, 0x82], .notUTF8),
        Refusal("cut after three of four", [0xf0, 0x9f, 0x98], .notUTF8),
        Refusal("an ASCII byte for the second", [0xc3, 0x41], .notUTF8),
        Refusal("an ASCII byte for the third", [0xe2, 0x82, 0x41], .notUTF8),
        Refusal("an ASCII byte for the fourth", [0xf0, 0x9f, 0x98, 0x41], .notUTF8),
        Refusal("a leading byte for the fourth", [0xf0, 0x9f, 0x98, 0xc3], .notUTF8),
        Refusal("Latin-1 text", [0x4d, 0xfc, 0x6c, 0x6c], .notUTF8),
    ]

    @Test("Bytes that are not UTF-8 are refused in values, names and below", arguments: invalidUTF8)
    func notUTF8(_ refusal: Refusal) {
        for (before, after) in [
            (#"{"a":""#, #""}"#), (#"{""#, #"":1}"#), (#"{"a":[{"b":[""#, #""]}]}"#),
            (#"{"a":{""#, #"":1}}"#),
        ] {
            #expect(throws: StrictJSONError.notUTF8) {
                try read(Array(before.utf8) + refusal.text + Array(after.utf8))
            }
        }
    }

    @Test(
        "The first and last scalars of every length are accepted",
        arguments: [
            "\u{20}", "\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{fffd}",
            "\u{feff}", "\u{ffff}", "\u{10000}", "\u{3ffff}", "\u{40000}", "\u{10ffff}",
        ])
    func validUTF8(_ character: String) throws {
        let text = Array("{\"a\":\"\(character)\"}".utf8)
        #expect(try read(text).text("a") == Array(character.utf8))
    }

    static let escapes = [
        Refusal("an unknown escape", #"\x41"#, .malformed),
        Refusal("an escaped single quote", #"\'"#, .malformed),
        Refusal("a capital U", #"\U00e9"#, .malformed),
        Refusal("an escaped line feed", "\\\n", .malformed),
        Refusal("three digits", #"\u00e"#, .malformed),
        Refusal("no digits", #"\u"#, .malformed),
        Refusal("a digit that is none", #"\u00g0"#, .malformed),
        Refusal("a sign for a digit", #"\u+0e9"#, .malformed),
        Refusal("the lowest high surrogate alone", #"\ud800"#, .notUTF8),
        Refusal("the highest high surrogate alone", #"\udbff"#, .notUTF8),
        Refusal("the lowest low surrogate alone", #"\udc00"#, .notUTF8),
        Refusal("the highest low surrogate alone", #"\udfff"#, .notUTF8),
        Refusal("a high surrogate before a letter", #"\ud83dx"#, .notUTF8),
        Refusal("a high surrogate before another escape", #"\ud83d\n"#, .notUTF8),
        Refusal("two high surrogates", #"\ud83d\ud83d"#, .notUTF8),
        Refusal("a pair the wrong way round", #"\ude00\ud83d"#, .notUTF8),
        Refusal("a high surrogate before a scalar", #"\ud83d\u0041"#, .notUTF8),
        Refusal("a high surrogate before a literal scalar", #"\ud83d😀"#, .notUTF8),
    ]

    @Test("Escapes that spell no text are refused", arguments: escapes)
    func badEscapes(_ refusal: Refusal) {
        for (before, after) in [(#"{"a":""#, #""}"#), (#"{"a":{""#, #"":1}}"#)] {
            let error = #expect(throws: StrictJSONError.self) {
                try read(Array(before.utf8) + refusal.text + Array(after.utf8))
            }
            #expect(error?.reason == refusal.reason)
        }
    }
}
