import Foundation
import Homeserver
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Heirloom

/// A fetch that is interrupted, and answers that contradict themselves.
@Suite struct HistoryFetchTests {
    static let room = "!garden:example.org"

    /// Gives one token, whatever it is asked for.
    struct Token: PassphraseSource {
        func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
            Passphrase(bytes: SecretBytes(copying: Array("syt_secret".utf8).span))
        }
    }

    /// A room of seven events in pages of two, newest first, and a server that may fail.
    final class Room: Sendable {
        let failing = Mutex<Set<String>>([])
        /// The id, and the value, of the visibility that the state shows.
        let visibilityNow = Mutex(("$2", "shared"))
        let asked = Mutex<[String]>([])

        static func event(_ number: Int) -> String {
            let (type, content) =
                switch number {
                case 0: ("m.room.create", "{}")
                case 2: ("m.room.history_visibility", #"{"history_visibility":"shared"}"#)
                default: ("m.room.encrypted", "{}")
                }
            let key = type == "m.room.encrypted" ? "" : #""state_key":"","#
            return #"{"type":"\#(type)",\#(key)"event_id":"$\#(number)","sender":"@a:example.org","#
                + #""origin_server_ts":\#(1000 + number),"room_id":"\#(HistoryFetchTests.room)","#
                + #""content":\#(content)}"#
        }

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
            let path = request.path
            if path.hasSuffix("/whoami") { return .json(#"{"user_id":"@alice:example.org"}"#) }
            if path.hasSuffix("/state") { return .json("[\(Self.event(2))]") }
            if path.contains("/context/") {
                let (id, value) = visibilityNow.withLock { $0 }
                let event = Self.event(2).replacing("$2", with: id)
                    .replacing("\"shared\"", with: "\"\(value)\"")
                return .json(#"{"state":[\#(event)]}"#)
            }
            let from = request.query("from") ?? "6"
            asked.withLock { $0.append(from) }
            if failing.withLock({ $0.contains(from) }) { return .cut }
            let top = Int(from) ?? 0
            let events = stride(from: top, through: max(0, top - 1), by: -1).map(Self.event)
            let end = top >= 2 ? #","end":"\#(top - 2)""# : ""
            return .json(
                #"{"chunk":[\#(events.joined(separator: ","))],"start":"\#(from)"\#(end)}"#)
        }
    }

    /// Somebody logged in to the room's server.
    final class Reader {
        let folder: TemporaryFolder
        let room = Room()
        let server: LoopbackServer
        let home: Home

        init() async throws {
            folder = try TemporaryFolder()
            let room = self.room
            server = try LoopbackServer { request, _ in room.answer(request) }
            var home = Home(environment: ["HEIRLOOM_HOME": folder.path("home")])
            home.retries = RetryPolicy { _ async throws(CancellationError) in }
            self.home = home
            var login = LoginRequest()
            login.homeserver = server.address
            login.usesToken = true
            _ = try await home.logIn(login, Token())
        }

        func fetch(since: String? = nil, replacing: Bool = false) async throws(HeirloomError)
            -> HistoryFetchReport
        {
            var request = HistoryFetchRequest(room: HistoryFetchTests.room)
            request.since = since
            return try await HistoryFetch(request, home: home, now: 10_000).run(
                into: folder.path("room.jsonl"), replacing: replacing)
        }

        var saved: [String] {
            get throws {
                String(decoding: try folder.read("room.jsonl"), as: UTF8.self)
                    .split(separator: "\n").map(String.init)
            }
        }

        var names: [String] {
            get throws {
                try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
                    .filter { $0 != "home" }
            }
        }
    }

    @Test func savesAllEventsAsTheyWere() async throws {
        let reader = try await Reader()
        let report = try await reader.fetch()
        #expect(try reader.saved == (0...6).reversed().map(Room.event))
        #expect(report.events == 7)
        #expect(report.hasBeginning)
        #expect(!report.isResumed)
        #expect(report.checked == 1)
        #expect(try reader.names == ["room.jsonl", "room.jsonl.state.json"])
    }

    @Test func goesOnWhereItStopped() async throws {
        let reader = try await Reader()
        reader.room.failing.withLock { $0 = ["2"] }
        await #expect {
            try await reader.fetch()
        } throws: {
            ($0 as? HeirloomError)?.problem == .unreachableServer
        }
        #expect(try reader.names == ["room.jsonl.part", "room.jsonl.part.json"])
        reader.room.failing.withLock { $0 = [] }
        reader.room.asked.withLock { $0 = [] }
        let report = try await reader.fetch()
        #expect(reader.room.asked.withLock { $0 } == ["2", "0"])
        #expect(report.isResumed)
        #expect(try reader.saved == (0...6).reversed().map(Room.event))
    }

    @Test func whatAPageLeftHalfWrittenIsWrittenAgain() async throws {
        let reader = try await Reader()
        reader.room.failing.withLock { $0 = ["2"] }
        await #expect(throws: HeirloomError.self) { try await reader.fetch() }
        let part = reader.folder.path("room.jsonl.part")
        let file = try #require(FileHandle(forWritingAtPath: part))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"event_id":"$half"#.utf8))
        try file.close()
        reader.room.failing.withLock { $0 = [] }
        _ = try await reader.fetch()
        #expect(try reader.saved == (0...6).reversed().map(Room.event))
    }

    @Test func anotherFetchIsNotTakenUp() async throws {
        let reader = try await Reader()
        reader.room.failing.withLock { $0 = ["2"] }
        await #expect(throws: HeirloomError.self) { try await reader.fetch() }
        reader.room.failing.withLock { $0 = [] }
        await #expect {
            try await reader.fetch(since: "1970-01-01T00:00:01.005Z")
        } throws: {
            ($0 as? HeirloomError)?.problem == .fileExists
        }
        let report = try await reader.fetch(
            since: "1970-01-01T00:00:01.005Z", replacing: true)
        #expect(!report.isResumed)
    }

    @Test func stopsWhereTheTimeBegins() async throws {
        let reader = try await Reader()
        let report = try await reader.fetch(since: "1970-01-01T00:00:01.005Z")
        // One page beyond it shows that it is reached; then the state behind the oldest event.
        #expect(reader.room.asked.withLock { $0 } == ["6", "4"])
        #expect(try reader.saved == [6, 5, 4, 3, 2].map(Room.event))
        #expect(!report.hasBeginning)
    }

    @Test(
        "state that contradicts messages stops it",
        arguments: [("$other", "shared"), ("$2", "joined")])
    func contradictions(id: String, value: String) async throws {
        let reader = try await Reader()
        reader.room.visibilityNow.withLock { $0 = (id, value) }
        await #expect {
            try await reader.fetch()
        } throws: {
            ($0 as? HeirloomError)?.problem == .contradictoryHistory
        }
    }

    @Test func neverOverAFileThatIsThere() async throws {
        let reader = try await Reader()
        _ = try await reader.fetch()
        await #expect {
            try await reader.fetch()
        } throws: {
            ($0 as? HeirloomError)?.problem == .fileExists
        }
        _ = try await reader.fetch(replacing: true)
    }

    @Test func theTokenIsForItsOwnerAlone() async throws {
        let reader = try await Reader()
        let path = reader.folder.path("home/logins/@alice%3aexample.org.login")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        _ = unsafe chmod(path, 0o640)
        await #expect {
            try await reader.fetch()
        } throws: {
            ($0 as? HeirloomError)?.problem == .openToOthers
        }
    }
}
