package import Bytes
package import MatrixTypes
package import StrictJSON

/// Why saved history cannot serve as evidence at all.
///
/// What is wrong with single events is counted in `HistoryTally` and ends nothing.
package enum TimelineError: Error, Equatable, Sendable {
    /// The source failed.
    case stream(StreamError)
    /// The JSON around the events breaks.
    case json(StrictJSONError)
    /// Not a page, an array of events or one event a line.
    case unknownLayout
    /// A client's chat export: it has no session ids, so it says nothing of keys.
    case chatExport
    /// The same event id with two contents: one copy was changed.
    case contradictoryCopies(EventID)
    /// Saved files that cannot both be right about the order of events.
    case contradictoryOrder(EventID)
    /// The events of one file go back and forth in time: they are in no order.
    case noOrder(forward: Int, backward: Int)
    /// More events than are held.
    case tooManyEvents(limit: Int)
    /// No event of the room, or of any room where none was named.
    case empty
}

extension TimelineError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .stream(let error): error.description
        case .json(let error): error.description
        case .unknownLayout:
            "it is no saved history: expected /messages pages, an array of events or one event a line"
        case .chatExport:
            "it is a chat export, which names no sessions: expected events as the homeserver gives them"
        case .contradictoryCopies(let id):
            "event \(id.text) stands in the saved history twice, with two contents"
        case .contradictoryOrder(let id):
            "the saved files contradict each other on the order of events, at \(id.text)"
        case .noOrder(let forward, let backward):
            "its events are in no order: \(forward) steps forward in time and \(backward) back"
        case .tooManyEvents(let limit): "it holds more than \(limit) events"
        case .empty: "it holds no event of the room"
        }
    }
}
