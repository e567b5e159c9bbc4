import Foundation
import TestSupport
import Testing

/// The program at a terminal of its own.
private final class Session {
    private let process = Process()
    private let keyboard = Pipe()
    private let screen = Pipe()
    private var seen = ""

    /// Runs the program under `script`, which gives it a terminal.
    init(_ person: Person, _ arguments: [String]) throws {
        let words = [Person.program.path] + arguments
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = ["-qefc", line, "/dev/null"]
        process.currentDirectoryURL = person.folder.url
        process.environment = [
            "HEIRLOOM_HOME": person.folder.path("home"), "PATH": "/usr/bin:/bin", "LC_ALL": "C",
        ]
        process.standardInput = keyboard
        process.standardOutput = screen
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits until the screen shows `text` after what was seen before.
    func wait(for text: String) -> Bool {
        while !seen.contains(text) {
            let more = screen.fileHandleForReading.availableData
            if more.isEmpty { return false }
            seen += String(decoding: more, as: UTF8.self)
        }
        return true
    }

    func type(_ text: String) {
        seen = ""
        keyboard.fileHandleForWriting.write(Data(text.utf8))
    }

    /// Everything shown until the program ended, and its exit status.
    func end() -> (screen: String, status: Int32) {
        while true {
            let more = screen.fileHandleForReading.availableData
            if more.isEmpty { break }
            seen += String(decoding: more, as: UTF8.self)
        }
        process.waitUntilExit()
        return (seen, process.terminationStatus)
    }
}

/// Prompts: what is asked, what is shown, and that Ctrl-C always answers.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
struct TerminalTests {
    @Test func aTypedPassphraseIsNeverShown() throws {
        let person = try Person(identity: false)
        let session = try Session(person, ["identity", "new"])
        #expect(session.wait(for: "New passphrase"))
        session.type("correct horse battery\n")
        #expect(session.wait(for: "The same again"))
        session.type("correct horse battery\n")
        let (screen, status) = session.end()
        #expect(status == 0)
        #expect(!screen.contains("correct horse"))
        #expect(screen.contains("heir1"))
        let opened = try Session(person, ["identity", "export-age-key", "-o", "age.key"])
        #expect(opened.wait(for: "Passphrase of your identity"))
        opened.type("correct horse battery\n")
        #expect(opened.end().status == 0)
        let wrong = try Session(person, ["identity", "export-age-key", "-o", "other.key"])
        #expect(wrong.wait(for: "Passphrase of your identity"))
        wrong.type("correct horse batterz\n")
        #expect(wrong.end().status == 3)
    }

    @Test func anEmptyPassphraseGivesTenWords() throws {
        let person = try Person(identity: false)
        let session = try Session(person, ["identity", "new"])
        #expect(session.wait(for: "ten random words"))
        session.type("\n")
        let (screen, status) = session.end()
        #expect(status == 0)
        let line = screen.split(whereSeparator: \.isNewline).first {
            $0.filter { $0 == "-" }.count == 9
        }
        #expect(line != nil)
    }

    @Test func twoPassphrasesThatDifferMakeNothing() throws {
        let person = try Person(identity: false)
        let session = try Session(person, ["identity", "new"])
        #expect(session.wait(for: "New passphrase"))
        session.type("correct horse battery\n")
        #expect(session.wait(for: "The same again"))
        session.type("correct horse batters\n")
        #expect(session.end().status == 1)
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("home/identity")))
    }

    @Test func aShortPassphraseIsNotTaken() throws {
        let person = try Person(identity: false)
        let session = try Session(person, ["identity", "new"])
        #expect(session.wait(for: "New passphrase"))
        session.type("short\n")
        let (screen, status) = session.end()
        #expect(status == 1)
        #expect(screen.contains("12 characters"))
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("home/identity")))
    }

    @Test func controlCAtAPromptCancels() throws {
        let person = try Person(identity: false)
        let session = try Session(person, ["identity", "new"])
        #expect(session.wait(for: "New passphrase"))
        session.type("half a passphr\u{03}")
        let (screen, status) = session.end()
        #expect(status == 130)
        #expect(!screen.contains("half a"))
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("home/identity")))
    }

    @Test(arguments: [("n\n", Int32(130)), ("y\n", 0)])
    func sealingWaitsForAYes(answer: String, status: Int32) throws {
        let pair = try Pair()
        let session = try Session(
            pair.alice,
            [
                "share", "--keys", Person.aliceKeys, "--keys-passphrase-file",
                pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "-o",
                "sealed",
            ])
        #expect(session.wait(for: "Keys cannot be un-sent. [y/N]"))
        session.type(answer)
        #expect(session.end().status == status)
        let exists = FileManager.default.fileExists(atPath: pair.alice.folder.path("sealed"))
        #expect(exists == (status == 0))
    }

    @Test func codesTakeTurnsUntilAKeyIsPressed() throws {
        let pair = try Pair()
        let session = try Session(
            pair.alice,
            [
                "share", "--yes", "--keys", Person.aliceKeys, "--keys-passphrase-file",
                pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "--qr", "-",
            ])
        #expect(session.wait(for: "part 2 of"))
        #expect(session.wait(for: "any key ends"))
        session.type("x")
        let (screen, status) = session.end()
        #expect(status == 0)
        #expect(screen.contains("Sealed 27 sessions into codes"))
    }

    @Test func whatWasNotNamedIsShownAndAsked() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        let session = try Session(
            pair.newton,
            [
                "receive", sealed, "--deliver", "keys", "--deliver-passphrase-file",
                pair.newton.newPassphrase,
            ])
        #expect(session.wait(for: "Go on with this room and this giver? [y/N]"))
        session.type("y\n")
        #expect(session.end().status == 0)
        #expect(FileManager.default.fileExists(atPath: pair.newton.folder.path("keys")))
    }

    @Test func muchWorkIsAskedAboutFirst() throws {
        let person = try Person(identity: false)
        var raw: [UInt8] = [1] + [UInt8](repeating: 7, count: 32)
        raw += [0x01, 0x31, 0x2d, 0x00] + [UInt8](repeating: 9, count: 40)
        let body = Data(raw).base64EncodedString()
        let text =
            "-----BEGIN MEGOLM SESSION DATA-----\n\(body)\n-----END MEGOLM SESSION DATA-----\n"
        _ = try person.folder.write(Array(text.utf8), to: "much.txt")
        let arguments = ["inspect", "much.txt", "--keys-passphrase-file", person.keysPassphrase]
        let session = try Session(person, arguments)
        #expect(session.wait(for: "20000000 rounds of key derivation, about 8 seconds"))
        session.type("n\n")
        #expect(session.end().status == 1)
        let alone = try person.run(arguments)
        #expect(alone.status == 1)
        #expect(alone.talk.contains("expected at most 10000000"))
    }

    @Test func fingerprintsAreComparedByTheProgram() throws {
        let alice = try Person()
        let newton = try Person()
        try alice.run(["contact", "add", "newton", try newton.identity])
        let session = try Session(alice, ["contact", "verify", "newton"])
        #expect(session.wait(for: "Fingerprint as newton reads it out"))
        session.type(try newton.fingerprint.uppercased() + "\n")
        #expect(session.end().status == 0)
    }

    @Test func aSealedFileDoesNotGoToATerminal() throws {
        let pair = try Pair()
        let session = try Session(
            pair.alice,
            [
                "share", "--keys", Person.aliceKeys, "--keys-passphrase-file",
                pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "-o", "-",
                "--yes",
            ])
        let (screen, status) = session.end()
        #expect(status == 1)
        #expect(screen.contains("will not go to a terminal"))
    }
}
