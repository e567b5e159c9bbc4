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
    /// Its known messages, ascending by index.
    var messages: [SeenMessage] = []
    /// Who sent them.
    var senders: [UserID] = []

    /// From where on it goes; `nil` where it does not.
    var start: MessageIndex? {
        switch fate {
        case .allowed(let from), .overridden(let from): from
        default: nil
        }
    }

    /// The known messages that it opens for the recipient.
    var opened: [SeenMessage] {
        guard let start else { return [] }
        return messages.filter { $0.index >= start }
    }
}
