import Foundation
import KeyFormats
import MatrixTypes
import Testing

/// Forged and spoiled entries, each a file of its own, and what this room says of them.
///
/// Whether a key is the true one, which of two wins, who really made it: those are questions for
/// later rooms. Here an entry is sound or it is not.
@Suite struct PoisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let entries: [Expected]
        var testDescription: String { name }

        init(_ name: String, _ entries: Expected...) {
            self.name = name
            self.entries = entries
        }
    }

    enum Expected: Equatable, Sendable {
        case taken(
            EntryNotes = [], room: String = garden, index: UInt32 = 0,
            flag: SharedHistory = .unstated)
        case refused(EntryFault)
    }

    static let garden = "!yJSbNihwXduhZwPJJb:heirloom.test"
    static let victim = "uGr4MBH8/uF5DXezsmjLffKlV3k8jEgXoCt6NEHOSQE"
    private static let council = "!NhUGSKI"
    private static let bridge = "!5SHpO-z"

    /// In the order of the corpus's index.
    static let cases: [Case] = [
        // Sound in form; only a real event, or another copy, can tell.
        Case("r3-flipped", .taken()),
        Case("r0-flipped", .taken()),
        Case("lower-index-garbage", .taken()),
        Case("wrong-sender-key", .taken()),
        Case("wrong-claimed-ed25519", .taken()),
        Case("no-claimed-ed25519", .taken([.originUnknown, .noClaimedKeys])),
        Case("wrong-room", .taken(room: council)),
        Case("wrong-room-twice", .taken(), .taken(room: council)),
        Case("id-mismatch", .refused(.sessionIDMismatch)),
        Case("id-padded", .taken(.idRespelled)),
        Case("id-noncanonical", .taken(.idRespelled)),
        // The index wants it refused. Its signature verifies, so nothing about it is in doubt.
        Case("v2-signed-key", .taken(.signedKeyConverted, index: 3)),
        Case("v1-version-byte-2", .refused(.badSessionKey(kind: .version(2)))),
        Case("version-byte-3", .refused(.badSessionKey(kind: .version(3)))),
        Case("trailing-bytes", .refused(.badSessionKey(kind: .byteCount(168)))),
        Case("trailing-char", .refused(.badSessionKey(kind: .notBase64))),
        Case("truncated", .refused(.badSessionKey(kind: .byteCount(164)))),
        Case("illegal-base64", .refused(.badSessionKey(kind: .notBase64))),
        Case("urlsafe-base64", .refused(.badSessionKey(kind: .notBase64))),
        // Sound in form, says the index; nobody sends so many messages in a session.
        Case("index-max", .refused(.badSessionKey(kind: .index(.max)))),
        Case("small-order-key", .refused(.badSessionKey(kind: .signingKey))),
        Case("duplicate-bad-first", .taken(), .taken()),
        Case("duplicate-good-first", .taken(), .taken()),
        Case("other-algorithm", .refused(.otherAlgorithm)),
        Case("flag-not-bool", .taken(.flagNotBoolean, flag: .notShareable)),
        Case("two-flags-differ", .taken(.flagsDisagree, flag: .notShareable)),
        Case("r3-flipped-long", .taken(room: bridge)),
        Case("forged-sender", .taken()),
    ]

    private func entries(_ file: [UInt8], passphrase: String = "poison") throws -> [Outcome] {
        try outcomes(of: try open(file, passphrase: passphrase).plaintext)
    }

    /// An entry as far as the table spells it; a room by its beginning.
    private func isAsExpected(_ outcome: Outcome, _ expected: Expected) -> Bool {
        switch (outcome, expected) {
        case (.invalid(let fault), .refused(let expected)): fault == expected
        case (.key(let facts, let notes), .taken(let expectedNotes, let room, let index, let flag)):
            notes == expectedNotes && facts.room.hasPrefix(room) && facts.index == index
                && facts.sharedHistory == flag
        default: false
        }
    }

    @Test("cases", arguments: cases)
    func poison(_ vector: Case) throws {
        let all = try entries(try CorpusFolder.bytes("poison/\(vector.name).txt"))
        try #require(all.count == vector.entries.count)
        for (outcome, expected) in zip(all, vector.entries) {
            #expect(isAsExpected(outcome, expected), "\(outcome)")
        }
    }

    @Test func padlessIDIsTheVictims() throws {
        for name in ["id-padded", "id-noncanonical"] {
            let all = try entries(try CorpusFolder.bytes("poison/\(name).txt"))
            #expect(all.map(\.facts?.id) == [Self.victim])
        }
    }

    @Test func duplicatesKeepTheirOrder() throws {
        let badFirst = try entries(try CorpusFolder.bytes("poison/duplicate-bad-first.txt"))
        let goodFirst = try entries(try CorpusFolder.bytes("poison/duplicate-good-first.txt"))
        #expect(badFirst == goodFirst.reversed())
        #expect(badFirst[0] != badFirst[1])
    }

    /// The claims are told as they stand: `wrong-sender-key` and its like are for later rooms.
    @Test func claimsComeOutAsWritten() throws {
        let facts = try entries(try CorpusFolder.bytes("poison/wrong-claimed-ed25519.txt"))[0].facts
        #expect(facts?.ed25519 == "JOBGELpB3jZFv4RPrsICFlkcD7j4Qm5VyUFXDm4DKgs")
        #expect(facts?.id == Self.victim)
    }

    @Test(
        "the table is the index",
        .enabled(if: CorpusFolder.isPresent, "no shared/corpus beside the package"))
    func table() throws {
        struct Entry: Decodable { let name: String }
        let index = try JSONDecoder().decode(
            [Entry].self, from: Data(try CorpusFolder.sharedBytes("poison/index.json")))
        #expect(index.map(\.name) == Self.cases.map(\.name))
    }

    @Test(
        "all in one file: alice's 94 survive",
        .enabled(if: CorpusFolder.isPresent, "no shared/corpus beside the package"))
    func together() throws {
        let all = try entries(try CorpusFolder.sharedBytes("poison/all.txt"))
        let alice = try outcomes(of: try CorpusFolder.sharedBytes("alice.keys.json"))
        #expect(alice.count == 94)
        #expect(alice.allSatisfy { $0.notes == [] })
        #expect(Array(all.prefix(94)) == alice)
        let expected = Self.cases.flatMap(\.entries)
        try #require(all.count == 94 + expected.count)
        for (outcome, expected) in zip(all.dropFirst(94), expected) {
            #expect(isAsExpected(outcome, expected), "\(outcome)")
        }
    }
}
