import Bytes
import KeyFormats
import MatrixTypes
import StrictJSON
import Testing

/// How entries lie in a file, and what of a broken file still comes out.
@Suite struct LayoutTests {
    static let good = (1...4).map { TestSession(UInt64($0)) }

    private static func text(_ entries: [String], _ layout: KeyFileLayout) -> String {
        switch layout {
        case .array: "[" + entries.joined(separator: ",") + "]"
        case .sessions: "{\"version\":1,\"sessions\":[" + entries.joined(separator: " , ") + "]}"
        case .bundle: "{\"room_keys\":[" + entries.joined(separator: ",") + "],\"withheld\":[]}"
        case .lines: entries.joined(separator: "\n") + "\n"
        }
    }

    /// What the good entries say in this layout.
    private static func facts(_ session: TestSession, _ layout: KeyFileLayout) -> KeyFacts {
        var facts = KeyFacts(session)
        if layout == .bundle { facts.sharedHistory = .shareable }
        return facts
    }

    // MARK: Neighbours

    /// Entries that are bad in every way that leaves the array whole.
    static let bad: [String] =
        EntryTests.refused.map(\.entry.text) + [
            "7", "-1.5e3", "null", "true", "\"text\"", "[]", "[[]]", "{}", "word", "1 ", "01",
            #"{"a":1,"a":2}"#, #"{"a" 1}"#, #"{"a":1,}"#, #"{"a":"\u{1}"}"#, #"{"a":"\ud800"}"#,
            #"{"a":"]},{["}"#, #"{"a":"\"}]"}"#, "{'algorithm': 'm.megolm.v1.aes-sha2'}",
            String(repeating: "[", count: 60) + String(repeating: "]", count: 60),
        ]

