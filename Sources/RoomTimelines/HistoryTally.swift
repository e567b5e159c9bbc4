/// What became of a file's events.
///
/// taken + repeated + otherRooms + malformed = total.
package struct HistoryTally: Hashable, Sendable {
    /// New here and in the timeline.
    package internal(set) var taken = 0
    /// Already read, from this file or another.
    package internal(set) var repeated = 0
    /// Of other rooms.
    package internal(set) var otherRooms = 0
    /// Not events as a homeserver gives them, by what is wrong.
    package internal(set) var faults: [EventFault: Int] = [:]

    package init() {}

    /// All of them that are no events.
    package var malformed: Int { faults.values.reduce(0, +) }
    /// All events of the file.
    package var total: Int { taken + repeated + otherRooms + malformed }
}

/// Why something in saved history is not taken for an event.
///
/// Where it may have been a state event, the timeline has a gap.
package enum EventFault: String, Error, CaseIterable, Hashable, Sendable {
    case notAnObject = "not a JSON object that can be read"
    case tooLong = "longer than any event may be"
    case noRoom = "no room_id"
    case noID = "no event_id"
    case noSender = "no sender"
    case noType = "no type"
    case noTime = "no origin_server_ts that is a number"
}
