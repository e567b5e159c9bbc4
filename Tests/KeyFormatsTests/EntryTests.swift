import Bytes
import KeyFormats
import MatrixTypes
import TestSupport
import Testing

/// One entry: what is refused, what is taken with a note, what is taken as it is.
@Suite struct EntryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let entry: EntryJSON
        let outcome: Outcome
    }

    static let session = TestSession.first
    static let facts = KeyFacts(session)

    private static func invalid(_ name: String, _ entry: EntryJSON, _ fault: EntryFault) -> Case {
        Case(testDescription: name, entry: entry, outcome: .invalid(fault))
    }

    private static func taken(
        _ name: String, _ entry: EntryJSON, _ notes: EntryNotes = [],
        _ change: (inout KeyFacts) -> Void = { _ in }
    ) -> Case {
        var facts = facts
        change(&facts)
        return Case(testDescription: name, entry: entry, outcome: .key(facts, notes))
    }

    private static func key(_ bytes: [UInt8]) -> String {
        quoted(UnpaddedBase64.encode(bytes))
    }

    private static let good = EntryJSON()

    // MARK: Refused

    static let refused: [Case] = {
        var cases = [
            invalid("no algorithm", good.without("algorithm"), .missing(.algorithm)),
            invalid("no room_id", good.without("room_id"), .missing(.roomID)),
            invalid("no session_key", good.without("session_key"), .missing(.sessionKey)),
            invalid("empty object", EntryJSON.empty, .missing(.algorithm)),
        ]
        let fields: [(String, EntryFault.Field)] = [
            ("algorithm", .algorithm), ("room_id", .roomID), ("session_id", .sessionID),
            ("session_key", .sessionKey),
        ]
        for (name, field) in fields {
            for value in ["7", "1e2", "null", "true", "[]", "{}"] {
                cases.append(
                    invalid("\(name) is \(value)", good.with(name, value), .notText(field)))
            }
        }
        for value in [
            "m.megolm.v2.aes-sha2", "m.olm.v1.curve25519-aes-sha2", "", "M.MEGOLM.V1.AES-SHA2",
        ] {
            cases.append(
                invalid(
                    "algorithm “\(value)”", good.with("algorithm", quoted(value)), .otherAlgorithm))
        }
        return cases + refusedKeys + refusedIDs + refusedObjects
    }()

    private static let refusedKeys: [Case] = {
        let whole = session.exportedBytes
        let signed = session.signedBytes
        var flippedSignature = signed
        flippedSignature[200] ^= 1
        var flippedRatchet = signed
        flippedRatchet[50] ^= 1
        let other = TestSession.second
        let foreignSignature = Array(signed[..<165] + other.signedBytes[165...])
        let characters = session.exported
        let cases: [(String, String, SessionKeyFault)] = [
            ("empty", quoted(""), .byteCount(0)),
            ("164 bytes", key(whole.dropLast()), .byteCount(164)),
            ("166 bytes", key(whole + [0]), .byteCount(166)),
            ("three bytes behind the key", key(whole + [0, 1, 2]), .byteCount(168)),
            ("228 bytes", key(signed.dropLast()), .byteCount(228)),
            ("230 bytes", key(signed + [0]), .byteCount(230)),
            ("version 0", key([0] + whole.dropFirst()), .version(0)),
            ("version 2, not signed", key([2] + whole.dropFirst()), .version(2)),
            ("version 3", key([3] + whole.dropFirst()), .version(3)),
            ("229 bytes of version 1", key([1] + signed.dropFirst()), .version(1)),
            ("a flipped signature", key(flippedSignature), .signature),
            ("a flipped ratchet under a signature", key(flippedRatchet), .signature),
            ("another session's signature", key(foreignSignature), .signature),
            ("one character too many", quoted(characters + "A"), .notBase64),
            ("one character too few", quoted(String(characters.dropLast())), .notBase64),
            ("a foreign character", quoted("!" + characters.dropFirst()), .notBase64),
            ("padding", quoted(characters + "===="), .notBase64),
            (
                "white space", quoted(characters.prefix(100) + " " + characters.dropFirst(101)),
                .notBase64
            ),
            (
                "an escaped newline",
                quoted(characters.prefix(100) + "\\n" + characters.dropFirst(101)), .notBase64
            ),
            ("url-safe characters", quoted("AQAAAAB-_" + characters.dropFirst(9)), .notBase64),
        ]
        let points: [(String, [UInt8])] = [
            ("the identity", [1] + [UInt8](repeating: 0, count: 31)),
            ("zero, of order 4", [UInt8](repeating: 0, count: 32)),
            ("all ones", [UInt8](repeating: 0xff, count: 32)),
            ("no point at all", [2] + [UInt8](repeating: 0, count: 31)),
            (
                "of order 8",
                hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
            ),
            ("of mixed order", addingPointOfOrderTwo(session.publicKey.array)),
        ]
        let limits: [(String, UInt32)] = [
            ("index 2^24 + 1", 1 << 24 + 1), ("index 2^31", 1 << 31), ("index 2^32 − 1", .max),
        ]
        return cases.map {
            invalid("key: \($0)", good.with("session_key", $1), .badSessionKey(kind: $2))
        }
            + points.map {
                invalid(
                    "signing key \($0)",
                    good.with("session_key", key(whole[..<133] + $1)).with("session_id", key($1)),
                    .badSessionKey(kind: .signingKey))
            }
            + limits.map {
                invalid(
                    $0, EntryJSON(TestSession(1, index: $1)), .badSessionKey(kind: .index($1)))
            }
    }()

    private static let refusedIDs: [Case] = {
        let id = session.id
        let standard = TestSession.withSlashInID.id
        let urlSafe = standard.replacingOccurrences("/", "_").replacingOccurrences("+", "-")
        return [
            ("of another session", TestSession.second.id), ("empty", ""),
            ("a character short", String(id.dropLast())), ("a character long", id + "A"),
            ("44 characters without padding", id.dropLast() + "AA"),
            ("a foreign character", "!" + id.dropFirst()), ("white space", id + " "),
            ("padding first", "=" + id),
        ].map {
            invalid("id \($0)", good.with("session_id", quoted(String($1))), .sessionIDMismatch)
        } + [
            invalid(
                "id url-safe",
                EntryJSON(.withSlashInID).with("session_id", quoted(urlSafe)), .sessionIDMismatch)
        ]
    }()

    private static let refusedObjects: [Case] = {
        let nine = String(repeating: "[", count: 8) + String(repeating: "]", count: 8)
        return [
            invalid(
                "session_key twice (mat-01)",
                good.adding("session_key", quoted(session.exported)), .notAnObject),
            invalid(
                "a name twice deep inside",
                good.with("sender_claimed_keys", #"{"ed25519":"a","ed25519":"b"}"#), .notAnObject),
            invalid("nested 9 deep (mat-01)", good.adding("note", nine), .notAnObject),
            invalid("a number with a leading zero", good.adding("note", "01"), .notAnObject),
            invalid("half a surrogate pair", good.adding("note", #""\ud800""#), .notAnObject),
            invalid("an unknown escape", good.adding("note", #""\x41""#), .notAnObject),
            invalid("a control character", good.adding("note", "\"a\u{1}b\""), .notAnObject),
            invalid("an unquoted word", good.adding("note", "nul"), .notAnObject),
            invalid("an escaped name", good.adding(#"\u0061"#, "1"), .notAnObject),
            invalid(
                "65 members",
                (0..<58).reduce(good) { $0.adding("n\($1)", "0") }, .notAnObject),
            invalid(
                "a byte beyond 128 KiB", good.padded(toByteCount: 131_073),
                .tooLong(byteCount: 131_073)),
            invalid(
                "129 KiB", good.padded(toByteCount: 129 << 10), .tooLong(byteCount: 129 << 10)),
            invalid("2 MiB", good.padded(toByteCount: 2 << 20), .tooLong(byteCount: 2 << 20)),
        ]
    }()

    // MARK: Taken

    static let accepted: [Case] = [
        taken("as written", good),
        taken("128 KiB", good.padded(toByteCount: 131_072)),
        taken("nested 8 deep", good.adding("note", "[[[[[[[]]]]]]]")),
        taken(
            "unknown members", good.adding("untrusted", "true").adding("shared_by", quoted("@x:y"))),
        taken("64 members", (0..<57).reduce(good) { $0.adding("n\($1)", "0") }),
        taken("no chain", good.without("forwarding_curve25519_key_chain"), .noForwardingChain),
        taken(
            "a chain of nonsense", good.with("forwarding_curve25519_key_chain", #"{"a":1}"#),
            .noForwardingChain),
        taken(
            "escaped slashes",
            EntryJSON(.withSlashInID)
                .with("session_id", quoted(TestSession.withSlashInID.id.escapingSlashes))
                .with("session_key", quoted(TestSession.withSlashInID.exported.escapingSlashes))
                .with("sender_key", quoted(TestSession.senderKey.escapingSlashes))
        ) { $0 = KeyFacts(.withSlashInID) },
        taken(
            "every character escaped",
            EntryJSON()
                .with("session_key", quoted(session.exported.escapingAll))
                .with("session_id", quoted(session.id.escapingAll))
                .with("room_id", quoted("!r:example.org".escapingAll))
                .with("algorithm", quoted("m.megolm.v1.aes-sha2".escapingAll))
                .with("sender_key", quoted(TestSession.senderKey.escapingAll))
                .with(
                    "sender_claimed_keys",
                    "{\"ed25519\":\(quoted(TestSession.ed25519.escapingAll))}")),
        // Identity.
        taken("id padded", good.with("session_id", quoted(session.id + "=")), .idRespelled),
        taken(
            "id not canonical", good.with("session_id", quoted(session.id.withStrayBit)),
            .idRespelled),
        taken(
            "id padded and not canonical",
            good.with("session_id", quoted(session.id.withStrayBit + "=")), .idRespelled),
        taken("no id", good.without("session_id"), .idRespelled),
        taken(
            "signed form, good signature", good.with("session_key", quoted(session.signed)),
            .signedKeyConverted),
        taken("index 1", EntryJSON(TestSession(1, index: 1))) {
            $0 = KeyFacts(TestSession(1, index: 1))
        },
        taken("index 2^24", EntryJSON(TestSession(1, index: 1 << 24))) {
            $0 = KeyFacts(TestSession(1, index: 1 << 24))
        },
        // Claims.
        taken("no sender_key", good.without("sender_key"), [.originUnknown, .noSenderKey]) {
            $0.senderKey = nil
        },
        taken("sender_key null", good.with("sender_key", "null"), [.originUnknown, .noSenderKey]) {
            $0.senderKey = nil
        },
        taken("sender_key a number", good.with("sender_key", "7"), [.originUnknown, .noSenderKey]) {
            $0.senderKey = nil
        },
        taken(
            "sender_key empty", good.with("sender_key", quoted("")), [.originUnknown, .noSenderKey]
        ) {
            $0.senderKey = nil
        },
        taken(
            "sender_key padded", good.with("sender_key", quoted(TestSession.senderKey + "=")),
            [.originUnknown, .noSenderKey]
        ) { $0.senderKey = nil },
        taken(
            "sender_key zero, as writers put for unknown",
            good.with("sender_key", key([UInt8](repeating: 0, count: 32))), .originUnknown
        ) { $0.senderKey = nil },
        taken(
            "sender_key of low order",
            good.with("sender_key", key([1] + [UInt8](repeating: 0, count: 31))), .originUnknown
        ) { $0.senderKey = nil },
        taken(
            "sender_key not canonical",
            good.with("sender_key", key([UInt8](repeating: 0xff, count: 32))), .originUnknown
        ) { $0.senderKey = nil },
        taken(
            "no claimed keys", good.without("sender_claimed_keys"),
            [.originUnknown, .noClaimedKeys]
        ) {
            $0.ed25519 = nil
        },
        taken(
            "claimed keys null", good.with("sender_claimed_keys", "null"),
            [.originUnknown, .noClaimedKeys]
        ) {
            $0.ed25519 = nil
        },
        taken(
            "claimed keys empty", good.with("sender_claimed_keys", "{}"),
            [.originUnknown, .noClaimedKeys]
        ) {
            $0.ed25519 = nil
        },
        taken(
            "claimed keys an array", good.with("sender_claimed_keys", "[]"),
            [.originUnknown, .noClaimedKeys]
        ) {
            $0.ed25519 = nil
        },
        taken(
            "claimed key a number", good.with("sender_claimed_keys", #"{"ed25519":7}"#),
            [.originUnknown, .noClaimedKeys]
        ) { $0.ed25519 = nil },
        taken(
            "claimed key of small order",
            good.with(
                "sender_claimed_keys",
                "{\"ed25519\":\(key([1] + [UInt8](repeating: 0, count: 31)))}"), .originUnknown
        ) { $0.ed25519 = nil },
        taken(
            "claimed key of mixed order",
            good.with(
                "sender_claimed_keys",
                "{\"ed25519\":\(key(addingPointOfOrderTwo(TestSession.deviceEd25519.array)))}"),
            .originUnknown
        ) { $0.ed25519 = nil },
        taken(
            "no claims at all", good.without("sender_key").without("sender_claimed_keys"),
            [.originUnknown, .noSenderKey, .noClaimedKeys]
        ) {
            $0.senderKey = nil
            $0.ed25519 = nil
        },
        taken(
            "all notes at once",
            good.with("session_id", quoted(session.id + "=")).without("sender_key")
                .with("session_key", quoted(session.signed)).adding("shared_history", "true")
                .adding("m.shared_history", "0"),
            [
                .idRespelled, .originUnknown, .noSenderKey, .signedKeyConverted, .flagNotBoolean,
                .flagsDisagree,
            ]
        ) {
            $0.senderKey = nil
            $0.sharedHistory = .notShareable
        },
    ]

    @Test("refused", arguments: refused)
    func isRefused(_ vector: Case) throws {
        #expect(try outcome(of: vector.entry) == vector.outcome)
    }

    @Test("taken", arguments: accepted)
    func isTaken(_ vector: Case) throws {
        #expect(try outcome(of: vector.entry) == vector.outcome)
    }

    @Test func notUTF8() throws {
        var text = Array("[\(Self.good.adding("note", quoted("?")).text)]".utf8)
        let place = try #require(text.lastIndex(of: UInt8(ascii: "?")))
        text[place] = 0xff
        #expect(try outcomes(of: text) == [.invalid(.notAnObject)])
    }

    @Test("not an object", arguments: ["7", "\"text\"", "null", "true", "[]", "[{}]", "1e2"])
    func notAnObject(_ value: String) throws {
        #expect(try outcomes(of: "[\(value)]") == [.invalid(.notAnObject)])
    }

    @Test("65 MiB in one entry (mat-01)")
    func hugeEntry() throws {
        let (start, end) = (#"[{"session_key":""#, #""},7]"#)
        let fill = 65 << 20
        let source = LongSource(start, fill: fill, end)
        let byteCount = fill + start.utf8.count - 1 + 2
        #expect(
            try outcomes(of: source)
                == [.invalid(.tooLong(byteCount: byteCount)), .invalid(.notAnObject)])
    }

    // MARK: Vectors

    @Test("S-MEG, both forms", arguments: [SMegVector.exported, SMegVector.signed])
    func sMeg(_ key: String) throws {
        let entry = EntryJSON().with("session_key", quoted(key))
            .with("session_id", quoted(SMegVector.id))
        let outcome = try KeyFormatsTests.outcome(of: entry)
        #expect(outcome.facts?.id == SMegVector.id)
        #expect(outcome.facts?.sessionKey == SMegVector.exported)
        #expect(outcome.notes == (key == SMegVector.signed ? .signedKeyConverted : []))
    }

    // MARK: Limits and rooms

    @Test(
        "a lower limit on the index",
        arguments: [
            (UInt32(9), Outcome.key(KeyFacts(TestSession(1, index: 9)), [])),
            (10, .invalid(.badSessionKey(kind: .index(10)))),
        ])
    func indexLimit(_ index: UInt32, _ expected: Outcome) throws {
        let wish = RoomKeyEntries.Wish(indexLimit: MessageIndex(9))
        let outcome = try KeyFormatsTests.outcome(
            of: EntryJSON(TestSession(1, index: index)), wish: wish)
        #expect(outcome == expected)
        let signed = try KeyFormatsTests.outcome(
            of: EntryJSON().with("session_key", quoted(TestSession(1, index: index).signed)),
            wish: wish)
        #expect(signed.facts == expected.facts)
        #expect(signed.notes == expected.notes.map { _ in .signedKeyConverted })
    }

    static let roomIDs = [
        "!r:example.org", "!r:example.org:8448", "!a/b:example.org", "!a+b:example.org",
        "!a b c:example.org", "!UVk8mCMWS5jSvmcFOwLQVA1Jl4vRySgPsrvAHu8-W_E", "!", "!!:x",
        "!r:[2001:db8::1]", "!ö:example.org", "!%2F:example.org", "!a'b:example.org",
        "!" + String(repeating: "r", count: 254),
    ].filter { $0 != "!" }

    @Test("room ids that are", arguments: roomIDs)
    func roomID(_ roomID: String) throws {
        var facts = Self.facts
        facts.room = roomID
        #expect(try outcome(of: EntryJSON(roomID: roomID)) == .key(facts, []))
        let wish = RoomKeyEntries.Wish(roomID: try RoomID(roomID))
        #expect(try outcome(of: EntryJSON(roomID: roomID), wish: wish) == .key(facts, []))
        let escaped = EntryJSON(roomID: roomID.escapingSlashes)
        #expect(try outcome(of: escaped, wish: wish) == .key(facts, []))
        #expect(
            try outcome(of: EntryJSON(roomID: roomID + "x"), wish: wish)
                == .otherRoom(Self.session.publicKey))
    }

    @Test(
        "room ids that are not",
        arguments: [
            "", "!", "r:example.org", "@r:example.org", "#r:example.org", " !r:example.org",
            #"!r\u0000:example.org"#, #"!r\n:example.org"#, #"!r\u202e:example.org"#,
            "!" + String(repeating: "r", count: 255), "!" + String(repeating: "ö", count: 128),
        ])
    func badRoomID(_ roomID: String) throws {
        #expect(try outcome(of: EntryJSON(roomID: roomID)) == .invalid(.badRoomID))
    }

    /// A room not asked for is counted, and its key's id read, but nothing of it is checked.
    @Test func otherRoomsAreCounted() throws {
        let other = EntryJSON(roomID: "!other:example.org")
        let wish = RoomKeyEntries.Wish(roomID: try RoomID("!r:example.org"))
        let expected: [(EntryJSON, Outcome)] = [
            (other, .otherRoom(Self.session.publicKey)),
            (
                other.with("session_key", quoted(Self.session.signed)),
                .otherRoom(Self.session.publicKey)
            ),
            (
                other.with("session_key", quoted(Self.session.exported.escapingSlashes)),
                .otherRoom(Self.session.publicKey)
            ),
            (other.with("session_id", "7"), .otherRoom(Self.session.publicKey)),
            (other.with("session_key", quoted("AQAA")), .otherRoom(nil)),
            (
                other.with("session_key", quoted(String(repeating: "!", count: 220))),
                .otherRoom(nil)
            ),
            (other.without("session_key"), .invalid(.missing(.sessionKey))),
            (other.with("algorithm", quoted("m.other")), .invalid(.otherAlgorithm)),
            (EntryJSON(roomID: "no room"), .otherRoom(Self.session.publicKey)),
            (EntryJSON(roomID: "!R:example.org"), .otherRoom(Self.session.publicKey)),
            (Self.good, .key(Self.facts, [])),
        ]
        let text = "[" + expected.map(\.0.text).joined(separator: ",") + "]"
        #expect(try outcomes(of: text, wish: wish) == expected.map(\.1))
    }
}

extension EntryJSON {
    /// An object without members.
    static let empty = [
        "algorithm", "room_id", "sender_key", "session_id", "session_key", "sender_claimed_keys",
        "forwarding_curve25519_key_chain",
    ].reduce(EntryJSON()) { $0.without($1) }
}

extension TestSession {
    /// One whose id and key have slashes, so that escaping them means something.
    static let withSlashInID: TestSession = {
        for number in UInt64(100)... {
            let session = TestSession(number)
            if session.id.contains("/"), session.exported.contains("/") { return session }
        }
        return first
    }()
}

extension String {
    /// As PHP and Foundation write it.
    var escapingSlashes: String { replacingOccurrences("/", #"\/"#) }

    var escapingAll: String {
        utf8.map { #"\u00"# + hexadecimal([$0]) }.joined()
    }

    /// The last character changed in a bit that spells nothing.
    var withStrayBit: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        guard let last, let value = alphabet.firstIndex(of: last) else { return self }
        return dropLast() + String(alphabet[value ^ 1])
    }

    func replacingOccurrences(_ old: Character, _ new: String) -> String {
        map { $0 == old ? new : String($0) }.joined()
    }
}

/// The sum of a point and (0, −1), whose order is two: both coordinates change their sign.
func addingPointOfOrderTwo(_ point: [UInt8]) -> [UInt8] {
    var prime = [UInt8](repeating: 0xff, count: 32)
    prime[0] = 0xed
    prime[31] = 0x7f
    var coordinate = point
    coordinate[31] &= 0x7f
    var sum: [UInt8] = []
    var borrow = 0
    for (minuend, subtrahend) in zip(prime, coordinate) {
        let difference = Int(minuend) - Int(subtrahend) - borrow
        borrow = difference < 0 ? 1 : 0
        sum.append(UInt8(truncatingIfNeeded: difference))
    }
    sum[31] |= ~point[31] & 0x80
    return sum
}
