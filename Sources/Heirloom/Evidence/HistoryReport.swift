import HistoryRules
import MatrixTypes
import RoomTimelines
import Sealing

/// What became of a saved history file's events.
///
/// taken + repeated + otherRooms + malformed = all of them.
public struct HistoryFileReport: Encodable, Equatable, Sendable {
    /// The file, `-` for standard input; or where it was fetched from.
    public let path: String
    /// New here.
    public let taken: Int
    /// Read before, from this file or another.
    public let repeated: Int
    /// Of other rooms.
    public let otherRooms: Int
    /// No events as a homeserver gives them.
    public let malformed: Int
    /// What is wrong with those, and how often.
    public let faults: [String: Int]

    init(_ path: String, _ tally: HistoryTally) {
        self.path = path
        taken = tally.taken
        repeated = tally.repeated
        otherRooms = tally.otherRooms
        malformed = tally.malformed
        faults = Dictionary(uniqueKeysWithValues: tally.faults.map { ($0.key.rawValue, $0.value) })
    }
}

/// The evidence that verdicts rest on, and what is odd about it.
public struct HistoryReport: Encodable, Equatable, Sendable {
    /// A change of the room's history visibility.
    public struct Visibility: Encodable, Equatable, Sendable {
        /// `world_readable`, `shared`, `invited` or `joined`.
        public let visibility: String
        /// The state event's id.
        public let eventID: String
        /// When it was sent, ISO 8601.
        public let at: String
    }

    /// What became of each file's events.
    public let files: [HistoryFileReport]
    /// For whom was judged.
    public let judgedFor: [String]
    /// Whether they count as joining now.
    public let asJoining: Bool
    /// All events of the room.
    public let events: Int
    /// Messages that name their session and index.
    public let messages: Int
    /// Encrypted events whose content was redacted.
    public let redacted: Int
    /// Encrypted events that are no Megolm messages.
    public let undecipherable: Int
    /// Messages that name a session which did not sign them; they count for nothing.
    public let foreign: Int
    /// Messages of one person's that another sent again; they count for nothing.
    public let replayed: Int
    /// When the first event was sent, ISO 8601.
    public let firstAt: String
    /// When the last was.
    public let lastAt: String
    /// Whether the room's creation is the first event.
    public let beginsWithCreation: Bool
    /// Event ids that a gap stands before.
    public let gaps: [String]
    /// Steps back in time between two messages of one session.
    public let clockContradictions: Int
    /// Messages saved in another order than that of their indices.
    public let orderContradictions: Int
    /// Events where the homeserver's word on the reader's membership differs from the membership
    /// events; the stricter counted.
    public let readerDisagreements: Int
    /// How the room's history visibility was set.
    public let visibility: [Visibility]

    init(
        _ timeline: RoomTimeline, files: [HistoryFileReport], evidence: [Evidence]
    ) {
        self.files = files
        judgedFor = evidence.map(\.recipient.user.text)
        asJoining = evidence.contains(where: \.recipient.isJoining)
        events = timeline.eventCount
        let census = timeline.census()
        messages = census.messages
        redacted = census.redacted
        undecipherable = census.undecipherable
        foreign = census.foreign
        replayed = census.replayed
        firstAt = UTCDate.text(milliseconds: timeline.timestamp(at: 0))
        lastAt = UTCDate.text(milliseconds: timeline.timestamp(at: timeline.eventCount - 1))
        beginsWithCreation = timeline.beginsWithCreation
        gaps = timeline.gaps.map { timeline.eventID(at: $0).text }
        clockContradictions = census.clockContradictions
        orderContradictions = census.orderContradictions
        readerDisagreements = evidence.first?.readerDisagreements ?? 0
        visibility = timeline.visibilityChanges.map { change in
            Visibility(
                visibility: change.value.rawValue, eventID: change.id.text,
                at: UTCDate.text(milliseconds: timeline.timestamp(at: change.position)))
        }
    }
}
