import Bundles
import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing

/// What keys open of a room's history, message by message.
public struct CoverageResult: Sendable {
    let timeline: RoomTimeline
    let historyFiles: [HistoryFileReport]
    let keyFiles: [KeyFileReport]
    let withheld: [SessionID: String]
    let before: [SessionID: KeyStanding]
    let after: [SessionID: KeyStanding]?
    let evidence: Evidence?
    let user: UserID?

    /// Why a message opens or does not.
    func state(at position: Int, _ standings: [SessionID: KeyStanding]) -> MessageState? {
        guard let kind = timeline.messageKind(at: position) else { return nil }
        switch kind {
        case .redacted: return .redacted
        case .undecipherable: return .undecipherable
        case .foreign: return .foreign
        case .message(let session, let index):
            switch standings[session] {
            case .opens(let from):
                return index >= from ? .readable : .tooLate(by: from.value - index.value)
            case .unusable(let reason): return .unusableKey(reason)
            case nil: return withheld[session].map { .withheld(code: $0) } ?? .noSession
            }
        }
    }

    /// Whether a sealed file opens a message that nothing else does; `nil` without one.
    func isAdded(at position: Int, _ before: MessageState) -> Bool? {
        guard let after else { return nil }
        return before != .readable && state(at: position, after) == .readable
    }

    /// The account as it is shown and written as JSON.
    public var report: CoverageReport {
        CoverageReport(self)
    }

    /// Sessions that lack something, and the lowest index that is missing of each.
    public var gaps: [CoverageReport.Gap] {
        missing.map { .init(sessionID: $0.sessionID.text, lowestMissing: $0.lowestMissing.value) }
    }

    var missing: [GapRequest.Gap] {
        var lowest: [SessionID: MessageIndex] = [:]
        for session in timeline.sessionIDs {
            for message in timeline.messages(of: session) {
                if case .readable = state(at: message.position, after ?? before) { continue }
                if let evidence, !evidence.entitlement(at: message.position).isGranted { continue }
                lowest[session] = min(lowest[session] ?? message.index, message.index)
            }
        }
        return lowest.sorted { $0.key < $1.key }
            .map { GapRequest.Gap(sessionID: $0.key, lowestMissing: $0.value) }
    }
}

/// Why one message opens or does not.
enum MessageState: Hashable, Sendable {
    case readable
    /// No key of its session.
    case noSession
    /// The key begins `by` messages too late.
    case tooLate(by: UInt32)
    /// A bundle says that it was not to be had.
    case withheld(code: String)
    /// The key at hand is not the session's.
    case unusableKey(String)
    /// Its content was redacted.
    case redacted
    /// Encrypted, and no Megolm message.
    case undecipherable
    /// It names a session that did not sign it.
    case foreign

    var name: String {
        switch self {
        case .readable: "readable"
        case .noSession: "no-session"
        case .tooLate: "index-too-late"
        case .withheld: "withheld"
        case .unusableKey: "unusable-key"
        case .redacted: "redacted"
        case .undecipherable: "not-megolm"
        case .foreign: "not-of-its-session"
        }
    }

    var detail: String? {
        switch self {
        case .tooLate(let by): "the key begins \(by) messages later"
        case .withheld(let code): code
        case .unusableKey(let reason): reason
        case .readable, .noSession, .redacted, .undecipherable, .foreign: nil
        }
    }
}
