import Foundation
import TestSupport
import Testing

/// The rules, windows and coverage as a person uses them, on real rooms.
@Suite struct HistoryTests {
    static func history(_ room: String) -> String {
        PackageFolder.root.appending(
            path: room == "garden"
                ? "Examples/garden/events.json" : "Tests/Rooms/\(room)/events.json"
        ).path
    }

    static let newton = "@newton:heirloom.test"

    static func counts(_ outcome: Outcome) throws -> [String: Int] {
        try outcome.document()["counts"] as? [String: Int] ?? [:]
    }

    @Test(
        "Rooms of every visibility are judged message by message",
        arguments: [
            (Person.garden, "garden", 27, 0, Int32(0)), (Person.council, "council", 14, 10, 2),
        ])
    func judged(_ room: String, _ name: String, _ allowed: Int, _ refused: Int, _ status: Int32)
        throws
    {
        let pair = try Pair()
        let outcome = try pair.alice.share(
            room, to: ["newton"], as: "sealed",
            ["--json", "--history", Self.history(name), "--for", Self.newton])
        #expect(outcome.status == status)
        let counts = try Self.counts(outcome)
        #expect(counts["allowed"] == allowed)
        #expect(counts["refused"] == refused)
    }

    @Test func aStrangerWhoDoesNotJoinGetsNothing() throws {
        let pair = try Pair()
        let outcome = try pair.alice.share(
            to: ["newton"], as: "sealed",
            [
                "--history", Self.history("garden"), "--for", "@stranger:heirloom.test",
                "--no-as-joining",
            ])
        #expect(outcome.status == 5)
        #expect(outcome.talk.contains("shared with who joins later, and they have not"))
        #expect(!FileManager.default.fileExists(atPath: pair.alice.folder.path("sealed")))
    }

