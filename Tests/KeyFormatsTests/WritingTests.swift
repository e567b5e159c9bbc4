import Bytes
import Foundation
import KeyFormats
import MatrixTypes
import Megolm
import Secrets
import TestSupport
import Testing

/// What we write: byte for byte, and read back by our own readers.
@Suite struct WritingTests {
    // MARK: The file around the keys

    private static func written(
        _ text: [UInt8], pieceByteCount: Int = .max, rounds: UInt32 = 2, number: UInt64 = 1
    ) throws -> [UInt8] {
        let sink = WatchedSink()
        var random = FixedRandomSource(number: number)
        let writer = try KeyExportWriter(
            to: sink, passphrase: secret("pass"), rounds: rounds, random: &random)
        var position = 0
        while position < text.count {
            let end = position + min(pieceByteCount, text.count - position)
            try writer.write(text.span.extracting(position..<end))
            position = end
        }
        try writer.finish()
        return sink.bytes
    }

    /// The payload of a file that we wrote, by another base64 decoder.
    private static func payload(of file: [UInt8]) throws -> [UInt8] {
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n")
        let data = try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined()))
        return [UInt8](data)
    }

    /// 27 bytes of text end a line of 96; 32 KiB is a piece.
    static let lengths = [
        0, 1, 2, 3, 26, 27, 28, 29, 30, 122, 123, 124, 1000, 32_767, 32_768, 32_769, 100_000,
    ]

    @Test("the file, byte for byte", arguments: lengths)
    func byteForByte(_ count: Int) throws {
        let text = FixedRandomSource.bytes(count, number: 3)
        let file = try Self.written(text)
        let payload = try Self.payload(of: file)
        let expected = try KeyExportFile(
            text, passphrase: Array("pass".utf8), rounds: 2, salt: Array(payload[1..<17]),
            initialVector: Array(payload[17..<33]))
        #expect(file == expected.text())
        #expect(file.starts(with: Array("-----BEGIN MEGOLM SESSION DATA-----\n".utf8)))
        #expect(file.suffix(35) == Array("\n-----END MEGOLM SESSION DATA-----\n".utf8))
        let lines = String(decoding: file, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 128 })
        #expect(lines.dropFirst().dropLast(3).allSatisfy { $0.count == 128 })
        #expect(lines.last == "")
        #expect(try open(file, passphrase: "pass").plaintext == text)
    }

    @Test("in pieces as in one go", arguments: [1, 2, 15, 16, 17, 1000, 32_768, 40_000])
    func pieces(_ pieceByteCount: Int) throws {
        let text = FixedRandomSource.bytes(pieceByteCount < 100 ? 3000 : 80_001, number: 4)
        let file = try Self.written(text, pieceByteCount: pieceByteCount)
        #expect(file == (try Self.written(text)))
    }

    @Test func bit63OfTheVectorIsClear() throws {
        var vectors: Set<[UInt8]> = []
        for number in 0..<64 as Range<UInt64> {
            let payload = try Self.payload(of: try Self.written([], number: number))
            #expect(payload[25] & 0x80 == 0)
            vectors.insert(Array(payload[1..<33]))
        }
        // And nothing else of salt and vector is fixed.
        #expect(vectors.count == 64)
        #expect(Set(vectors.map { $0[15] & 0x80 }).count == 2)
        #expect(Set(vectors.map { $0[23] & 0x01 }).count == 2)
        #expect(Set(vectors.map { $0[24] & 0x40 }).count == 2)
    }

    @Test func halfAMillionRoundsUnlessTold() throws {
        let sink = MemorySink()
        var random = FixedRandomSource(number: 5)
        try KeyExportWriter(to: sink, passphrase: secret("pass"), random: &random).finish()
        let payload = try Self.payload(of: sink.bytes)
        #expect(payload.span.bigEndian(at: 33, as: UInt32.self) == 500_000)
        #expect(payload[0] == 1)
        #expect(try open(sink.bytes, passphrase: "pass").rounds == 500_000)
    }

    @Test("the sink refuses", arguments: 1...6)
    func sinkRefuses(_ write: Int) {
        let sink = WatchedSink(failingAtWrite: write)
        #expect(throws: KeyFormatError.stream(.unwritable(code: 28))) {
            var random = FixedRandomSource(number: 6)
            let writer = try KeyExportWriter(
                to: sink, passphrase: secret("pass"), rounds: 1, random: &random)
            try writer.finish()
        }
        #expect(sink.writeCount == write)
    }

    // MARK: The keys inside

    private static func text(
        _ layout: RoomKeyWriter.Layout, _ keys: [RoomKey]
    ) throws -> [UInt8] {
        let sink = MemorySink()
        var writer = try RoomKeyWriter(layout, to: sink)
        for key in keys { try writer.add(key) }
        try writer.finish()
        return sink.bytes
    }

    static let someKeys: [(TestSession, SharedHistory, OwnerClaims)] = [
        (TestSession(1), .shareable, TestSession.claims),
        (TestSession(2, index: 7), .notShareable, TestSession.claims),
        (TestSession(3, index: 1 << 24), .unstated, TestSession.claims),
        (TestSession(4), .unstated, .unknown),
        (
            TestSession(5), .shareable,
            OwnerClaims(senderKey: TestSession.claims.senderKey, ed25519: nil)
        ),
        (
            TestSession(6), .notShareable,
            OwnerClaims(senderKey: nil, ed25519: TestSession.claims.ed25519)
        ),
    ]

    private static func keys() throws -> [RoomKey] {
        try someKeys.map { try $0.roomKey(sharedHistory: $1, claims: $2) }
    }

    /// One entry of an array as it must look, with its flag.
    private static func entry(_ session: TestSession, flag: String) -> String {
        #"{"algorithm":"m.megolm.v1.aes-sha2","room_id":"!r:example.org","sender_key":""#
            + TestSession.senderKey + #"","session_id":""# + session.id + #"","session_key":""#
            + session.exported + #"","sender_claimed_keys":{"ed25519":""# + TestSession.ed25519
            + #""}"# + flag + "}"
    }

    @Test(
        "an entry, byte for byte",
        arguments: [
            (
                SharedHistory.shareable,
                #","forwarding_curve25519_key_chain":[],"shared_history":true,"m.shared_history":true"#
            ),
            (
                .notShareable,
                #","forwarding_curve25519_key_chain":[],"shared_history":false,"#
                    + #""m.shared_history":false"#
            ),
            (.unstated, #","forwarding_curve25519_key_chain":[]"#),
        ])
    func entryByteForByte(_ flag: SharedHistory, _ rest: String) throws {
        let key = try TestSession.first.roomKey(sharedHistory: flag)
        let entry = Self.entry(.first, flag: rest)
        #expect(try Self.text(.array, [key]) == Array("[\(entry)]".utf8))
        #expect(try Self.text(.array, [key, key]) == Array("[\(entry),\(entry)]".utf8))
        #expect(try Self.text(.lines, [key]) == Array("\(entry)\n".utf8))
        #expect(try Self.text(.lines, [key, key]) == Array("\(entry)\n\(entry)\n".utf8))
        // A bundle has neither chain nor flag.
        let bare = Self.entry(.first, flag: "")
        #expect(
            try Self.text(.bundle, [key])
                == Array("{\"room_keys\":[\(bare)],\"withheld\":[]}".utf8))
    }

    @Test func nothingAtAll() throws {
        #expect(try Self.text(.array, []) == Array("[]".utf8))
        #expect(try Self.text(.lines, []).isEmpty)
        #expect(try Self.text(.bundle, []) == Array(#"{"room_keys":[],"withheld":[]}"#.utf8))
    }

    @Test(
        "read back",
        arguments: [
            (RoomKeyWriter.Layout.array, KeyFileLayout.array), (.bundle, .bundle), (.lines, .lines),
        ])
    func readBack(_ layout: RoomKeyWriter.Layout, _ read: KeyFileLayout) throws {
        let keys = try Self.keys()
        let text = try Self.text(layout, keys)
        #expect(KeyFileLayout(beginningOf: text.span) == read)
        let expected = keys.map { key in
            var facts = KeyFacts(key)
            if read == .bundle { facts.sharedHistory = .shareable }
            return Outcome.key(facts, key.claims.isComplete ? [] : .originUnknown)
        }
        #expect(try outcomes(of: text, layout: read) == expected)
    }

    /// Other readers parse the whole, and refuse what is not there.
    @Test func everyMemberIsThere() throws {
        let text = try Self.text(.array, try Self.keys())
        let objects = try #require(
            try JSONSerialization.jsonObject(with: Data(text)) as? [[String: Any]])
        let zero = UnpaddedBase64.encode(Bytes32.zero.array)
        try #require(objects.count == Self.someKeys.count)
        for (object, (session, flag, claims)) in zip(objects, Self.someKeys) {
            #expect(object["algorithm"] as? String == "m.megolm.v1.aes-sha2")
            #expect(object["room_id"] as? String == "!r:example.org")
            #expect(object["session_id"] as? String == session.id)
            #expect(object["session_key"] as? String == session.exported)
            #expect(object["sender_key"] as? String == claims.senderKey?.text ?? zero)
            #expect(
                object["sender_claimed_keys"] as? [String: String]
                    == ["ed25519": claims.ed25519?.text ?? zero])
            #expect((object["forwarding_curve25519_key_chain"] as? [String])?.isEmpty == true)
            let expected: Bool? =
                switch flag {
                case .shareable: true
                case .notShareable: false
                case .unstated: nil
                }
            #expect(object["shared_history"] as? Bool == expected)
            #expect(object["m.shared_history"] as? Bool == expected)
            #expect(object["org.matrix.msc3061.shared_history"] == nil)
        }
    }

    @Test(
        "room ids",
        arguments: EntryTests.roomIDs + [
            #"!a"b\c:example.org"#, #"!\"#, "!" + String(repeating: "\"", count: 254),
            "!" + String(repeating: "\\", count: 254),
        ])
    func roomIDs(_ roomID: String) throws {
        let key = try TestSession.first.roomKey(in: roomID)
        let text = try Self.text(.array, [key])
        #expect(try outcomes(of: text) == [.key(KeyFacts(key), [])])
        let objects = try JSONSerialization.jsonObject(with: Data(text)) as? [[String: Any]]
        #expect(objects?.first?["room_id"] as? String == roomID)
    }

    // MARK: Withheld

    private static func bundle(
        _ body: (inout RoomKeyWriter) throws -> Void
    ) throws -> [UInt8] {
        let sink = MemorySink()
        var writer = try RoomKeyWriter(.bundle, to: sink)
        try body(&writer)
        try writer.finish()
        return sink.bytes
    }

    private static func withhold(
        _ session: TestSession, code: String = "m.history_not_shared",
        senderKey: Curve25519PublicKey? = TestSession.claims.senderKey,
        in writer: inout RoomKeyWriter
    ) throws {
        try writer.addWithheld(
            roomID: try RoomID("!r:example.org"),
            sessionID: SessionID(bytes: session.publicKey), senderKey: senderKey, code: code)
    }

    @Test func withheldByteForByte() throws {
        let text = try Self.bundle { writer in
            try Self.withhold(.first, in: &writer)
            try Self.withhold(.second, senderKey: nil, in: &writer)
        }
        let start =
            #"{"algorithm":"m.megolm.v1.aes-sha2","code":"m.history_not_shared","#
            + #""room_id":"!r:example.org","sender_key":""#
        let zero = String(repeating: "A", count: 43)
        let first = start + "\(TestSession.senderKey)\",\"session_id\":\"\(TestSession.first.id)\"}"
        let second = start + "\(zero)\",\"session_id\":\"\(TestSession.second.id)\"}"
        #expect(
            text == Array("{\"room_keys\":[],\"withheld\":[\(first),\(second)]}".utf8))
    }

    @Test(
        "withheld codes, read back",
        arguments: [
            "m.history_not_shared", "m.unauthorised", "", "ö \u{1}\n\"\\/", "org.example." + "x",
            String(repeating: "long", count: 2000), String(repeating: "\u{1f}", count: 5000),
        ])
    func withheldCodes(_ code: String) throws {
        let text = try Self.bundle { try Self.withhold(.first, code: code, in: &$0) }
        let expected = Outcome.withheld(
            room: "!r:example.org", id: TestSession.first.id, code: code)
        #expect(try outcomes(of: text, layout: .bundle) == [expected])
    }

    /// Withheld entries stand behind the keys whenever they were told.
    @Test func bothLists() throws {
        let text = try Self.bundle { writer in
            try Self.withhold(.second, in: &writer)
            try writer.add(try TestSession(3).roomKey())
            try Self.withhold(.first, in: &writer)
            try writer.add(try TestSession(4).roomKey())
        }
        let all = try outcomes(of: text, layout: .bundle)
        #expect(all.map(\.facts?.id) == [TestSession(3).id, TestSession(4).id, nil, nil])
    }

    @Test("a session in both lists is refused", arguments: [true, false])
    func inBothLists(_ keyFirst: Bool) throws {
        #expect(throws: KeyFormatError.bothSharedAndWithheld) {
            try Self.bundle { writer in
                if keyFirst { try writer.add(try TestSession.first.roomKey()) }
                try Self.withhold(.first, in: &writer)
                if !keyFirst { try writer.add(try TestSession.first.roomKey()) }
            }
        }
    }

    @Test(
        "the sink refuses keys",
        arguments: [
            (RoomKeyWriter.Layout.array, 4), (.bundle, 4), (.lines, 4),
        ])
    func sinkRefusesKeys(_ layout: RoomKeyWriter.Layout, _ last: Int) throws {
        for write in 1...last {
            let sink = WatchedSink(failingAtWrite: write)
            #expect(throws: KeyFormatError.stream(.unwritable(code: 28)), "write \(write)") {
                var writer = try RoomKeyWriter(layout, to: sink)
                try writer.add(try TestSession.first.roomKey())
                try writer.add(try TestSession.second.roomKey())
                try writer.finish()
            }
        }
    }

    // MARK: A large file

    @Test func twentyThousandSessionsStream() throws {
        let sessions = try (1...4).map { try TestSession($0).roomKey().sessionKey }
        let count = 20_000
        let sink = WatchedSink()
        var random = FixedRandomSource(number: 12)
        let export = try KeyExportWriter(
            to: sink, passphrase: secret("pass"), rounds: 1, random: &random)
        var writer = try RoomKeyWriter(.array, to: export)
        var halfway = 0
        for number in 0..<count {
            let roomID = try RoomID("!room\(number):example.org")
            try writer.add(
                RoomKey(
                    roomID: roomID, sessionKey: sessions[number % 4], claims: TestSession.claims,
                    sharedHistory: .shareable))
            if number == count / 2 { halfway = sink.bytes.count }
        }
        try writer.finish()
        try export.finish()
        // Nothing is kept back but a piece.
        #expect(abs(halfway - sink.bytes.count / 2) < 1 << 17)
        #expect(sink.longestWrite < 1 << 16)

        let source = SlowSource(sink.bytes, pieceByteCount: 1 << 14)
        let opened = try KeyExport.open(source, passphrase: secret("pass"))
        var entries = RoomKeyEntries(opened.plaintext, layout: .array)
        var number = 0
        while let entry = try entries.next() {
            guard case .roomKey(let key, let notes) = entry else {
                Issue.record("entry \(number) is no key")
                break
            }
            let isRight =
                key.roomID.text == "!room\(number):example.org" && notes == []
                && key.sessionKey.isIdentical(to: sessions[number % 4])
                && key.claims == TestSession.claims && key.sharedHistory == .shareable
            if !isRight { Issue.record("entry \(number) came back otherwise") }
            // The last pass is read as it goes.
            if number == 0 { #expect(source.position < 1 << 21) }
            number += 1
        }
        #expect(number == count)
    }
}
