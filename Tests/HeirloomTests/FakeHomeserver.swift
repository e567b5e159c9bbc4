import Foundation
import Synchronization
import TestSupport

/// A homeserver with one room, the garden, that does what a test tells it, also what no honest one
/// does.
///
/// Tokens are `syt_` and a name. What it is told and what it was told to keep stand in `state`.
final class FakeHomeserver: Sendable {
    static let room = "!yJSbNihwXduhZwPJJb:heirloom.test"
    /// Another room, where people tell each other of keys.
    static let chat = "!chat:heirloom.test"

    /// A key backup.
    struct Backup {
        var version = "1"
        var publicKey: String
        /// Session id → `KeyBackupData` as JSON.
        var sessions: [String: String] = [:]
        /// What is done to a session before it is kept; `nil` for keeping what was there.
        var keeps: @Sendable (String) -> String? = { $0 }
        /// The version after the next write.
        var versionAfterWrite: String?
    }

    struct State {
        var visibility = "shared"
        var joined: Set<String> = ["alice"]
        /// The content of the invites, by user.
        var invites: [String: String] = [:]
        var inviter = "alice"
        /// What was sent to the other room, newest first: whole events.
        var chat: [String] = []
        var media: [String: [UInt8]] = [:]
        var uploadLimit = 1 << 20
        /// What an upload is refused with: a status and a code.
        var uploadRefusal: (Int, String)?
        var backup: Backup?
        /// What was written to the backup, in order.
        var writes: [String] = []
    }

    let state = Mutex(State())
    private let events: [String]

    init() throws {
        let url = PackageFolder.root.appending(path: "Tests/Rooms/garden/events-newton.json")
        let all = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        events = (all as? [[String: Any]] ?? []).map(Self.text)
    }

    func start() throws -> LoopbackServer {
        try LoopbackServer { request, _ in self.answer(request) }
    }

