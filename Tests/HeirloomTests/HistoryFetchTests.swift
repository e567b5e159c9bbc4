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
        /// What every page says of the next one, where it does not tell the truth.
        let next = Mutex<(@Sendable (Int) -> String)?>(nil)
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
                // Somebody's idea of another one, which is not the room's.
                let other = event.replacing(#""state_key":"""#, with: #""state_key":"x""#)
                    .replacing("\"\(value)\"", with: "\"world_readable\"")
                return .json(#"{"state":[\#(other),\#(event)]}"#)
            }
            if let next = next.withLock({ $0 }) {
                let number = asked.withLock {
                    $0.append("")
                    return $0.count
                }
                return .json(#"{"chunk":[],"start":"a","end":"\#(next(number))"}"#)
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
            home.retries.longestSilence = 3_600_000
            home.retries.longestRequest = 3_600_000
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
                let lines = String(decoding: try folder.read("room.jsonl"), as: UTF8.self)
                    .split(separator: "\n").map(String.init)
                #expect(lines[0] == #"{"heirloom_history":1,"order":"newest-first"}"#)
                return Array(lines[1...])
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

    @Test("pages that never end are left", arguments: [true, false])
    func endless(isRound: Bool) async throws {
        let reader = try await Reader()
        reader.room.next.withLock { $0 = { isRound ? "\($0 % 3)" : "\($0)" } }
        await #expect {
            try await reader.fetch()
        } throws: {
            ($0 as? HeirloomError)?.problem == .malformedAnswer
        }
        #expect(reader.room.asked.withLock { $0.count } == (isRound ? 4 : 1000))
    }

    @Test func aStateFileThatIsThereStays() async throws {
        let reader = try await Reader()
        let path = try reader.folder.write(Array("precious".utf8), to: "room.jsonl.state.json")
        await #expect {
            try await reader.fetch()
        } throws: {
            ($0 as? HeirloomError)?.problem == .fileExists
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
        _ = try await reader.fetch(replacing: true)
        #expect(try Data(contentsOf: URL(filePath: path)) != Data("precious".utf8))
    }

    @Test func aDamagedLoginIsNobodyElsesMatter() async throws {
        let reader = try await Reader()
        let logins = URL(filePath: "\(reader.home.data)/logins")
        let names = try FileManager.default.contentsOfDirectory(atPath: logins.path)
        #expect(names.count == 1)
        let bad = logins.appending(path: "@bob%3aexample.org.login")
        try Data("heirloom-login 1\nfoo\n".utf8).write(to: bad)
        #expect(throws: HeirloomError.self) { try reader.home.logins() }
        _ = try reader.home.session(of: "@alice:example.org")
        let room = Self.room
        await #expect(throws: HeirloomError.self) {
            var request = HistoryFetchRequest(room: room)
            request.user = "@bob:example.org"
            return try await HistoryFetch(request, home: reader.home, now: 10_000).run(
                into: reader.folder.path("x.jsonl"))
        }
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
