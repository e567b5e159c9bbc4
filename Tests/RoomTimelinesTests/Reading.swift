import Bytes
import MatrixTypes
import RoomTimelines

/// Reads texts of saved history into one timeline.
func timeline(
    _ texts: [String], room: String? = "!room:example.org", users: Set<UserID>? = nil
) throws -> RoomTimeline {
    var builder = TimelineBuilder(roomID: try room.map { try RoomID($0) }, users: users)
    for text in texts { _ = try read(text, into: &builder) }
    return try builder.timeline()
}

/// Reads one text.
func read(_ text: String, into builder: inout TimelineBuilder) throws -> HistoryTally {
    let bytes = Array(text.utf8)
    let layout = try HistoryLayout(
        beginningOf: bytes.span.extracting(first: min(bytes.count, HistoryLayout.sniffByteCount)))
    return try builder.read(MemorySource(bytes), layout: layout)
}

extension RoomTimeline {
    /// All event ids, in order.
    var order: [String] { (0..<eventCount).map { eventID(at: $0).text } }
}
