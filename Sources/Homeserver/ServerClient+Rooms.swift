import Bytes
package import MatrixTypes
import NIOHTTP1
package import StrictJSON

/// Invites, joins and events (client-server API, "Rooms").
extension ServerClient {
    private static let version = ["_matrix", "client", "v3"]
    private static let rooms = version + ["rooms"]

    /// Invites somebody with the whole content of the membership event.
    ///
    /// By the state endpoint: `POST /invite` takes nothing but a reason.
    package func invite(
        _ user: UserID, to room: RoomID, content: [String: JSONValue]
    ) async throws(HomeserverError) {
        var content = content
        content["membership"] = .string("invite")
        try await put(
            Self.rooms + [room.text, "state", "m.room.member", user.text], .object(content))
    }

    /// Sends an event; the same `transaction` twice sends one.
    package func send(
        _ type: String, to room: RoomID, content: JSONValue, transaction: String
    ) async throws(HomeserverError) {
        try await put(Self.rooms + [room.text, "send", type, transaction], content)
    }

    /// Joins a room one is invited to; joining twice is joining once.
    package func join(_ room: RoomID) async throws(HomeserverError) {
        _ = try await bytes(
            Call(
                method: .POST, path: Self.rooms + [room.text, "join"], body: Array("{}".utf8),
                limit: 1 << 16))
    }

    /// A person's membership event, whole; `nil` where there is none.
    package func membership(
        of user: UserID, in room: RoomID
    ) async throws(HomeserverError) -> JSONValue? {
        do throws(HomeserverError) {
            return try await json(
                Call(
                    path: Self.rooms + [room.text, "state", "m.room.member", user.text],
                    query: [("format", "event")], limit: 1 << 20))
        } catch .refused(status: 403...404, _) {
            return nil
        }
    }

    /// One event; `nil` where the server does not show it.
    package func event(
        _ id: String, in room: RoomID
    ) async throws(HomeserverError) -> JSONValue? {
        do throws(HomeserverError) {
            return try await json(
                Call(path: Self.rooms + [room.text, "event", id], limit: 1 << 20))
        } catch .refused(status: 403...404, _) {
            return nil
        }
    }

    /// The stripped state that came with an invite; `nil` where there is none to that room.
    ///
    /// By an initial sync of that room alone, never continued: nothing of what other clients wait
    /// for is used up.
    package func inviteState(of room: RoomID) async throws(HomeserverError) -> [JSONValue]? {
        let none: JSONValue = .object(["types": .array([])])
        let filter: JSONValue = .object([
            "room": .object([
                "rooms": .array([.string(room.text)]),
                "timeline": .object(["limit": .integer(1)]), "ephemeral": none,
                "account_data": none,
            ]),
            "presence": none, "account_data": none,
        ])
        let text = String(decoding: filter.canonical ?? [], as: UTF8.self)
        let answer = try await json(
            Call(
                path: Self.version + ["sync"], query: [("timeout", "0"), ("filter", text)],
                limit: 4 << 20))
        return answer["rooms"]?["invite"]?[room.text]?["invite_state"]?["events"]?.elements
    }

    /// A field of somebody's profile; `nil` where there is none.
    package func profileField(
        _ name: String, of user: UserID
    ) async throws(HomeserverError) -> JSONValue? {
        do throws(HomeserverError) {
            let answer = try await json(
                Call(path: Self.version + ["profile", user.text, name], limit: 1 << 20))
            return answer[name]
        } catch .refused(status: 403...404, _) {
            return nil
        }
    }

    /// Sets a field of one's own profile, which everybody can read.
    package func putProfileField(
        _ name: String, of user: UserID, _ value: JSONValue
    ) async throws(HomeserverError) {
        try await put(Self.version + ["profile", user.text, name], .object([name: value]))
    }

    /// Somebody's devices and cross-signing keys, as their server gives them.
    ///
    /// - Throws: `incompleteAnswer`: no answer is not “no devices”.
    package func deviceKeys(of user: UserID) async throws(HomeserverError) -> JSONValue {
        let body: JSONValue = .object(["device_keys": .object([user.text: .array([])])])
        let answer = try await json(
            Call(
                method: .POST, path: Self.version + ["keys", "query"], body: body.canonical ?? [],
                limit: 4 << 20))
        guard answer["failures"]?.members?[user.serverName] == nil else {
            throw .incompleteAnswer
        }
        return answer
    }

    private func put(_ path: [String], _ content: JSONValue) async throws(HomeserverError) {
        guard let body = content.canonical else { throw .malformedAnswer(call: "our own request") }
        _ = try await bytes(Call(method: .PUT, path: path, body: body, limit: 1 << 16))
    }
}
