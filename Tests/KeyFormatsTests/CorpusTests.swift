import Bytes
import Foundation
import KeyFormats
import MatrixTypes
import Testing

/// What real clients wrote: a few files beside the tests, all of them beside the package.
@Suite struct CorpusTests {
    // MARK: Beside the tests

    @Test func newton() throws {
        let opened = try open(
            try CorpusFolder.bytes("newton.keys.txt"), passphrase: "newton heirloom pass 1")
        #expect(opened.rounds == 10_000)
        let all = try outcomes(of: opened.plaintext)
        #expect(all.count == 23)
        #expect(all.allSatisfy { $0.notes == [] && $0.facts?.sharedHistory == .unstated })
        // nio rotates with every change of membership: newton has every session from its start.
        #expect(all.allSatisfy { $0.facts?.index == 0 })
    }

    @Test func nheko() throws {
        let opened = try open(try CorpusFolder.bytes("nina.nheko.txt"), passphrase: "nheko pass")
        #expect(opened.rounds == 100_000)
        let expected = try CorpusFolder.bytes("nina.nheko.json")
        try expectEqual(opened.plaintext, asIn: expected, count: 27)
    }

    /// The Rust SDK's bundle: `from_device` and a reason beside what the spec has.
    @Test func rustBundle() throws {
        let bytes = try CorpusFolder.bytes("rust-sdk.bundle.json")
        #expect(KeyFileKind(beginningOf: bytes.span) == .plain(.bundle))
        try expectBundle(bytes, keys: 9, withheld: 3)
    }

    @Test func councilBundle() throws {
        try expectBundle(try CorpusFolder.bytes("council.bundle.json"), keys: 10, withheld: 14)
    }

    // MARK: Beside the package

    struct Export: Sendable, CustomTestStringConvertible {
        let name: String
        let passphrase: String
        let rounds: UInt32
        let count: Int
        var spelling = KeyExport.PassphraseSpelling.asTyped
        var testDescription: String { name }
    }

    static let exports: [Export] = [
        Export(name: "alice.keys", passphrase: "alice heirloom pass 1", rounds: 10_000, count: 94),
        Export(name: "bob.keys", passphrase: "bob heirloom pass 1", rounds: 10_000, count: 94),
        Export(
            name: "carol.keys", passphrase: "carol Schlüssel 1", rounds: 10_000, count: 94,
            spelling: .latin1),
        Export(
            name: "newton.keys", passphrase: "newton heirloom pass 1", rounds: 10_000, count: 23),
        Export(
            name: "mallory.keys", passphrase: "mallory heirloom pass 1", rounds: 10_000, count: 66),
        Export(
            name: "alice.flagged.spec", passphrase: "flagged pass 2", rounds: 500_000, count: 94),
        Export(
            name: "alice.flagged.msc3061", passphrase: "flagged pass 2", rounds: 500_000, count: 94),
        Export(
            name: "alice.flagged.mprefix", passphrase: "flagged pass 2", rounds: 500_000, count: 94),
        Export(name: "alice.later.keys", passphrase: "later pass 3", rounds: 10_000, count: 94),
        Export(
            name: "rust-sdk/dan.rust", passphrase: "corpus export passphrase 1", rounds: 500_000,
            count: 36),
        Export(
            name: "rust-sdk/nina.nheko", passphrase: "nheko pass", rounds: 100_000, count: 27),
    ]

    @Test(
        "exports", .enabled(if: CorpusFolder.isPresent, "no shared/corpus beside the package"),
        arguments: exports)
    func export(_ export: Export) throws {
        let file = try CorpusFolder.sharedBytes("\(export.name).txt")
        #expect(KeyFileKind(beginningOf: file.span) == .keyExport)
        let opened = try open(file, passphrase: export.passphrase)
        #expect(opened.rounds == export.rounds)
        #expect(opened.spelling == export.spelling)
        #expect(KeyFileLayout(beginningOf: opened.plaintext.span) == .array)
        if let json = try? CorpusFolder.sharedBytes("\(export.name).json") {
            try expectEqual(opened.plaintext, asIn: json, count: export.count)
        } else {
            // Clients of the same rooms hold the same sessions, whole.
            let alice = try Set(keys(of: try CorpusFolder.sharedBytes("alice.keys.json")))
            let mine = try keys(of: opened.plaintext)
            #expect(mine.count == export.count)
            #expect(alice.isSuperset(of: mine))
        }
    }

