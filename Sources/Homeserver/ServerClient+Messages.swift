import Bytes
package import MatrixTypes
import NIOHTTP1
import StrictJSON

/// One page of a room's past.
package struct MessagePage: Sendable {
    /// The events, in the order asked for.
    package let events: [ServerEvent]
    /// Where the next page begins; `nil` at the end, and only there: a page may be empty.
    package let next: String?
}

/// A room's past (client-server API, "Getting events for a room").
extension ServerClient {
    private static let rooms = ["_matrix", "client", "v3", "rooms"]

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
        let body = try await bytes(
            Call(path: Self.rooms + [room.text, "messages"], query: query))
        return try Self.page(body)
    }

    /// The room's state now, or as it was when the person left.
    package func state(of room: RoomID) async throws(HomeserverError) -> [ServerEvent] {
        let body = try await bytes(Call(path: Self.rooms + [room.text, "state"]))
        return try Self.events(of: body, layout: .array, "state").events
    }

    /// The room's state at an event; `nil` where the server does not show that event.
    package func state(
        of room: RoomID, at event: String
    ) async throws(HomeserverError) -> [ServerEvent]? {
        do throws(HomeserverError) {
            let body = try await bytes(
                Call(
                    path: Self.rooms + [room.text, "context", event], query: [("limit", "0")]))
            return try Self.events(
                of: body, layout: .object(arrays: ["state"]), "context"
            ).events
        } catch .refused(status: 403...404, _) {
            return nil
        }
    }

    private static func page(_ body: [UInt8]) throws(HomeserverError) -> MessagePage {
        let (events, end) = try events(
            of: body, layout: .object(arrays: ["chunk"], values: ["end"]), "messages")
        return MessagePage(events: events, next: end)
    }

    private static func events(
        of body: [UInt8], layout: JSONElements.Layout, _ call: String
    ) throws(HomeserverError) -> (events: [ServerEvent], end: String?) {
        var events: [ServerEvent] = []
        var end: String?
        do throws(StrictJSONError) {
            var elements = JSONElements(MemorySource(body), layout: layout)
            while let element = try elements.next() {
                let window = elements.window
                switch element {
                case .tooLong: events.append(.tooLong)
                case .value(let range, _):
                    events.append(ServerEvent(window.span.extracting(range)))
                case .member(let range, _):
                    end = try JSONValue(window.span.extracting(range)).text
                }
            }
        } catch {
            throw .malformedAnswer(call: call)
        }
        return (events, end)
    }
}