    @Test func somebodyMustSayWhoseRightsCount() throws {
        let pair = try Pair()
        let outcome = try pair.alice.share(
            to: ["newton"], as: "sealed", ["--history", Self.history("garden")])
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("--for @user:server"))
    }

    @Test func nobodyIsHandedWhatAnotherMaySee() throws {
        let pair = try Pair()
        try pair.alice.run(["contact", "remove", "newton"])
        try pair.alice.run([
            "contact", "add", "newton", try pair.newton.identity, "--user", Self.newton,
        ])
        let outcome = try pair.alice.share(
            Person.council, to: ["newton"], as: "sealed",
            ["--history", Self.history("council"), "--for", "@alice:heirloom.test"])
        #expect(outcome.status == 5)
        #expect(outcome.talk.contains("is pinned to \(Self.newton): their rights count"))
        #expect(!FileManager.default.fileExists(atPath: pair.alice.folder.path("sealed")))
        let blind = try pair.alice.share(to: ["newton"], as: "sealed", ["--for", Self.newton])
        #expect(blind.status == 64)
        #expect(blind.talk.contains("--history"))
    }

    @Test func aPinnedContactBringsTheirUser() throws {
        let pair = try Pair()
        try pair.alice.run(["contact", "remove", "newton"])
        try pair.alice.run([
            "contact", "add", "newton", try pair.newton.identity, "--user", Self.newton,
        ])
        let outcome = try pair.alice.share(
            to: ["newton"], as: "sealed", ["--history", Self.history("garden")])
        #expect(outcome.status == 0)
        #expect(outcome.talk.contains("judged by the rights of \(Self.newton), as joining now"))
        #expect(outcome.talk.contains("27 of 27 keys are proven by a real message"))
        #expect(outcome.talk.contains("Opens 121 known messages"))
    }

    @Test func aWindowNeedsHistory() throws {
        let pair = try Pair()
        let outcome = try pair.alice.share(to: ["newton"], as: "sealed", ["--since", "30d"])
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("a window needs the room's saved history"))
    }

    @Test func aWindowIsPlannedAndPictured() throws {
        let pair = try Pair()
        let arguments = [
            "share", "--plan", "--keys", Person.aliceKeys, "--keys-passphrase-file",
            pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "--history",
            Self.history("garden"), "--for", Self.newton, "--since", "2026-03-01T00:00Z",
            "--until", "2026-03-26T23:59Z",
        ]
        let told = try pair.alice.run(arguments)
        #expect(told.talk.contains("■ opens"))
        #expect(told.talk.contains("from 2026-03-01T00:00:00Z to 2026-03-26T23:59:00Z"))
        let document = try pair.alice.run(arguments + ["--json"]).document()
        let counts = try #require(document["counts"] as? [String: Int])
        let sum = counts.filter { !["sessions", "duplicates"].contains($0.key) }.values.reduce(0, +)
        #expect(sum == counts["sessions"])
        #expect(counts["outsideWindow"] ?? 0 > 0)
        let strict = try pair.alice.run(arguments + ["--strict-end", "--json"])
        let summary = try strict.document()["summary"] as? [String: Any]
        #expect(summary?["messagesPastEnd"] as? Int == 0)
    }

    @Test func withoutATerminalSealingNeedsAYesBeforehand() throws {
        let pair = try Pair()
        let outcome = try pair.alice.run([
            "share", "--keys", Person.aliceKeys, "--keys-passphrase-file",
            pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "-o", "sealed",
        ])
        #expect(outcome.status == 130)
        #expect(outcome.talk.contains("--yes was not given"))
        #expect(!FileManager.default.fileExists(atPath: pair.alice.folder.path("sealed")))
    }

    @Test func receivingWithHistoryJudgesAndProves() throws {
        let pair = try Pair()
        // Without evidence alice goes by the flags, and hands over what was not newton's to see.
        let sealed = try pair.handOver(
            Person.council, ["--override", "a test of the receiver's own judgement"])
        let outcome = try pair.newton.receive(
            sealed, from: "alice", room: Person.council, to: "keys",
            [
                "--json", "--accept-overrides", "--history", Self.history("council"), "--for",
                Self.newton, "--require-proof",
            ])
        #expect(outcome.status == 2)
        let account = try #require(try outcome.document()["account"] as? [String: Int])
        #expect(account["refused"] == 10)
        #expect(account["new"] == 14)
        #expect(account["total"] == 24)
    }

    @Test func keysAlreadyHeldAreCompared() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        let first = try pair.newton.receive(sealed, from: "alice", to: "first", ["--json"])
        #expect(first.status == 0)
        let second = try pair.newton.receive(
            sealed, from: "alice", to: "second",
            [
                "--json", "--again", "--keys", pair.newton.folder.path("first"),
                "--keys-passphrase-file", pair.newton.newPassphrase,
            ])
        #expect(second.status == 0)
        let account = try #require(try second.document()["account"] as? [String: Int])
        #expect(account["same"] == 27)
        #expect(account["new"] == 0)
    }

    @Test func coverageSaysWhatIsMissingAndTheHolderAnswers() throws {
        let pair = try Pair()
        let newton = pair.newton
        let keys = PackageFolder.root.appending(
            path: "Tests/KeyFormatsTests/Corpus/newton.keys.txt"
        ).path
        let passphrase = try newton.folder.write(
            Array("newton heirloom pass 1\n".utf8), to: "old.pass")
        let arguments = [
            "coverage", "--json", "--keys", keys, "--keys-passphrase-file", passphrase,
            "--history", Self.history("garden"), "--for", Self.newton,
        ]
        let before = try newton.run(arguments + ["--request", "request"])
        #expect(before.status == 2)
        let document = try before.document()
        let coverage = try #require(document["coverage"] as? [String: Any])
        let counts = try #require(coverage["counts"] as? [String: Int])
        #expect(counts["readable"] == 13)
        #expect(counts["noSession"] == 108)
        #expect(counts["redacted"] == 2)
        #expect(counts["total"] == 123)
        let missing = try #require(document["missing"] as? [[String: Any]])
        #expect(missing.count == 23)

        let answer = try pair.alice.run([
            "share", "--yes", "--json", "--keys", Person.aliceKeys, "--keys-passphrase-file",
            pair.alice.keysPassphrase, "--history", Self.history("garden"), "--for", Self.newton,
            "--request", newton.folder.path("request"), "-o", "answer",
        ])
        #expect(answer.status == 0)
        #expect(try Self.counts(answer)["allowed"] == 23)
        #expect(try Self.counts(answer)["notRequested"] == 4)

        let after = try newton.run(
            arguments + [
                "--with", pair.alice.folder.path("answer"), "--from", "alice", "--html",
                "page.html",
            ])
        #expect(after.status == 0)
        let counted = try #require(try after.document()["coverage"] as? [String: Any])
        #expect((counted["counts"] as? [String: Int])?["added"] == 108)
        let page = String(decoding: try newton.folder.read("page.html"), as: UTF8.self)
        #expect(page.contains("<title>What opens of \(Person.garden)</title>"))
        #expect(!page.contains("<script"))
        #expect(!page.contains("http://") && !page.contains("https://"))
    }

    @Test func aStrangersRequestIsNotAnswered() throws {
        let pair = try Pair()
        let stranger = try Person()
        _ = try stranger.run([
            "coverage", "--keys", Person.aliceKeys, "--keys-passphrase-file",
            stranger.keysPassphrase, "--history", Self.history("garden"), "--room", Person.garden,
            "--request", "request",
        ])
        // Nothing is missing of alice's own keys, so nothing was written.
        #expect(!FileManager.default.fileExists(atPath: stranger.folder.path("request")))
        let empty = try stranger.folder.write(Array("[]".utf8), to: "none.json")
        _ = try stranger.run([
            "coverage", "--keys", empty, "--history", Self.history("garden"), "--request",
            "request",
        ])
        let outcome = try pair.alice.run([
            "share", "--yes", "--keys", Person.aliceKeys, "--keys-passphrase-file",
            pair.alice.keysPassphrase, "--request", stranger.folder.path("request"), "-o",
            "answer",
        ])
        #expect(outcome.status == 3)
        #expect(outcome.talk.contains("nobody you know asks"))
        #expect(!FileManager.default.fileExists(atPath: pair.alice.folder.path("answer")))
    }

    @Test(
        "History that cannot be trusted is refused",
        arguments: [
            ("shuffled", "in no order", Int32(4)), ("changed", "with two contents", 4),
            ("export", "chat export", 4), ("other", "no event of the room", 6),
        ])
    func badHistory(_ kind: String, _ sentence: String, _ status: Int32) throws {
        let pair = try Pair()
        let text = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: Self.history("garden"))),
            as: UTF8.self)
        let events = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any])
        let second: Data
        switch kind {
        case "shuffled":
            let half = events.count / 2
            second = try JSONSerialization.data(
                withJSONObject: (1..<half).flatMap { [events[$0 + half], events[$0]] })
        case "changed":
            second = Data(text.replacing("\"shared\"", with: "\"world_readable\"").utf8)
        case "export": second = Data(#"{"room_name":"x","export_date":"y","messages":[]}"#.utf8)
        default:
            second = try Data(contentsOf: URL(fileURLWithPath: Self.history("council")))
        }
        let file = try pair.alice.folder.write(Array(second), to: "history.json")
        let files = kind == "changed" ? [Self.history("garden"), file] : [file]
        let outcome = try pair.alice.share(
            to: ["newton"], as: "sealed", ["--for", Self.newton, "--history"] + files)
        #expect(outcome.status == status)
        #expect(outcome.talk.contains(sentence))
        #expect(!FileManager.default.fileExists(atPath: pair.alice.folder.path("sealed")))
    }

    /// Two keys that disagree stand apart until a message decides; a false one that is held does not
    /// keep the true one out.
    @Test func aFalseKeyThatIsHeldGivesWayToAProvenOne() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        let spoilt = try pair.newton.folder.write(Array(Person.spoiltKey.utf8), to: "held.jsonl")
        func account(_ more: [String]) throws -> [String: Int] {
            let outcome = try pair.newton.run(
                [
                    "receive", sealed, "--plan", "--json", "--from", "alice", "--room",
                    Person.garden, "--keys", spoilt,
                ] + more)
            return try outcome.document()["account"] as? [String: Int] ?? [:]
        }
        let blind = try account([])
        #expect(blind["conflicting"] == 1)
        #expect(blind["new"] == 26)
        let seeing = try account(["--history", Self.history("garden"), "--for", Self.newton])
        #expect(seeing["conflicting"] == 0)
        #expect(seeing["new"] == 27)
    }
}
