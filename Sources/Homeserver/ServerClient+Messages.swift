package import MatrixTypes
import NIOHTTP1
package import StrictJSON

/// One page of a room's past.
package struct MessagePage: Sendable {
    /// The events, in the order asked for.
    package let events: [JSONValue]
    /// State that came with them, such as members of lazily loaded pages.
    package let state: [JSONValue]
    /// Where the next page begins; `nil` at the end, and only there: a page may be empty.
    package let next: String?
}

/// A room's past (client-server API, "Getting events for a room").
extension ServerClient {
    /// A page of at most `limit` events.
    ///
    /// - Parameters:
    ///   - from: what the page before said; `nil` for the end that `newestFirst` begins at.
    ///   - filter: a `RoomEventFilter` as JSON.
    package func messages(
        of room: RoomID, from: String?, newestFirst: Bool, limit: Int = 500,
        filter: String? = nil
    ) async throws(HomeserverError) -> MessagePage {
        var query = [("dir", newestFirst ? "b" : "f"), ("limit", String(limit))]
        if let from { query.append(("from", from)) }
        if let filter { query.append(("filter", filter)) }
        let answer = try await json(
            Call(
                path: ["_matrix", "client", "v3", "rooms", room.text, "messages"], query: query))
        guard let events = answer["chunk"]?.elements else {
            throw .malformedAnswer(call: "messages")
        }
        return MessagePage(
            events: events, state: answer["state"]?.elements ?? [], next: answer["end"]?.text)
    }

    /// The room's state now, or as it was when the person left.
    package func state(of room: RoomID) async throws(HomeserverError) -> [JSONValue] {
        let answer = try await json(
            Call(path: ["_matrix", "client", "v3", "rooms", room.text, "state"]))
        guard let events = answer.elements else { throw .malformedAnswer(call: "state") }
        return events
    }
}
