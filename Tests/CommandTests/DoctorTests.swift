import Foundation
import TestSupport
import Testing

/// `doctor` as a person uses it; what it makes of every spoilt form is tried with other programs in
/// `Tests/Witnesses/doctor.py`.
@Suite struct DoctorTests {
    static func doctor(
        _ person: Person, _ file: String, _ more: [String] = []
    ) throws -> Outcome {
        try person.run(
            ["doctor", file, "--keys-passphrase-file", person.keysPassphrase] + more)
    }

    static func findings(_ outcome: Outcome) throws -> [String] {
        let findings = try outcome.document()["findings"] as? [[String: Any]]
        return findings?.compactMap { $0["name"] as? String } ?? []
    }

    /// Alice's export as a mail program leaves it.
    static func mailed(_ person: Person) throws -> String {
        let text = try String(contentsOfFile: Person.aliceKeys, encoding: .utf8)
        let mail = "Hello,\r\n" + text.replacing("\n", with: "\r\n")
        return try person.folder.write(Array(mail.utf8), to: "mail.txt")
    }

    @Test func aSoundFileIsSaidToBe() throws {
        let person = try Person(identity: false)
        let outcome = try Self.doctor(person, Person.aliceKeys)
        #expect(outcome.status == 0)
        #expect(outcome.talk.contains("Nothing is wrong with it"))
        #expect(try Self.findings(Self.doctor(person, Person.aliceKeys, ["--json"])) == [])
    }

    @Test func whatIsFoundIsNamedWithWhoStumbles() throws {
        let person = try Person(identity: false)
        let file = try Self.mailed(person)
        let before = try Data(contentsOf: URL(fileURLWithPath: file))
        let outcome = try Self.doctor(person, file)
        #expect(outcome.status == 2)
        #expect(outcome.talk.contains("something else stands before the begin line"))
        #expect(outcome.talk.contains("stumbles: Element X and others on the Rust SDK, matrix-nio"))
        #expect(outcome.talk.contains("‘heirloom doctor \(file) -o NEW’"))
        #expect(
            try Self.findings(Self.doctor(person, file, ["--json"]))
                == ["text-before", "carriage-returns"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
    }

    @Test func aMendedFileStaysUnderItsPassphraseOrGetsAnother() throws {
        let person = try Person(identity: false)
        let file = try Self.mailed(person)
        let mended = person.folder.path("mended.txt")
        #expect(try Self.doctor(person, file, ["-o", mended]).status == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: mended)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try Self.doctor(person, mended).status == 0)
        // Never over what is there, unless it is said.
        #expect(try Self.doctor(person, file, ["-o", mended]).status == 1)
        let other = ["-o", mended, "--force", "--deliver-passphrase-file", person.newPassphrase]
        #expect(try Self.doctor(person, file, other).status == 0)
        #expect(try Self.doctor(person, mended).status == 3)
        let opened = try person.run([
            "doctor", mended, "--keys-passphrase-file", person.newPassphrase, "--json",
        ])
        #expect(opened.status == 0)
        #expect(try opened.document()["sessions"] as? Int == 94)
    }

    @Test func oneBadEntryCostsNoOther() throws {
        let person = try Person(identity: false)
        let good = Person.spoiltKey
        let bad = good.replacing(#""session_key":"AQ"#, with: #""session_key":"!!"#)
        let file = try person.folder.write(Array("\(good)\n\(bad)\n".utf8), to: "keys.jsonl")
        let mended = person.folder.path("mended.txt")
        let outcome = try person.run([
            "doctor", file, "-o", mended, "--deliver-passphrase-file", person.newPassphrase,
            "--json",
        ])
        #expect(outcome.status == 2)
        #expect(try Self.findings(outcome) == ["readable", "invalid-entry"])
        #expect((try outcome.document()["mended"] as? [String: Any])?["keys"] as? Int == 1)
    }

    @Test func nothingIsWrittenWhereNothingCanBeMended() throws {
        let person = try Person(identity: false)
        let text = try String(contentsOfFile: Person.aliceKeys, encoding: .utf8)
        let half = try person.folder.write(Array(text.prefix(text.count / 2).utf8), to: "half.txt")
        let mended = person.folder.path("mended.txt")
        let outcome = try Self.doctor(person, half, ["-o", mended])
        #expect(outcome.status == 4)
        #expect(outcome.talk.contains("cut short"))
        #expect(!FileManager.default.fileExists(atPath: mended))
        let empty = try person.folder.write(Array("[]".utf8), to: "empty.json")
        let nothing = try person.run([
            "doctor", empty, "-o", mended, "--deliver-passphrase-file", person.newPassphrase,
        ])
        #expect(nothing.status == 6)
        #expect(!FileManager.default.fileExists(atPath: mended))
    }
}