    @Test("one bad entry never loses its neighbours", arguments: bad)
    func neighbours(_ bad: String) throws {
        for layout in [KeyFileLayout.array, .sessions, .bundle, .lines] {
            for place in 0...Self.good.count {
                var entries = Self.good.map { EntryJSON($0).text }
                entries.insert(bad, at: place)
                let all = try outcomes(of: Self.text(entries, layout), layout: layout)
                #expect(
                    all.compactMap(\.facts) == Self.good.map { Self.facts($0, layout) },
                    "\(layout) at \(place)")
                try #require(all.count == Self.good.count + 1)
                if case .invalid = all[place] { continue }
                Issue.record("taken in \(layout) at \(place): \(all[place])")
            }
        }
    }

    @Test("entries from a slow source", arguments: [1, 2, 3, 61, 1000])
    func slowSource(_ pieceByteCount: Int) throws {
        for layout in [KeyFileLayout.array, .sessions, .bundle, .lines] {
            let text = Self.text(Self.good.map { EntryJSON($0).text }, layout)
            let all = try outcomes(
                of: SlowSource(Array(text.utf8), pieceByteCount: pieceByteCount), layout: layout)
            #expect(all == Self.good.map { .key(Self.facts($0, layout), []) })
        }
    }

    /// Longer than the reader's window, so that entries straddle its border.
    @Test func manyEntries() throws {
        let entries = (0..<1500).map { EntryJSON(TestSession(1, index: $0)).text }
        let all = try outcomes(of: Self.text(entries, .array))
        #expect(all.compactMap(\.facts?.index) == Array(0..<1500))
        #expect(all.allSatisfy { $0.notes == [] })
    }

    /// T29: duplicates are somebody else's to judge; each comes out.
    @Test func duplicatesComeOutEach() throws {
        let one = EntryJSON(TestSession(1, index: 5))
        let entries = [one, one, EntryJSON(TestSession(1)), one.without("sender_key")]
        let all = try outcomes(of: Self.text(entries.map(\.text), .array))
        #expect(all.map(\.facts?.id) == Array(repeating: TestSession(1).id, count: 4))
        #expect(all.map(\.facts?.index) == [5, 5, 0, 5])
        #expect(all.map(\.notes) == [[], [], [], [.originUnknown, .noSenderKey]])
    }

    /// T23: the same session under two rooms is two entries here.
    @Test func twoRooms() throws {
        let rooms = ["!a:example.org", "!UVk8mCMWS5jSvmcFOwLQVA1Jl4vRySgPsrvAHu8-W_E"]
        let all = try outcomes(of: Self.text(rooms.map { EntryJSON(roomID: $0).text }, .array))
        #expect(all.map(\.facts?.room) == rooms)
        #expect(all.map(\.facts?.id) == [TestSession.first.id, TestSession.first.id])
    }

    // MARK: Empty and pretty

    @Test(
        "no entries",
        arguments: [
            ("[]", KeyFileLayout.array), (" [ \n ] \r\n\t", .array), ("", .lines),
            ("\n \n", .lines),
            (#"{"sessions":[]}"#, .sessions), ("{}", .sessions), ("{}", .bundle),
            (" { } ", .bundle),
            (#"{"room_keys":[],"withheld":[]}"#, .bundle), (#"{"withheld":[]}"#, .bundle),
            (#"{"room_keys":[]}"#, .bundle), (#"{"room_keys":null,"withheld":null}"#, .bundle),
            (#"{"note":{"room_keys":[7]},"list":[1,2]}"#, .bundle),
        ])
    func empty(_ text: String, _ layout: KeyFileLayout) throws {
        #expect(try outcomes(of: text, layout: layout).isEmpty)
    }

    @Test func prettyPrinted() throws {
        let entry = EntryJSON().text.replacingOccurrences(",", " ,\n\t")
        let text = " [\n \(entry)\r\n,\t\(entry) ]\n"
        #expect(
            try outcomes(of: text)
                == Array(repeating: .key(KeyFacts(TestSession.first), []), count: 2))
    }

    @Test("lines", arguments: ["\n", "\r\n", "\n\n \n", "\r"])
    func lines(_ newline: String) throws {
        let text = Self.good.map { EntryJSON($0).text }.joined(separator: newline)
        let expected = Self.good.map { Outcome.key(KeyFacts($0), []) }
        #expect(try outcomes(of: text, layout: .lines) == expected)
        #expect(try outcomes(of: text + newline, layout: .lines) == expected)
    }

    // MARK: Bundles

    private static func withheld(
        _ session: TestSession, code: String = "m.history_not_shared"
    ) -> EntryJSON {
        EntryJSON(session).without("session_key").without("sender_claimed_keys")
            .without("forwarding_curve25519_key_chain").adding("code", quoted(code))
    }

    private static func bundle(_ keys: [EntryJSON], _ withheld: [EntryJSON]) -> String {
        "{\"room_keys\":[" + keys.map(\.text).joined(separator: ",") + "],\"withheld\":["
            + withheld.map(\.text).joined(separator: ",") + "]}"
    }

    @Test(
        "withheld codes",
        arguments: [
            "m.history_not_shared", "io.element.msc4268.history_not_shared", "m.unauthorised", "",
            "org.example.Ünknown",
        ])
    func withheldCode(_ code: String) throws {
        let entry = Self.withheld(.second, code: code)
        for entry in [
            entry, entry.adding("reason", quoted("no")).adding("from_device", quoted("D")),
        ] {
            let all = try outcomes(of: Self.bundle([EntryJSON()], [entry]), layout: .bundle)
            try #require(all.count == 2)
            #expect(all[0] == .key(Self.facts(.first, .bundle), []))
            #expect(
                all[1] == .withheld(room: "!r:example.org", id: TestSession.second.id, code: code))
        }
    }

    /// T33: the spec forbids it, clients write it; both are told, in the file's order.
    @Test func sessionInBothLists() throws {
        let both = try outcomes(
            of: Self.bundle([EntryJSON()], [Self.withheld(.first)]), layout: .bundle)
        #expect(both.map(\.facts?.id) == [TestSession.first.id, nil])
        #expect(
            both.last
                == .withheld(
                    room: "!r:example.org", id: TestSession.first.id, code: "m.history_not_shared"))
    }

    @Test func listsInTheOtherOrder() throws {
        let text =
            "{\"x\":1,\"withheld\":[\(Self.withheld(.second).text)],\"y\":[],"
            + "\"room_keys\":[\(EntryJSON().text)],\"z\":\"]}\"}"
        let all = try outcomes(of: text, layout: .bundle)
        #expect(all.map(\.facts?.id) == [nil, TestSession.first.id])
    }

    /// T32: told, so that a bundle for another room is not taken for an empty one.
    @Test func otherRoomInABundle() throws {
        let text = Self.bundle([EntryJSON(roomID: "!other:x"), EntryJSON()], [])
        let wish = RoomKeyEntries.Wish(roomID: try RoomID("!r:example.org"))
        #expect(
            try outcomes(of: text, layout: .bundle, wish: wish) == [
                .otherRoom(TestSession.first.publicKey),
                .key(Self.facts(.first, .bundle), []),
            ])
    }

    @Test(
        "bad withheld entries",
        arguments: [
            (withheld(.second).without("room_id"), EntryFault.missing(.roomID)),
            (withheld(.second).without("session_id"), .missing(.sessionID)),
            (withheld(.second).without("code"), .missing(.code)),
            (withheld(.second).with("code", "7"), .notText(.code)),
            (withheld(.second).with("session_id", "null"), .notText(.sessionID)),
            (withheld(.second).with("session_id", quoted("short")), .sessionIDMismatch),
            (withheld(.second).with("room_id", quoted("r")), .badRoomID),
            (withheld(.second).adding("code", "1"), .notAnObject),
        ])
    func badWithheld(_ entry: EntryJSON, _ fault: EntryFault) throws {
        let all = try outcomes(
            of: Self.bundle([EntryJSON()], [Self.withheld(.second), entry, Self.withheld(.first)]),
            layout: .bundle)
        try #require(all.count == 4)
        #expect(all[2] == .invalid(fault))
        #expect(
            all[3]
                == .withheld(
                    room: "!r:example.org", id: TestSession.first.id, code: "m.history_not_shared"))
    }

    @Test func withheldIDIsRespelled() throws {
        let entry = Self.withheld(.second)
            .with("session_id", quoted(TestSession.second.id.withStrayBit + "="))
        #expect(
            try outcomes(of: Self.bundle([], [entry]), layout: .bundle) == [
                .withheld(
                    room: "!r:example.org", id: TestSession.second.id, code: "m.history_not_shared")
            ])
    }

    // MARK: Broken structure

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        var layout = KeyFileLayout.array
        /// How many entries come out first.
        let before: Int
        let error: StrictJSONError
    }

    private static let one = EntryJSON().text
    private static let length = EntryJSON().text.utf8.count

    static let broken: [Broken] = [
        Broken(
            testDescription: "nothing", text: "", before: 0, error: .cutShort(byteOffset: 0)),
        Broken(
            testDescription: "byte order mark inside (mat-01)", text: "\u{feff}[\(one)]", before: 0,
            error: .malformed(byteOffset: 0)),
        Broken(
            testDescription: "an object", text: one, before: 0, error: .malformed(byteOffset: 0)),
        Broken(
            testDescription: "no end", text: "[\(one)", before: 1,
            error: .cutShort(byteOffset: length + 1)),
        Broken(
            testDescription: "cut in the second entry", text: "[\(one),\(one.dropLast(20))",
            before: 1, error: .cutShort(byteOffset: 2 * length - 18)),
        Broken(
            testDescription: "cut in a string", text: "[\(one),\"abc", before: 1,
            error: .cutShort(byteOffset: length + 6)),
        Broken(
            testDescription: "no comma", text: "[\(one) \(one)]", before: 1,
            error: .malformed(byteOffset: length + 2)),
        Broken(
            testDescription: "two commas", text: "[\(one),,\(one)]", before: 1,
            error: .malformed(byteOffset: length + 2)),
        Broken(
            testDescription: "comma before the end", text: "[\(one),]", before: 1,
            error: .malformed(byteOffset: length + 2)),
        Broken(
            testDescription: "something behind the end", text: "[\(one)] x", before: 1,
            error: .trailing(byteOffset: length + 3)),
        Broken(
            testDescription: "two arrays", text: "[\(one)][]", before: 1,
            error: .trailing(byteOffset: length + 2)),
        Broken(
            testDescription: "65 arrays left open",
            text: "[\(one)," + String(repeating: "[", count: 65), before: 1,
            error: .cutShort(byteOffset: length + 67)),
        Broken(
            testDescription: "a bundle cut between its lists",
            text: "{\"room_keys\":[\(one)],", layout: .bundle, before: 1,
            error: .cutShort(byteOffset: length + 16)),
        Broken(
            testDescription: "a bundle without a colon", text: #"{"room_keys" []}"#,
            layout: .bundle, before: 0, error: .malformed(byteOffset: 13)),
        Broken(
            testDescription: "commas between lines", text: "\(one),\n\(one)\n", layout: .lines,
            before: 1, error: .malformed(byteOffset: length)),
        Broken(
            testDescription: "the last line cut", text: "\(one)\n\(one.dropLast())",
            layout: .lines, before: 1, error: .cutShort(byteOffset: 2 * length)),
    ]

    @Test("breaks off", arguments: broken)
    func breaksOff(_ vector: Broken) {
        var entries = RoomKeyEntries(
            MemorySource(Array(vector.text.utf8)), layout: vector.layout)
        var count = 0
        #expect(throws: KeyFormatError.json(vector.error)) {
            while let entry = try entries.next() {
                #expect(Outcome(entry).facts != nil)
                count += 1
            }
        }
        #expect(count == vector.before)
    }

    @Test func theSystemStopsReading() throws {
        let text = Array("[\(Self.one),\(Self.one)]".utf8)
        var entries = RoomKeyEntries(
            BreakingSource(text, after: text.count - 10), layout: .array)
        let first = try entries.next().map { Outcome($0) }
        #expect(first == .key(KeyFacts(TestSession.first), []))
        #expect(throws: KeyFormatError.stream(.unreadable(code: 5))) { _ = try entries.next() }
    }
}
