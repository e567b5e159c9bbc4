import MatrixTypes
import Testing

/// An identifier from a stranger is checked once, when it becomes a type.
@Suite struct IdentifierTests {
    private static func room(_ byteCount: Int) -> String {
        "!" + String(repeating: "r", count: byteCount - 1)
    }

    // MARK: Rooms

    @Test(
        "Room ids with and without a server are accepted as they stand",
        arguments: [
            "!yJSbNihwXduhZwPJJb:heirloom.test", "!r:example.org", "!a:[2001:db8::1]:8448",
            "!5SHpO-z6kkI-M3B-lenvRpHWb11D6gscYtAcwz0En1o", "!x", "!room:id", "!é:example.org",
            "!a b:example.org",
        ])
    func rooms(_ text: String) throws {
        #expect(try RoomID(text).text == text)
        #expect(try RoomID(text).description == text)
    }

    @Test("An identifier may have 255 bytes and no more")
    func length() throws {
        #expect(try RoomID(Self.room(255)).text.utf8.count == 255)
        #expect(throws: MatrixTypeError.tooLong(byteCount: 256)) { try RoomID(Self.room(256)) }
        #expect(throws: MatrixTypeError.tooLong(byteCount: 256)) {
            try EventID("$" + String(repeating: "e", count: 255))
        }
        #expect(throws: MatrixTypeError.tooLong(byteCount: 256)) {
            try UserID("@u:" + String(repeating: "s", count: 253))
        }
        #expect(try DeviceID(String(repeating: "D", count: 255)).text.count == 255)
        #expect(throws: MatrixTypeError.tooLong(byteCount: 256)) {
            try DeviceID(String(repeating: "D", count: 256))
        }
    }

    @Test("Length is counted in bytes of UTF-8, not in characters")
    func lengthInBytes() throws {
        #expect(try RoomID("!" + String(repeating: "é", count: 127)).text.count == 128)
        #expect(throws: MatrixTypeError.tooLong(byteCount: 257)) {
            try RoomID("!" + String(repeating: "é", count: 128))
        }
    }

    @Test(
        "A room id must begin with its sigil",
        arguments: ["", "r", "#r:example.org", "@r:example.org", " !r", "ǃr:example.org", "！r"])
    func roomSigil(_ text: String) {
        #expect(throws: MatrixTypeError.missingSigil(expected: "!")) { try RoomID(text) }
    }

    @Test("The sigil alone is no identifier")
    func sigilAlone() {
        #expect(throws: MatrixTypeError.incomplete) { try RoomID("!") }
        #expect(throws: MatrixTypeError.incomplete) { try EventID("$") }
        #expect(throws: MatrixTypeError.incomplete) { try UserID("@") }
        #expect(throws: MatrixTypeError.incomplete) { try DeviceID("") }
    }

    // MARK: Characters that deceive

    static let deceivers: [UInt32] =
        Array(0..<0x20) + Array(0x7f..<0xa0)
        + [0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e]
        + [0x2066, 0x2067, 0x2068, 0x2069]

    @Test("Control and direction-changing characters are refused anywhere", arguments: deceivers)
    func deceiving(_ value: UInt32) throws {
        let scalar = Character(try #require(Unicode.Scalar(value)))
        for text in ["!\(scalar)r:s", "!r\(scalar):s", "!r:s\(scalar)"] {
            #expect(throws: MatrixTypeError.unprintable) { try RoomID(text) }
        }
        #expect(throws: MatrixTypeError.unprintable) { try UserID("@u\(scalar):s") }
        #expect(throws: MatrixTypeError.unprintable) { try EventID("$e\(scalar)") }
        #expect(throws: MatrixTypeError.unprintable) { try DeviceID("D\(scalar)") }
        #expect(!"a\(scalar)b".isPrintable)
    }

    @Test(
        "The neighbours of those characters are accepted",
        arguments: [
            UInt32(0x20), 0x7e, 0xa0, 0x061b, 0x200d, 0x2010, 0x2027, 0x202f, 0x2065, 0x206a,
        ])
    func notDeceiving(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect("a\(scalar)b".isPrintable)
    }

    // MARK: Users, events, devices

    @Test(
        "User ids of today and of old are accepted",
        arguments: [
            "@alice:heirloom.test", "@a:b", "@Upper Case!:example.org", "@é:example.org",
            "@u:[::1]:8448", "@u:s:8448",
        ])
    func users(_ text: String) throws {
        #expect(try UserID(text).text == text)
    }

    @Test("A user id needs a server name", arguments: ["@alice", "@alice:", "@"])
    func userWithoutServer(_ text: String) {
        #expect(throws: MatrixTypeError.incomplete) { try UserID(text) }
    }

    @Test("A user id must begin with its sigil", arguments: ["", "alice:s", "!alice:s", "%40a:s"])
    func userSigil(_ text: String) {
        #expect(throws: MatrixTypeError.missingSigil(expected: "@")) { try UserID(text) }
    }

    @Test(
        "Event ids of every room version are accepted",
        arguments: [
            "$143273582443PhrSn:example.org", "$QyrCFOXK9E1iRCcZvtBhMLSsdsAfsLLXhwscw350ORI",
        ])
    func events(_ text: String) throws {
        #expect(try EventID(text).text == text)
    }

    @Test("An event id must begin with its sigil", arguments: ["", "x", "!x", "¥x"])
    func eventSigil(_ text: String) {
        #expect(throws: MatrixTypeError.missingSigil(expected: "$")) { try EventID(text) }
    }

    // MARK: Sameness

    @Test("Two spellings of é are two identifiers: Matrix compares bytes")
    func sameness() throws {
        let (composed, decomposed) = ("\u{e9}", "e\u{301}")
        #expect(composed == decomposed)
        #expect(try RoomID("!" + composed) != RoomID("!" + decomposed))
        #expect(try UserID("@\(composed):s") != UserID("@\(decomposed):s"))
        #expect(try EventID("$" + composed) != EventID("$" + decomposed))
        #expect(try DeviceID(composed) != DeviceID(decomposed))
        #expect(try Set([UserID("@\(composed):s"), UserID("@\(decomposed):s")]).count == 2)
        #expect(try Set([RoomID("!" + composed), RoomID("!" + decomposed)]).count == 2)
        #expect(try Set([UserID("@a:s"), UserID("@a:s")]).count == 1)
        #expect(try Set([EventID("$a"), EventID("$a"), EventID("$b")]).count == 2)
    }

    @Test("Room ids are ordered by their bytes")
    func order() throws {
        let texts = ["!A", "!a", "!aa", "!b", "!z", "!\u{e9}", "!\u{65e5}", "!\u{1f600}"]
        let rooms = try texts.map { text throws(MatrixTypeError) in try RoomID(text) }
        #expect(rooms.reversed().sorted() == rooms)
    }
}