    /// The flag's three spellings say the same of each session.
    @Test(
        "flags", .enabled(if: CorpusFolder.isPresent, "no shared/corpus beside the package"),
        arguments: ["spec", "msc3061", "mprefix"])
    func flags(_ spelling: String) throws {
        let all = try outcomes(of: try CorpusFolder.sharedBytes("alice.flagged.\(spelling).json"))
        let flags = all.compactMap(\.facts?.sharedHistory)
        #expect(flags.count { $0 == .shareable } == 58)
        #expect(flags.count { $0 == .notShareable } == 36)
    }

    @Test(
        "bundles", .enabled(if: CorpusFolder.isPresent, "no shared/corpus beside the package"),
        arguments: [
            ("bundle/garden", 27, 0), ("bundle/council", 10, 14), ("bundle/archive", 6, 22),
            ("bundle/bridge", 15, 0), ("rust-sdk/bundle0_plain", 9, 3),
        ])
    func bundle(_ name: String, _ keys: Int, _ withheld: Int) throws {
        try expectBundle(
            try CorpusFolder.sharedBytes("\(name).json"), keys: keys, withheld: withheld)
    }

    @Test(
        "other files", .enabled(if: CorpusFolder.isPresent, "no shared/corpus beside the package"),
        arguments: [
            ("backup/keys.json", KeyFileKind.serverBackup as KeyFileKind?),
            ("rust-sdk/backup-dan.json", .serverBackup), ("backup/version.json", .serverBackup),
            ("bundle/garden.file.json", nil), ("bundle/garden.enc", nil),
            ("backup/recovery-key.txt", nil), ("identities.json", nil),
            ("poison/all.txt", .keyExport),
        ])
    func kinds(_ name: String, _ kind: KeyFileKind?) throws {
        let bytes = try CorpusFolder.sharedBytes(name).prefix(KeyFileKind.sniffByteCount)
        #expect(KeyFileKind(beginningOf: Array(bytes).span) == kind)
    }

    // MARK: Comparing

    /// The JSON as another library reads it.
    private func objects(_ json: [UInt8]) throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(json))
        return try #require(value as? [[String: Any]])
    }

    private func keys(of json: [UInt8]) throws -> [String] {
        try outcomes(of: json).compactMap(\.facts?.sessionKey)
    }

    private func facts(_ object: [String: Any]) throws -> KeyFacts {
        var facts = KeyFacts(TestSession.first)
        facts.room = try #require(object["room_id"] as? String)
        facts.id = try #require(object["session_id"] as? String)
        facts.sessionKey = try #require(object["session_key"] as? String)
        let characters = Array(facts.sessionKey.utf8)
        let bytes = UnpaddedBase64.decode(characters.span) ?? []
        try #require(bytes.count == 165)
        facts.index = bytes.span.bigEndian(at: 1, as: UInt32.self)
        facts.senderKey = object["sender_key"] as? String
        facts.ed25519 = (object["sender_claimed_keys"] as? [String: String])?["ed25519"]
        let flag = FlagTests.spellings.compactMap { object[$0] as? Bool }.first
        facts.sharedHistory =
            flag.map { $0 ? .shareable : .notShareable } ?? SharedHistory.unstated
        return facts
    }

    private func expectEqual(_ plaintext: [UInt8], asIn json: [UInt8], count: Int) throws {
        let expected = try objects(json).map { Outcome.key(try facts($0), []) }
        #expect(expected.count == count)
        #expect(try outcomes(of: plaintext) == expected)
    }

    private func expectBundle(_ json: [UInt8], keys: Int, withheld: Int) throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        var expected = try #require(object["room_keys"] as? [[String: Any]]).map { entry in
            var facts = try facts(entry)
            facts.sharedHistory = .shareable
            return Outcome.key(facts, [])
        }
        #expect(expected.count == keys)
        expected += try #require(object["withheld"] as? [[String: Any]]).map { entry in
            .withheld(
                room: try #require(entry["room_id"] as? String),
                id: try #require(entry["session_id"] as? String),
                code: try #require(entry["code"] as? String))
        }
        #expect(expected.count == keys + withheld)
        let all = try outcomes(of: json, layout: .bundle)
        // The two lists may come in either order.
        #expect(all.filter { $0.facts != nil } == expected.filter { $0.facts != nil })
        #expect(all.filter { $0.facts == nil } == expected.filter { $0.facts == nil })
    }
}
