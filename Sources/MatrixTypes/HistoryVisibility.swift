/// A room's `m.room.history_visibility` (Matrix spec, "Room history visibility").
package enum HistoryVisibility: String, CaseIterable, Hashable, Sendable {
    case worldReadable = "world_readable"
    case shared
    case invited
    case joined
}
