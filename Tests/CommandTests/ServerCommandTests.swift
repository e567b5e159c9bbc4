import Foundation
import Synchronization
import TestSupport
import Testing

/// The built program against a homeserver: logins, an interrupted fetch, and answers that are none.
@Suite struct ServerCommandTests {
    static let room = "!garden:example.org"

    /// Somebody with a token, before any login.
    static func person() throws -> (Person, token: String) {
        let person = try Person(identity: false)
        return (person, try person.folder.write(Array("syt_secret\n".utf8), to: "token"))
    }

    static func whoami(_ name: String) -> LoopbackServer.Answer {
        .json(#"{"user_id":"@\#(name):example.org","device_id":"DEVICE"}"#)
    }

    @Test func aTokenIsKeptAndNeverShown() throws {
        let server = try LoopbackServer { _, _ in Self.whoami("alice") }
        let (person, token) = try Self.person()
        let login = ["login", "--homeserver", server.address, "--access-token-file", token]
        let outcome = try person.run(login + ["--json"])
        #expect(outcome.status == 0)
        #expect(try outcome.document()["user"] as? String == "@alice:example.org")
        #expect(!(outcome.output + outcome.talk).contains("syt_"))
        #expect(try person.run(login).status == 1)
        let path = person.folder.path("home/logins/@alice%3aexample.org.login")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        // What was brought along is forgotten, not ended.
        #expect(try person.run(["logout"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(server.requests.allSatisfy { $0.path.hasSuffix("/whoami") })
        #expect(try person.run(["logout"]).status == 1)
    }

    @Test func aLoginThatItBeganIsEnded() throws {
        let server = try LoopbackServer { request, _ in
            switch (request.method, request.path) {
            case ("GET", "/_matrix/client/v3/login"):
                .json(#"{"flows":[{"type":"m.login.password"}]}"#)
            case (_, "/_matrix/client/v3/login"):
                .json(
                    #"{"user_id":"@alice:example.org","access_token":"syt_new","device_id":"D"}"#)
            default: .json("{}")
            }
        }
        let (person, _) = try Self.person()
        let password = try person.folder.write(Array("pass \"word\"\n".utf8), to: "password")
        let login = [
            "login", "--user", "@alice:example.org", "--homeserver", server.address,
            "--password-file", password,
        ]
        #expect(try person.run(login).status == 0)
        let body = try #require(server.requests.last { $0.method == "POST" }?.body)
        let sent = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        #expect(sent?["password"] as? String == "pass \"word\"")
        #expect(try person.run(["logout"]).status == 0)
        let last = try #require(server.requests.last)
        #expect(last.path == "/_matrix/client/v3/logout")
        #expect(last.headers["authorization"] == "Bearer syt_new")
    }

    @Test func aServerWithoutPasswordsIsToldOf() throws {
        let server = try LoopbackServer { _, _ in .json(#"{"flows":[{"type":"m.login.sso"}]}"#) }
        let (person, token) = try Self.person()
        let outcome = try person.run([
            "login", "--user", "@alice:example.org", "--homeserver", server.address,
            "--password-file", token,
        ])
        #expect(outcome.status == 1)
        #expect(outcome.talk.contains("--access-token-file"))
        #expect(server.requests.allSatisfy { $0.method == "GET" })
    }

    @Test func oneOfSeveralIsNamed() throws {
        let (person, token) = try Self.person()
        for name in ["alice", "bob"] {
            let server = try LoopbackServer { _, _ in Self.whoami(name) }
            try person.run([
                "login", "--homeserver", server.address, "--access-token-file", token,
            ])
        }
        #expect(try person.run(["logout"]).status == 64)
        #expect(try person.run(["logout", "--user", "@carol:example.org"]).status == 1)
        #expect(try person.run(["logout", "--user", "@bob:example.org"]).status == 0)
        #expect(try person.run(["logout"]).status == 0)
    }

    @Test(
        "what is no homeserver's answer",
        arguments: [
            (
                "wrong token",
                LoopbackServer.Answer.json(#"{"errcode":"M_UNKNOWN_TOKEN"}"#, status: 401), 3
            ),
            ("a web page", .json("<html>hello</html>"), 4),
            ("another shape", .json("[]"), 4),
            ("a refusal", .json(#"{"errcode":"M_FORBIDDEN"}"#, status: 403), 1),
            ("a long wait", .json("{}", status: 429, headers: ["Retry-After": "86400"]), 1),
            ("an endless answer", .endless, 1),
        ] as [(String, LoopbackServer.Answer, Int32)])
    func bad(what: String, answer: LoopbackServer.Answer, status: Int32) throws {
        let server = try LoopbackServer { _, _ in answer }
        let (person, token) = try Self.person()
        let outcome = try person.run([
            "login", "--homeserver", server.address, "--access-token-file", token,
        ])
        #expect(outcome.status == status)
        #expect(outcome.talk.contains("hint: "))
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("home/logins")))
    }

    @Test func plainHTTPIsRefusedBeforeAnythingIsSent() throws {
        let (person, token) = try Self.person()
        let outcome = try person.run([
            "login", "--homeserver", "http://192.0.2.1:8008", "--access-token-file", token,
        ])
        #expect(outcome.status == 64)
        #expect(outcome.talk.contains("https://"))
    }

    @Test func aFetchThatWasKilledGoesOn() throws {
        let isBusy = Mutex(true)
        let asked = Mutex<[String]>([])
        let server = try LoopbackServer { request, _ in
            if request.path.hasSuffix("/whoami") { return Self.whoami("alice") }
            if request.path.hasSuffix("/state") { return .json("[]") }
            let from = request.query("from") ?? "2"
            asked.withLock { $0.append(from) }
            if from == "1", isBusy.withLock({ $0 }) {
                return .json("{}", status: 429, headers: ["Retry-After": "50"])
            }
            let number = Int(from) ?? 0
            let type = number == 0 ? "m.room.create" : "m.room.encrypted"
            let key = number == 0 ? #""state_key":"","# : ""
            let end = number == 0 ? "" : #","end":"\#(number - 1)""#
            return .json(
                #"{"chunk":[{"type":"\#(type)",\#(key)"event_id":"$\#(number)","content":{},"#
                    + #""sender":"@a:example.org","origin_server_ts":\#(number + 1)}],"start":"x"\#(end)}"#
            )
        }
        let (person, token) = try Self.person()
        try person.run(["login", "--homeserver", server.address, "--access-token-file", token])
        let fetch = ["history", "fetch", "--room", Self.room, "-o", "room.jsonl"]
        let killed = try person.run(fetch, under: ["timeout", "-s", "KILL", "2"])
        #expect(killed.status != 0)
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("room.jsonl")))
        isBusy.withLock { $0 = false }
        asked.withLock { $0 = [] }
        let outcome = try person.run(fetch + ["--json"])
        #expect(outcome.status == 0)
        #expect(try outcome.document()["isResumed"] as? Bool == true)
        #expect(asked.withLock { $0 } == ["1", "0"])
        let lines = String(decoding: try person.folder.read("room.jsonl"), as: UTF8.self)
        // One that says how it is saved, and three events.
        #expect(lines.split(separator: "\n").count == 4)
    }

    /// The key of the Rust SDK's backup lies in secret storage, which the homeserver holds too.
    @Test func aBackupOpensThroughSecretStorage() throws {
        let saved = try PackageFolder.bytes(of: "Tests/KeyFormatsTests/Corpus/backup-dan.json")
        let backup = try #require(
            try JSONSerialization.jsonObject(with: Data(saved)) as? [String: Any])
        // Written by Foundation, which escapes the slashes in session ids: that is JSON too.
        func text(_ value: Any?) throws -> String {
            String(
                decoding: try JSONSerialization.data(withJSONObject: try #require(value)),
                as: UTF8.self)
        }
        let version = try text(backup["version"])
        let keys = try text(backup["keys"])
        let accountData = try #require(backup["account_data"] as? [String: Any])
            .mapValues { try text($0) }
        let rooms = try #require((backup["keys"] as? [String: Any])?["rooms"] as? [String: Any])
        let room = try #require(rooms.keys.min())
        let oneRoom = try text(rooms[room])
        let server = try LoopbackServer { request, _ in
            let path = request.path.split(separator: "/").map(String.init)
            switch path.last ?? "" {
            case "whoami": return .json(#"{"user_id":"@dan:hs.test"}"#)
            case "version": return .json(version)
            case "keys": return .json(keys)
            case room: return .json(oneRoom)
            case let type:
                return accountData[type].map { .json($0) }
                    ?? .json(#"{"errcode":"M_NOT_FOUND"}"#, status: 404)
            }
        }
        let (person, token) = try Self.person()
        try person.run(["login", "--homeserver", server.address, "--access-token-file", token])
        let recovery = try person.folder.write(
            Array("\(try #require(backup["recovery_key"] as? String))\n".utf8), to: "recovery")
        func pull(_ more: [String]) throws -> Outcome {
            try person.run(
                [
                    "backup", "pull", "--recovery-key-file", recovery, "--deliver-passphrase-file",
                    person.newPassphrase, "--json",
                ] + more)
        }
        let all = try pull(["-o", "all.keys"])
        #expect(all.status == 0)
        #expect((try all.document()["file"] as? [String: Any])?["keys"] as? Int == 36)
        let one = try pull(["-o", "one.keys", "--room", room])
        #expect(one.status == 0)
        #expect(
            (try one.document()["file"] as? [String: Any])?["keys"] as? Int
                == ((rooms[room] as? [String: Any])?["sessions"] as? [String: Any])?.count)
        let wrong = try person.run([
            "backup", "pull", "-o", "no.keys", "--recovery-key-file", token,
            "--deliver-passphrase-file", person.newPassphrase,
        ])
        #expect(wrong.status == 3)
        #expect(!FileManager.default.fileExists(atPath: person.folder.path("no.keys")))
    }
}
