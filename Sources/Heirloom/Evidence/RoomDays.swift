import MatrixTypes
import RoomTimelines
import Sealing
import Selection

/// One day of a room, and what a share opens of it.
public struct RoomDay: Encodable, Equatable, Sendable {
    /// The day, `2026-03-01`, in UTC.
    public let day: String
    /// All messages that are known of it.
    public internal(set) var messages = 0
    /// Those that the share opens inside what was asked for.
    public internal(set) var opened = 0
    /// Those that it opens though they lie past the window's end.
    public internal(set) var pastEnd = 0
    /// Whether any of the day lies in the window.
    public let isInside: Bool

    /// One day; by default all of it is asked for.
    public init(day: String, messages: Int = 0, opened: Int = 0, isInside: Bool = true) {
        self.day = day
        self.messages = messages
        self.opened = opened
        self.isInside = isInside
    }
}

/// A room's days.
struct RoomDays {
    private static let millisecondsInDay: UInt64 = 86_400_000
    let report: [RoomDay]

    init(_ sessions: [PlannedSession], _ timeline: RoomTimeline, _ window: TimeWindow?) {
        var days: [UInt64: RoomDay] = [:]
        func count(_ time: UInt64, _ body: (inout RoomDay) -> Void) {
            let day = time / Self.millisecondsInDay
            let start = day * Self.millisecondsInDay
            let isInside =
                (window?.since.map { start + Self.millisecondsInDay > $0 } ?? true)
                && (window?.until.map { start <= $0 } ?? true)
            body(
                &days[
                    day,
                    default: RoomDay(
                        day: String(UTCDate.text(milliseconds: start).prefix(10)),
                        isInside: isInside)])
        }
        for session in timeline.sessionIDs {
            for message in timeline.messages(of: session) {
                count(message.timestamp) { $0.messages += 1 }
            }
        }
        for session in sessions {
            guard let start = session.start else { continue }
            for message in timeline.messages(of: session.sessionID) where message.index >= start {
                let isPast = window?.until.map { message.timestamp > $0 } ?? false
                count(message.timestamp) { if isPast { $0.pastEnd += 1 } else { $0.opened += 1 } }
            }
        }
        report = days.sorted { $0.key < $1.key }.map(\.value)
    }
}
