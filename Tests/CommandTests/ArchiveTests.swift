import Foundation
import TestSupport
import Testing

/// The archive as a person uses it.
@Suite struct ArchiveTests {
    static func counts(_ outcome: Outcome) throws -> [String: Int] {
        let files = try outcome.document()["files"] as? [[String: Any]]
        return files?.first?["counts"] as? [String: Int] ?? [:]
    }

    static func add(_ person: Person, _ file: String = Person.aliceKeys) throws -> Outcome {
        try person.run([
            "archive", "add", file, "--json", "--keys-passphrase-file", person.keysPassphrase,
        ])
    }

    @Test func whatIsAddedTwiceIsHeldOnce() throws {
        let person = try Person()
        let first = try Self.add(person)
        #expect(first.status == 0)
        #expect(try Self.counts(first)["new"] == 94)
        let before = try person.folder.read("home/archive")
        let second = try Self.add(person)
        #expect(second.status == 0)
        #expect(try Self.counts(second)["same"] == 94)
        #expect(second.talk.contains("nothing changed"))
        #expect(try person.folder.read("home/archive") == before)
        let journal = try person.run(["archive", "journal", "--json"]).document()
        #expect((journal["entries"] as? [Any])?.count == 1)
    }

    @Test func listsNeedNoSecretAndShowNone() throws {
        let person = try Person()
        _ = try Self.add(person)
        // Without the identity nothing opens, and lists still do.
        try FileManager.default.removeItem(atPath: person.folder.path("home/identity"))
        let list = try person.run(["archive", "list", "--json", "--room", Person.garden])
        #expect(list.status == 0)
        #expect((try list.document()["sessions"] as? [Any])?.count == 27)
        let export = try person.run([
            "archive", "export", "-o", "out", "--deliver-passphrase-file", person.newPassphrase,
        ])
        #expect(export.status == 1)
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("out")))
    }

    @Test func anotherIdentityOpensNothing() throws {
        let person = try Person()
        let other = try Person()
        _ = try Self.add(person)
        let outcome = try other.run([
            "archive", "verify", "--archive", person.folder.path("home/archive"),
        ])
        #expect(outcome.status == 3)
        #expect(outcome.talk.contains("the key is not this archive's"))
    }

    @Test func theDiskShowsNoRatchet() throws {
        let person = try Person()
        _ = try Self.add(person)
        _ = try person.run([
            "archive", "export", "--to", "json-lines", "--readable", "-o", "plain",
        ])
        let line = String(decoding: try person.folder.read("plain"), as: UTF8.self)
            .split(separator: "\n")[0]
        let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let text = try #require(entry?["session_key"] as? String)
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        let key = try #require(Data(base64Encoded: padded))
        for name in ["home/archive", "home/archive-wal"] {
            guard let bytes = try? person.folder.read(name) else { continue }
            let disk = Data(bytes)
            #expect(disk.range(of: key[5..<37]) == nil)
            #expect(disk.range(of: key[101..<133]) == nil)
        }
    }

    @Test func whatAHandOverBroughtCanBeTakenBack() throws {
        let pair = try Pair()
        _ = try Self.add(pair.alice)
        let shared = try pair.alice.run([
            "share", "--yes", "--json", "--from-archive", "--room", Person.garden, "--to",
            "newton", "-o", "sealed",
        ])
        #expect(shared.status == 0)
        let sealed = try #require(try shared.document()["sealed"] as? [String: Any])
        let bundle = try #require(sealed["bundleID"] as? String)
        let ledger = try pair.alice.run(["archive", "ledger", "--json"]).document()
        let given = try #require((ledger["handOvers"] as? [[String: Any]])?.first)
        #expect(given["bundleID"] as? String == bundle)
        #expect((given["given"] as? [String: Any])?.count == 27)

        let file = pair.alice.folder.path("sealed")
        let received = try pair.newton.run([
            "receive", file, "--from", "alice", "--room", Person.garden, "--keep", "--receipt",
            "receipt",
        ])
        #expect(received.status == 0)
        #expect(received.talk.contains("Archived: 27 new"))
        let receipt = pair.newton.folder.path("receipt")
        let acknowledged = try pair.alice.run([
            "archive", "ledger", "--json", "--add-receipt", receipt,
        ])
        #expect(acknowledged.talk.contains("newton took in 27 of 27 sessions"))
        let kinds = try pair.newton.run(["inspect", "--json", receipt, "home/archive"]).document()
        #expect(
            (kinds["files"] as? [[String: Any]])?.map { $0["kind"] as? String }
                == ["receipt", "archive"])
        let entry = try #require(
            (try acknowledged.document()["handOvers"] as? [[String: Any]])?.first)
        #expect(entry["receipts"] as? Int == 1)
        // Nobody else's word counts.
        let stranger = try Person()
        #expect(
            try stranger.run(["archive", "ledger", "--add-receipt", receipt]).status == 3)
        let again = try pair.newton.run([
            "receive", file, "--from", "alice", "--room", Person.garden, "--keep",
        ])
        #expect(again.status == 5)
        // An archive that is carried to another machine remembers it too.
        try FileManager.default.removeItem(atPath: pair.newton.folder.path("home/seen"))
        let elsewhere = try pair.newton.run([
            "receive", file, "--from", "alice", "--room", Person.garden, "--keep",
        ])
        #expect(elsewhere.status == 5)
        let asked = try pair.newton.run([
            "receive", file, "--from", "alice", "--room", Person.garden, "--keep", "--again",
        ])
        #expect(asked.status == 0)
        #expect(try pair.newton.run(["archive", "undo", bundle]).status == 0)
        let list = try pair.newton.run(["archive", "list", "--json"]).document()
        #expect((list["rooms"] as? [Any])?.isEmpty == true)
        #expect(try pair.newton.run(["archive", "undo", bundle]).status == 6)
    }

    @Test func messagesProveAndRefuteKeys() throws {
        let person = try Person()
        let poison = PackageFolder.root.appending(
            path: "Tests/KeyFormatsTests/Corpus/poison/r0-flipped.txt"
        ).path
        let pass = try person.folder.write(Array("poison\n".utf8), to: "poison.pass")
        // The false key comes first.
        let first = try person.run([
            "archive", "add", poison, "--keys-passphrase-file", pass,
        ])
        #expect(first.status == 0)
        let second = try Self.add(person)
        #expect(try Self.counts(second)["conflicting"] == 1)
        #expect(second.status == 2)
        let verified = try person.run([
            "archive", "verify", "--json", "--history", HistoryTests.history("garden"),
        ])
        let report = try verified.document()
        #expect(report["proven"] as? Int == 27)
        #expect(report["refuted"] as? Int == 1)
        #expect(report["faultCount"] as? Int == 0)
        let export = try person.run([
            "archive", "export", "--room", Person.garden, "--proven", "-o", "out",
            "--deliver-passphrase-file", person.newPassphrase,
        ])
        #expect(export.talk.contains("Wrote 27 keys of 27 sessions"))
    }

    @Test func pruningIsListedAndCanBeTakenBackUntilItIsFinal() throws {
        let person = try Person()
        _ = try Self.add(person)
        let rooms = { () throws -> Int in
            let list = try person.run(["archive", "list", "--json"]).document()
            return (list["rooms"] as? [Any])?.count ?? 0
        }
        let plan = try person.run(["archive", "prune", "--room", Person.council, "--plan"])
        #expect(plan.talk.contains("24 sessions would be gone"))
        #expect(try rooms() == 4)
        #expect(try person.run(["archive", "prune", "--room", Person.council]).status == 0)
        #expect(try rooms() == 3)
        #expect(try person.run(["archive", "undo", "2"]).status == 0)
        #expect(try rooms() == 4)
        #expect(
            try person.run(["archive", "prune", "--room", Person.council, "--final"]).status == 0)
        #expect(try person.run(["archive", "undo", "4"]).status == 1)
        #expect(try rooms() == 3)
        #expect(try person.run(["archive", "prune", "--room", Person.council]).status == 6)
    }

    @Test func aRoomIsReadInPlaceWithReasons() throws {
        let person = try Person()
        _ = try Self.add(person)
        let read = try person.run([
            "archive", "read", "--history", HistoryTests.history("garden"),
        ])
        #expect(read.status == 2)
        #expect(read.talk.contains("121 of 123 messages open"))
        let lines = read.output.split(separator: "\n")
        #expect(
            lines[0].hasSuffix("garden #1: alice stone gate letter budget lantern roof fence fence")
        )
        #expect(read.output.contains("[its sender or a moderator took it back]"))
        let truth = try PackageFolder.bytes(of: "Examples/garden/truth.json")
        let bodies = try #require(
            try JSONSerialization.jsonObject(with: Data(truth)) as? [String: [String: Any]])
        let log = try person.run([
            "archive", "read", "--json", "--history", HistoryTests.history("garden"),
        ]).document()
        for line in try #require(log["lines"] as? [[String: Any]]) {
            guard let body = line["body"] as? String, line["isEdited"] as? Bool == false,
                let id = line["eventID"] as? String
            else { continue }
            #expect(bodies[id]?["body"] as? String == body)
        }
    }

    @Test func adamagedOrForeignFileIsRefused() throws {
        let person = try Person()
        _ = try Self.add(person)
        let path = person.folder.path("home/archive")
        var bytes = try person.folder.read("home/archive")
        for place in stride(from: 8_192, to: bytes.count, by: 97) { bytes[place] ^= 0x55 }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let damaged = try person.run(["archive", "verify"])
        #expect(damaged.status == 4)
        try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try person.run(["archive", "list"]).status == 4)
        unsafe chmod(path, 0o644)
        #expect(try person.run(["archive", "list"]).talk.contains("others can read"))
    }
}
