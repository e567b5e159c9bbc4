import Foundation
import TestSupport
import Testing

/// What a hurried person types, and what must not happen then.
@Suite struct CareTests {
    static let passphrase = "--identity-passphrase-file"

    @Test(
        "what excludes each other is refused before anything is done",
        arguments: [
            ["identity", "new", "--no-passphrase", passphrase, "new.pass"],
            [
                "identity", "change-passphrase", "--no-passphrase", "--new-passphrase-file",
                "new.pass",
            ],
            ["identity", "export-age-key", "-o", "-"],
            ["identity", "show", "--qr-picture", "-"],
            ["archive", "key-file", "-o", "-"],
            ["archive", "prune", "--confirm", "2", "--room", Person.garden],
            ["archive", "prune", "--room", Person.garden, "--plan", "--final"],
            [
                "attach", "@n:x", "--room", Person.garden, "--keys", "k", "-o", "o", "--through",
                "!x",
            ],
        ])
    func excluded(arguments: [String]) throws {
        let person = try Person()
        let before = try person.everything()
        #expect(try person.run(arguments).status == 64)
        #expect(try person.everything() == before)
    }

    @Test func takingThePassphraseAwayIsSaid() throws {
        let person = try Person()
        let taken = try person.run(["identity", "change-passphrase", "--no-passphrase"])
        #expect(taken.status == 0)
        #expect(taken.talk.contains("taken away"))
    }

    @Test func theDoctorNeverTakesTheOldFilesPlace() throws {
        let person = try Person()
        let bytes = try PackageFolder.bytes(
            of: "Tests/KeyFormatsTests/Corpus/poison/illegal-base64.txt")
        let file = try person.folder.write(bytes, to: "old.txt")
        let pass = try person.folder.write(Array("poison\n".utf8), to: "poison.pass")
        try FileManager.default.linkItem(
            atPath: file, toPath: person.folder.path("same.txt"))
        for name in ["old.txt", "./old.txt", "same.txt"] {
            let refused = try person.run([
                "doctor", "old.txt", "--keys-passphrase-file", pass, "-o", name, "--force",
            ])
            #expect(refused.status == 64)
            #expect(try person.folder.read("old.txt") == bytes)
        }
    }

    @Test func aPruneIsMadeFinalLater() throws {
        let person = try Person()
        _ = try ArchiveTests.add(person)
        let pruned = try person.run(["archive", "prune", "--room", Person.council])
        #expect(pruned.talk.contains("--confirm 2"))
        #expect(try person.run(["archive", "verify"]).talk.contains("24 of them are pruned"))
        let confirmed = try person.run(["archive", "prune", "--confirm", "2", "--json"])
        #expect(confirmed.status == 0)
        #expect(try confirmed.document()["keys"] as? Int == 24)
        #expect(try person.run(["archive", "undo", "2"]).status == 1)
        #expect(try !person.run(["archive", "verify"]).talk.contains("pruned"))
        #expect(try person.run(["archive", "prune", "--confirm", "1"]).status == 1)
        #expect(try person.run(["archive", "prune", "--confirm", "99"]).status == 6)
    }

    @Test func nothingIsNoSuccess() throws {
        let person = try Person()
        _ = try ArchiveTests.add(person)
        let empty = try person.folder.write(Array("[]".utf8), to: "empty.json")
        let added = try person.run(["archive", "add", empty])
        #expect(added.status == 6)
        #expect(added.talk.contains("it holds no key"))
        #expect(try person.run(["archive", "list", "--room", "!nope:x"]).status == 6)
        #expect(try person.run(["archive", "list", "--source", "99"]).status == 6)
        #expect(try person.run(["archive", "ledger"]).talk.contains("Nothing was handed over"))
        let note = try person.run(["archive", "undo", "99"])
        #expect(note.status == 6)
        #expect(!note.talk.contains("key file"))
    }

    @Test func inspectLooksFromOutsideWhereItCannotLookInside() throws {
        let pair = try Pair()
        #expect(try pair.alice.share(to: ["newton"]).status == 0)
        let sealed = pair.alice.folder.path("sealed")
        for person in [try Person(), try Person(identity: false)] {
            let look = try person.run(["inspect", sealed, Person.aliceKeys])
            #expect(look.status == 0)
            #expect(look.talk.contains("from outside only"))
            #expect(look.output.contains("sealed to 1 recipient\n"))
            #expect(look.output.contains("a key export file"))
        }
        let history = try pair.alice.run(["inspect", "--json", HistoryTests.history("garden")])
        let file = try #require((try history.document()["files"] as? [[String: Any]])?.first)
        #expect(file["kind"] as? String == "saved-history")
        #expect(file["historyRoom"] as? String == Person.garden)
    }

    @Test func halfAFingerprintSaysNothingOfTheKey() throws {
        let pair = try Pair()
        let words = try pair.alice.fingerprint.split(separator: " ").map(String.init)
        let half = try pair.newton.run(["contact", "verify", "alice"] + words.prefix(2))
        #expect(half.status == 64)
        #expect(!half.talk.contains("not theirs"))
        let wrong = try pair.newton.run(["contact", "verify", "alice"] + words.reversed())
        #expect(wrong.status == 3)
    }

    @Test func everyDocumentHasAName() throws {
        let pair = try Pair()
        let alice = pair.alice
        _ = try ArchiveTests.add(alice)
        let runs: [[String]] = [
            ["identity", "show"], ["identity", "change-passphrase", "--no-passphrase"],
            ["identity", "export-age-key", "-o", "age.key"],
            ["contact", "list"], ["contact", "verify", "newton", try pair.newton.fingerprint],
            ["contact", "remove", "newton"],
            ["contact", "add", "Jürgen Ünï", try pair.newton.identity],
            ["archive", "list"], ["archive", "verify"], ["archive", "journal"],
            ["archive", "ledger"], ["archive", "key-file"], ["archive", "undo", "1"],
            ["inspect", Person.aliceKeys], ["archive", "undo", "99"],
        ]
        for arguments in runs {
            let document = try alice.run(arguments + ["--json"]).document()
            let schema = document["schema"] as? String
            #expect(schema?.hasPrefix("heirloom.") == true, "\(arguments)")
        }
        let added = try alice.run(["contact", "add", "It's me", try alice.identity])
        #expect(added.talk.contains(#"verify 'It'\''s me'"#))
    }
}
