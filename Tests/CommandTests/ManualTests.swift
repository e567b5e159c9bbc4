import Foundation
import TestSupport
import Testing

/// What the program says of itself.
@Suite struct ManualTests {
    static let commands = [
        ["identity", "new"], ["identity", "show"], ["identity", "change-passphrase"],
        ["identity", "export-age-key"], ["contact", "add"], ["contact", "verify"],
        ["contact", "list"], ["contact", "remove"], ["inspect"], ["share"], ["receive"],
        ["coverage"], ["convert"], ["doctor"], ["identity", "publish"], ["login"], ["logout"],
        ["history", "fetch"], ["backup", "pull"], ["backup", "push"], ["invite"], ["attach"],
        ["accept"],
    ]

    @Test("speaks JSON and takes no secret as an argument", arguments: commands)
    func speaksJSON(_ command: [String]) throws {
        let help = try Person(identity: false).run(command + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("--json"))
        for line in help.output.split(separator: "\n") where line.contains("passphrase") {
            #expect(!line.contains("--passphrase <"), "\(line)")
            #expect(!line.contains("<passphrase>"), "\(line)")
        }
    }

    @Test func exitCodesAreListed() throws {
        let person = try Person(identity: false)
        let codes = try person.run(["help", "exit-codes"])
        let listed = codes.output.split(separator: "\n").map { $0.split(separator: " ")[0] }
        #expect(listed == ["0", "1", "2", "3", "4", "5", "6", "64", "130"])
        #expect(try person.run(["share", "--nonsense"]).status == 64)
    }

    @Test func secretsStayOutOfWhatIsSaid() throws {
        let pair = try Pair()
        let plain = pair.alice.folder.path("plain.jsonl")
        try pair.alice.run([
            "convert", Person.aliceKeys, "--keys-passphrase-file", pair.alice.keysPassphrase,
            "--to", "json-lines", "--readable", "-o", plain,
        ])
        let lines = String(decoding: try pair.alice.folder.read("plain.jsonl"), as: UTF8.self)
        let keys = try lines.split(separator: "\n").map { line in
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return entry?["session_key"] as? String ?? ""
        }
        #expect(keys.count == 94)
        var said = ""
        for more in [[], ["--plan"], ["--json", "--force"]] {
            let outcome = try pair.alice.share(to: ["newton"], more)
            said += outcome.output + outcome.talk
        }
        let received = try pair.newton.receive(
            pair.alice.folder.path("sealed"), from: "alice", ["--json"])
        said += received.output + received.talk
        // Bytes 1 to 132 are the secret; the public key at the end is the session's id.
        for key in keys { #expect(!said.contains(key.prefix(170).suffix(60))) }
        #expect(!said.contains("flagged pass 2"))
        #expect(!said.contains("a delivered passphrase"))
    }

    @Test func dataThatReachesNobodyIsNoSuccess() throws {
        let person = try Person()
        let full = try person.run(
            ["identity", "show"], under: ["sh", "-c", "\"$0\" \"$@\" > /dev/full"])
        #expect(full.status == 1)
        #expect(full.talk.contains("standard output cannot be written"))
    }

    @Test(arguments: [["LC_ALL": "C"], ["TZ": "Asia/Kathmandu"], ["LC_ALL": "tr_TR.UTF-8"]])
    func placesMakeNoDifference(environment: [String: String]) throws {
        let pair = try Pair()
        let shared = try pair.alice.run(
            [
                "share", "--plan", "--json", "--keys", Person.aliceKeys, "--keys-passphrase-file",
                pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton",
            ], environment: environment)
        #expect(shared.status == 0)
        #expect((try shared.document()["sessions"] as? [Any])?.count == 27)
    }
}
