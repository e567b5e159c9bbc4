import Foundation
import TestSupport
import Testing

/// Every refusal has its sentence and its exit code, and changes nothing on disk.
@Suite struct RefusalTests {
    /// One refused receive.
    struct Refused: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var from: String? = "alice"
        var room: String? = Person.garden
        let status: Int32
        let problem: String
        var sentence = "heirloom: "
        /// Changes the sealed file first.
        var damage: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    }

    static let refused: [Refused] = [
        Refused(
            testDescription: "another room", room: "!other:heirloom.test", status: 6,
            problem: "wrongRoom", sentence: "expected !other:heirloom.test"),
        Refused(
            testDescription: "no room id", room: "garden", status: 64, problem: "badArgument"),
        Refused(
            testDescription: "an unknown contact", from: "nobody", status: 6,
            problem: "unknownContact", sentence: "no contact named nobody"),
        Refused(
            testDescription: "another giver", from: "mallory", status: 3, problem: "wrongSigner",
            sentence: "it is signed by alice, expected mallory"),
        Refused(
            testDescription: "nobody named, no terminal", from: nil, room: nil, status: 64,
            problem: "badArgument"),
        Refused(
            testDescription: "cut short", status: 4, problem: "damaged",
            damage: { Array($0.dropLast(100)) }),
        Refused(
            testDescription: "one bit in the payload", status: 4, problem: "damaged",
            damage: { bytes in
                var bytes = bytes
                bytes[bytes.count - 300] ^= 1
                return bytes
            }),
        Refused(
            testDescription: "one bit in the header", status: 3, problem: "notForUs",
            damage: { bytes in
                var bytes = bytes
                // In the share, which is base64 from byte 32 on.
                bytes[40] = bytes[40] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                return bytes
            }),
        Refused(
            testDescription: "something behind the end", status: 4, problem: "damaged",
            damage: { $0 + [0] }),
        Refused(
            testDescription: "no sealed file", status: 4, problem: "unknownKind",
            damage: { _ in Array("hello".utf8) }),
        Refused(
            testDescription: "an empty file", status: 4, problem: "unknownKind", damage: { _ in [] }
        ),
    ]

    @Test("is refused", arguments: refused)
    func isRefused(_ vector: Refused) throws {
        let pair = try Pair()
        let mallory = try Person()
        try pair.newton.meet(mallory, as: "mallory")
        let sealed = try pair.handOver()
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: sealed)))
        let path = try pair.newton.folder.write(vector.damage(bytes), to: "given")
        let before = try pair.newton.everything()
        let outcome = try pair.newton.receive(
            path, from: vector.from, room: vector.room, ["--json"])
        #expect(outcome.status == vector.status)
        let document = try outcome.document()
        #expect(document["schema"] as? String == "heirloom.error.v1")
        #expect(document["problem"] as? String == vector.problem)
        #expect(document["exitCode"] as? Int == Int(vector.status))
        #expect(outcome.talk.contains(vector.sentence))
        #expect(outcome.talk.contains("heirloom: "))
        #expect(try pair.newton.everything() == before)
    }

    @Test func aStrangerIsToldHowToPin() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        try pair.newton.run(["contact", "remove", "alice"])
        let outcome = try pair.newton.receive(sealed, from: nil)
        #expect(outcome.status == 3)
        #expect(outcome.talk.contains("nobody you know signed it; its signing key is"))
        #expect(outcome.talk.contains("heirloom contact add NAME heir1"))
    }

    @Test func whatIsSealedToOthersStaysShut() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        let carol = try Person()
        try carol.meet(pair.alice, as: "alice")
        let outcome = try carol.receive(sealed, from: "alice")
        #expect(outcome.status == 3)
        #expect(outcome.talk.contains("heirloom identity show"))
    }

    @Test func aReplayIsRefusedUnlessAskedFor() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        #expect(try pair.newton.receive(sealed, from: "alice").status == 0)
        let before = try pair.newton.everything()
        let replay = try pair.newton.receive(sealed, from: "alice", to: "second")
        #expect(replay.status == 5)
        #expect(replay.talk.contains("was taken in before"))
        #expect(try pair.newton.everything() == before)
        #expect(
            try pair.newton.receive(sealed, from: "alice", to: "second", ["--again"]).status == 0)
    }

    @Test func nothingIsOverwrittenUnasked() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        let first = try Data(contentsOf: URL(fileURLWithPath: sealed))
        let again = try pair.alice.share(to: ["newton"])
        #expect(again.status == 1)
        #expect(again.talk.contains("there is a file of that name already"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: sealed)) == first)
        #expect(try pair.alice.share(to: ["newton"], ["--force"]).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: sealed)) != first)
    }

    /// One refused share.
    struct Unshared: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var keys = Person.aliceKeys
        var passphrase = "flagged pass 2"
        var room = Person.garden
        var to = "newton"
        var more: [String] = []
        let status: Int32
        let sentence: String
    }

    static let unshared: [Unshared] = [
        Unshared(
            testDescription: "a wrong passphrase", passphrase: "flagged pass 3", status: 3,
            sentence: "the passphrase is wrong or the file is damaged"),
        Unshared(
            testDescription: "a room without keys", room: "!nowhere:x", status: 6,
            sentence: "hold no key of room !nowhere:x"),
        Unshared(
            testDescription: "a missing key file", keys: "/nonexistent", status: 1,
            sentence: "there is no such file"),
        Unshared(
            testDescription: "a folder for a key file", keys: "/tmp", status: 1,
            sentence: "not a regular file"),
        Unshared(
            testDescription: "nobody's identity", to: "heir1qqqq", status: 4,
            sentence: "the identity given"),
        Unshared(
            testDescription: "no giver's Matrix user", more: ["--as", "alice"], status: 64,
            sentence: "the Matrix user's id is not one"),
    ]

    @Test("is not shared", arguments: unshared)
    func isNotShared(_ vector: Unshared) throws {
        let pair = try Pair()
        let pass = try pair.alice.folder.write(Array(vector.passphrase.utf8), to: "given.pass")
        let before = try pair.alice.everything()
        let outcome = try pair.alice.run(
            [
                "share", "--yes", "--keys", vector.keys, "--keys-passphrase-file", pass, "--room",
                vector.room, "--to", vector.to, "-o", pair.alice.folder.path("sealed"),
            ] + vector.more)
        #expect(outcome.status == vector.status)
        #expect(outcome.talk.contains(vector.sentence))
        #expect(outcome.output.isEmpty)
        #expect(try pair.alice.everything() == before)
    }

    @Test func keysWithoutTheFlagGoNowhere() throws {
        let pair = try Pair()
        let nio = PackageFolder.root.appending(path: "Tests/KeyFormatsTests/Corpus/newton.keys.txt")
        let pass = try pair.alice.folder.write(Array("newton heirloom pass 1".utf8), to: "n.pass")
        let rooms = try pair.alice.run([
            "inspect", "--json", nio.path, "--keys-passphrase-file", pass,
        ]).document()
        let file = try #require((rooms["files"] as? [[String: Any]])?.first)
        let room = try #require((file["rooms"] as? [[String: Any]])?.first?["room"] as? String)
        let outcome = try pair.alice.run([
            "share", "--yes", "--keys", nio.path, "--keys-passphrase-file", pass, "--room", room,
            "--to",
            "newton", "-o", pair.alice.folder.path("sealed"),
        ])
        #expect(outcome.status == 5)
        #expect(!FileManager.default.fileExists(atPath: pair.alice.folder.path("sealed")))
    }

    @Test func aChangedKeyStopsEverything() throws {
        let pair = try Pair()
        let mallory = try Person()
        let before = try pair.alice.everything()
        let outcome = try pair.alice.run(["contact", "add", "newton", try mallory.identity])
        #expect(outcome.status == 3)
        #expect(outcome.talk.contains(try pair.newton.fingerprint))
        #expect(outcome.talk.contains(try mallory.fingerprint))
        #expect(try pair.alice.everything() == before)
    }

    @Test func aWrongFingerprintVerifiesNobody() throws {
        let alice = try Person()
        let newton = try Person()
        try alice.run(["contact", "add", "newton", try newton.identity])
        let outcome = try alice.run(["contact", "verify", "newton", try alice.fingerprint])
        #expect(outcome.status == 3)
        let list = try alice.run(["contact", "list"])
        #expect(list.output.contains("not verified"))
    }

    @Test func anIdentityOpenToOthersIsNotUsed() throws {
        let person = try Person()
        let path = person.folder.path("home/identity")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let outcome = try person.run(["identity", "show"])
        #expect(outcome.status == 1)
        #expect(outcome.talk.contains("chmod 600"))
    }

    @Test func aSecondIdentityIsNotMade() throws {
        let person = try Person()
        let before = try person.everything()
        let outcome = try person.run(["identity", "new", "--no-passphrase"])
        #expect(outcome.status == 1)
        #expect(outcome.talk.contains("there is an identity already"))
        #expect(try person.everything() == before)
    }

    @Test(arguments: ["identity", "key file"])
    func anEmptyPassphraseIsNotTaken(thing: String) throws {
        let pair = try Pair()
        let empty = try pair.newton.folder.write(Array("\n".utf8), to: "empty.pass")
        let sealed = try pair.handOver()
        let outcome =
            thing == "identity"
            ? try Person(identity: false).run([
                "identity", "new", "--identity-passphrase-file", empty,
            ])
            : try pair.newton.run([
                "receive", sealed, "--from", "alice", "--room", Person.garden, "--deliver", "keys",
                "--deliver-passphrase-file", empty,
            ])
        #expect(outcome.status == 1)
        #expect(outcome.talk.contains("an empty passphrase guards nothing"))
    }

    @Test func withoutATerminalNothingIsAsked() throws {
        let person = try Person(identity: false)
        let outcome = try person.run(["identity", "new"])
        #expect(outcome.status == 1)
        #expect(outcome.talk.contains("--identity-passphrase-file"))
    }
}
