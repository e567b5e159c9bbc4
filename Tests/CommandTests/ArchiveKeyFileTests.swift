import Foundation
import TestSupport
import Testing

/// An archive unlocked without an identity, and what disks and neighbours do to one.
@Suite struct ArchiveKeyFileTests {
    @Test func aKeyFileUnlocksWithoutTheIdentity() throws {
        let person = try Person()
        _ = try ArchiveTests.add(person)
        let made = try person.run(["archive", "key-file", "-o", "safe.key", "--json"])
        #expect(made.status == 0)
        #expect((try made.document()["ways"] as? [String])?.count == 2)
        let file = person.folder.path("safe.key")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try FileManager.default.removeItem(atPath: person.folder.path("home/identity"))
        #expect(try person.run(["archive", "verify"]).status == 1)
        let verified = try person.run(["archive", "verify", "--archive-key-file", file, "--json"])
        #expect(verified.status == 0)
        #expect(try verified.document()["faultCount"] as? Int == 0)
        let export = try person.run([
            "archive", "export", "--archive-key-file", file, "-o", "out",
            "--deliver-passphrase-file", person.newPassphrase,
        ])
        #expect(export.status == 0)
        #expect(export.talk.contains("94 sessions"))
    }

    @Test func aKeyFileMakesAnArchiveOnAMachineWithoutIdentity() throws {
        let owner = try Person()
        _ = try ArchiveTests.add(owner)
        _ = try owner.run(["archive", "key-file", "-o", "machine.key"])
        let machine = try Person(identity: false)
        let key = owner.folder.path("machine.key")
        let added = try machine.run([
            "archive", "add", Person.aliceKeys, "--json", "--keys-passphrase-file",
            machine.keysPassphrase, "--archive-key-file", key,
        ])
        #expect(added.status == 0)
        #expect(try ArchiveTests.counts(added)["new"] == 94)
    }

    @Test func aForgottenKeyFileUnlocksNothing() throws {
        let person = try Person()
        _ = try ArchiveTests.add(person)
        let made = try person.run(["archive", "key-file", "-o", "safe.key", "--json"]).document()
        let ways = try #require(made["ways"] as? [String])
        let name = try #require(ways.first { $0.hasPrefix("key file ") })
        #expect(try person.run(["archive", "key-file", "--forget", "key file 00"]).status == 6)
        #expect(try person.run(["archive", "key-file", "--forget", name]).status == 0)
        let refused = try person.run([
            "archive", "verify", "--archive-key-file", person.folder.path("safe.key"),
        ])
        #expect(refused.status == 3)
        let identity = try #require(ways.first { $0.hasPrefix("heir1") })
        #expect(try person.run(["archive", "key-file", "--forget", identity]).status == 64)
        #expect(try person.run(["archive", "verify"]).status == 0)
    }

    @Test("key files that are none", arguments: ["", "heirloom-archive-key-v1 AAAA", "x"])
    func noKeyFile(_ text: String) throws {
        let person = try Person()
        _ = try ArchiveTests.add(person)
        let file = try person.folder.write(Array(text.utf8), to: "bad.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        let refused = try person.run(["archive", "verify", "--archive-key-file", file])
        #expect(refused.status == 4)
        #expect(refused.talk.contains("no key file of an archive"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let open = try person.run(["archive", "verify", "--archive-key-file", file])
        #expect(open.status == 1)
        #expect(open.talk.contains("chmod 600"))
    }

    @Test func twoAtOnceBothCount() throws {
        let person = try holder()
        let both = #""$@" & "$@"; status=$?; wait $!; exit $((status + $?))"#
        let outcome = try add(person, under: both)
        #expect(outcome.status == 0)
        let journal = try person.run(["archive", "journal", "--json"]).document()
        #expect((journal["entries"] as? [Any])?.count == 2)
        let verified = try person.run(["archive", "verify", "--json"])
        #expect(try verified.document()["faultCount"] as? Int == 0)
    }

    @Test func aFullDiskLosesNothing() throws {
        let person = try holder()
        let before = try person.run(["archive", "list", "--json"]).output
        // No file may grow beyond 40 KiB, half of what this import writes ahead: a write ends as on
        // a full disk.
        let full = #"trap '' XFSZ; ulimit -f 40; exec "$@""#
        let outcome = try add(person, under: full)
        #expect(outcome.status != 0)
        #expect(outcome.talk.contains("heirloom: "))
        #expect(try person.run(["archive", "list", "--json"]).output == before)
        #expect(try person.run(["archive", "verify"]).status == 0)
        _ = try ArchiveTests.add(person)
        #expect(try person.run(["archive", "verify"]).status == 0)
    }

    /// Somebody whose archive holds a few keys already.
    private func holder() throws -> Person {
        let person = try Person()
        let bundle = "Tests/KeyFormatsTests/Corpus/rust-sdk.bundle.json"
        _ = try ArchiveTests.add(person, PackageFolder.root.appending(path: bundle).path)
        return person
    }

    /// Adds alice's keys, as a shell script runs the program.
    private func add(_ person: Person, under script: String) throws -> Outcome {
        try person.run(
            [
                "archive", "add", Person.aliceKeys, "--keys-passphrase-file",
                person.keysPassphrase,
            ], under: ["bash", "-c", script, "script"])
    }

    @Test func aSavedBackupIsAdded() throws {
        let person = try Person()
        let backup = PackageFolder.root.appending(
            path: "Tests/KeyFormatsTests/Corpus/backup-dan.json"
        ).path
        let saved = try PackageFolder.bytes(of: "Tests/KeyFormatsTests/Corpus/backup-dan.json")
        let whole = try JSONSerialization.jsonObject(with: Data(saved)) as? [String: Any]
        let key = try #require(whole?["recovery_key"] as? String)
        let secret = try person.folder.write(Array((key + "\n").utf8), to: "recovery")
        let added = try person.run([
            "archive", "add", backup, "--json", "--keys-passphrase-file", secret,
        ])
        #expect(added.status == 0)
        #expect(try ArchiveTests.counts(added)["new"] == 36)
        let wrong = try person.folder.write(
            Array("EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d\n".utf8),
            to: "other")
        let refused = try person.run(["inspect", backup, "--keys-passphrase-file", wrong])
        #expect(refused.status == 3)
        #expect(refused.talk.contains("not this backup's"))
        #expect(!refused.talk.contains("EsTc"))
        // Looked at without any secret.
        #expect(try person.run(["inspect", "--closed", backup]).status == 0)
    }
}