    private static func text(_ value: Any) -> String {
        let data = try? JSONSerialization.data(
            withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    private static func object(_ text: String) -> [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        return value as? [String: Any] ?? [:]
    }

    /// What somebody tells in the other room.
    static func event(by name: String, _ content: String) -> String {
        #"{"type":"dev.heirloom.hand_over","event_id":"$told","sender":"@\#(name):heirloom.test","#
            + #""origin_server_ts":1,"content":\#(content)}"#
    }

    private static let forbidden = LoopbackServer.Answer.json(
        #"{"errcode":"M_FORBIDDEN"}"#, status: 403)
    private static let notFound = LoopbackServer.Answer.json(
        #"{"errcode":"M_NOT_FOUND"}"#, status: 404)

    private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
        let name = String((request.headers["authorization"] ?? "").dropFirst("Bearer syt_".count))
        let path = request.segments
        let body = String(decoding: request.body, as: UTF8.self)
        return state.withLock { state in
            if path.contains("room_keys") {
                return Self.backup(request, path, body, &state)
            }
            if path.contains("account_data") { return Self.notFound }
            if path.contains("media") { return Self.media(request, path, &state) }
            switch (request.method, path.last ?? "") {
            case (_, "whoami"): return .json(#"{"user_id":"@\#(name):heirloom.test"}"#)
            case (_, "sync"): return .json(Self.sync(name, state))
            case (_, "join"):
                state.joined.insert(name)
                return .json("{}")
            case ("PUT", _) where path.contains(Self.chat):
                state.chat.insert(Self.event(by: name, body), at: 0)
                return .json(#"{"event_id":"$told"}"#)
            case ("PUT", let user):
                state.invites[user] = body
                return .json("{}")
            case (_, "messages") where path.contains(Self.chat):
                return .json(#"{"chunk":[\#(state.chat.joined(separator: ","))],"start":"s"}"#)
            default: break
            }
            guard state.joined.contains(name) else { return Self.forbidden }
            if path.contains("m.room.member") {
                let other = String((path.last ?? "").dropFirst().prefix { $0 != ":" })
                guard state.joined.contains(other) else { return Self.notFound }
                return .json(#"{"content":{"membership":"join"}}"#)
            }
            return room(request, path, state)
        }
    }

    private func room(
        _ request: LoopbackServer.Request, _ path: [String], _ state: State
    ) -> LoopbackServer.Answer {
        // Whoever is not in was never in: the recorded room knows Newton's later join.
        let known = events.filter {
            state.joined.contains("newton") || !$0.contains(#""state_key":"@newton"#)
        }
        let visible = known.map {
            $0.replacing(
                #""history_visibility":"shared""#,
                with: #""history_visibility":"\#(state.visibility)""#)
        }
        switch path.last ?? "" {
        case "messages":
            let end = request.query("from").flatMap { Int($0) } ?? visible.count
            let start = max(0, end - 50)
            let chunk = visible[start..<end].reversed().joined(separator: ",")
            let next = start > 0 ? #","end":"\#(start)""# : ""
            return .json(#"{"chunk":[\#(chunk)],"start":"\#(end)"\#(next)}"#)
        case "state":
            let state = visible.filter { $0.contains(#""state_key":"#) }
            return .json("[\(state.joined(separator: ","))]")
        default:
            guard path.contains("context") else { return Self.notFound }
            let change = visible.filter { $0.contains(#""m.room.history_visibility""#) }
            return .json(#"{"state":[\#(change.joined(separator: ","))]}"#)
        }
    }

    private static func sync(_ name: String, _ state: State) -> String {
        let user = "@\(name):heirloom.test"
        guard let content = state.invites[user], !state.joined.contains(name) else {
            return #"{"next_batch":"s"}"#
        }
        return #"{"next_batch":"s","rooms":{"invite":{"\#(room)":{"invite_state":{"events":["#
            + #"{"type":"m.room.member","state_key":"\#(user)","#
            + #""sender":"@\#(state.inviter):heirloom.test","content":\#(content)}]}}}}}"#
    }

    private static func media(
        _ request: LoopbackServer.Request, _ path: [String], _ state: inout State
    ) -> LoopbackServer.Answer {
        switch path.last ?? "" {
        case "config": return .json(#"{"m.upload.size":\#(state.uploadLimit)}"#)
        case "upload":
            if let (status, code) = state.uploadRefusal {
                return .json(#"{"errcode":"\#(code)"}"#, status: status)
            }
            let id = "file\(state.media.count)"
            state.media[id] = request.body
            return .json(#"{"content_uri":"mxc://heirloom.test/\#(id)"}"#)
        case let id: return state.media[id].map { .bytes($0) } ?? notFound
        }
    }

    private static func backup(
        _ request: LoopbackServer.Request, _ path: [String], _ body: String,
        _ state: inout State
    ) -> LoopbackServer.Answer {
        guard var backup = state.backup else { return notFound }
        if path.last == "version" {
            return .json(
                #"{"algorithm":"m.megolm_backup.v1.curve25519-aes-sha2","version":"\#(backup.version)","#
                    + #""auth_data":{"public_key":"\#(backup.publicKey)"}}"#)
        }
        guard request.query("version") == backup.version else {
            return .json(#"{"errcode":"M_WRONG_ROOM_KEYS_VERSION"}"#, status: 403)
        }
        if request.method == "PUT" {
            state.writes.append(body)
            let rooms = object(body)["rooms"] as? [String: Any]
            let sent = (rooms?[room] as? [String: Any])?["sessions"] as? [String: Any] ?? [:]
            for (id, data) in sent {
                if let kept = backup.keeps(text(data)) { backup.sessions[id] = kept }
            }
            if let after = backup.versionAfterWrite { backup.version = after }
            state.backup = backup
            return .json(#"{"etag":"e","count":\#(backup.sessions.count)}"#)
        }
        if path.dropLast().last == room {
            return backup.sessions[path.last ?? ""].map { .json($0) } ?? notFound
        }
        let sessions = backup.sessions.map { #""\#($0.key)":\#($0.value)"# }
        let inner = #"{"sessions":{\#(sessions.joined(separator: ","))}}"#
        return .json(path.last == room ? inner : #"{"rooms":{"\#(room)":\#(inner)}}"#)
    }
}
