import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Selection

/// One session of the room, and what is to become of it.
struct PlannedSession: Sendable {
    /// What becomes of it; every session has exactly one of these.
    enum Fate: Hashable, Sendable {
        /// It goes, from this index on.
        case allowed(from: MessageIndex)
        /// It goes against the rules' advice.
        case overridden(from: MessageIndex)
        case withheld
        case refused
        /// Copies contradict each other, or messages contradict the key.
        case conflicting
        /// None of its messages lies in the window.
        case outsideWindow
        /// It runs past the window's end, which was ruled out.
        case pastWindowEnd
        /// None of its messages is known, so whether it lies in the window is not.
        case unknownAge
        /// A request was answered, and it does not name it.
        case notRequested
    }

    let sessionID: SessionID
    /// The key, unless copies contradict each other and nothing decides.
    let key: RoomKey?
    let copyCount: Int
    let fate: Fate
    /// What the rules say; `nil` where they were not asked.
    let judgement: Judgement?
    /// Why it conflicts; empty where it does not.
    var conflict: (name: String, reason: String) = ("", "")
    let proof: SessionProof
    /// What it gives to the window; `nil` without one.
    var window: WindowShare?
    /// What it opens of the room's known messages.
    var sight = SessionSight()
    /// Who sent them.
    var senders: [UserID] = []

    /// From where on it goes; `nil` where it does not.
    var start: MessageIndex? {
        switch fate {
        case .allowed(let from), .overridden(let from): from
        default: nil
        }
    }
}

/// What a session's key opens of a room's known messages.
///
/// Only what they add up to: a room has a million messages.
struct SessionSight: Hashable, Sendable {
    /// How many messages.
    private(set) var count = 0
    /// When the first of them was sent, milliseconds since 1970; `nil` for none.
    private(set) var first: UInt64?
    /// When the last was.
    private(set) var last: UInt64?

    init() {}

    /// - Parameter start: the first index that the key opens; `nil` for a key that stays closed.
    init(_ messages: [SeenMessage], from start: MessageIndex?) {
        guard let start else { return }
        for message in messages where message.index >= start {
            count += 1
            first = min(first ?? message.timestamp, message.timestamp)
            last = max(last ?? message.timestamp, message.timestamp)
        }
    }
}
