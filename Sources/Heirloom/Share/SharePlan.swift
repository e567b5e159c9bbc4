import Bundles
import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing
import Selection

/// What would be handed over, to whom, and what not and why.
///
/// Nothing has been written.
public struct SharePlan: Sendable {
    let roomID: RoomID
    let recipients: [(identity: PublicIdentity, card: ContactCard)]
    let files: [KeyFileReport]
    let sessions: [PlannedSession]
    let overrideReason: String?
    /// The saved history that verdicts rest on; `nil` for none.
    let gathered: Gathered?
    let window: TimeWindow?
    let request: AskedFor?

    /// The plan as it is shown and written as JSON.
    public var report: ShareReport {
        ShareReport(
            room: roomID.text, recipients: recipients.map(\.card), files: files,
            history: gathered?.report, window: window.map(ShareReport.Window.init),
            request: request?.report,
            sessions: sessions.map(SessionReport.init), counts: counts, summary: summary,
            days: gathered.map { RoomDays(sessions, $0.timeline, window).report } ?? [],
            sealed: nil)
    }

    /// What the sessions add up to.
    public var counts: ShareReport.Counts {
        var counts = ShareReport.Counts()
        for session in sessions {
            counts.sessions += 1
            counts.duplicates += session.copyCount - 1
            switch session.fate {
            case .allowed: counts.allowed += 1
            case .overridden: counts.overridden += 1
            case .withheld: counts.withheld += 1
            case .refused: counts.refused += 1
            case .conflicting: counts.conflicting += 1
            case .outsideWindow: counts.outsideWindow += 1
            case .pastWindowEnd: counts.pastWindowEnd += 1
            case .unknownAge: counts.unknownAge += 1
            case .notRequested: counts.notRequested += 1
            }
        }
        return counts
    }

    private var summary: ShareReport.Summary {
        var summary = ShareReport.Summary()
        var (first, last): (UInt64?, UInt64?) = (nil, nil)
        var senders: [String: Int] = [:]
        for session in sessions {
            summary.lost += session.judgement?.lost.count ?? 0
            guard let start = session.start, let key = session.key else { continue }
            if key.sharedHistory != .shareable { summary.withoutFlag += 1 }
            if start > key.firstKnownIndex { summary.woundForward += 1 }
            if case .proven = session.proof { summary.proven += 1 }
            summary.opens += session.sight.count
            first = [first, session.sight.first].compactMap(\.self).min()
            last = [last, session.sight.last].compactMap(\.self).max()
            for sender in session.senders { senders[sender.text, default: 0] += 1 }
            if session.senders.isEmpty { summary.unknownSenders += 1 }
            if let past = session.window?.pastEnd {
                summary.sessionsPastEnd += 1
                summary.messagesPastEnd += past.messages
                let until = UTCDate.text(milliseconds: past.until)
                summary.pastEndUntil = max(summary.pastEndUntil ?? "", until)
            }
        }
        summary.firstAt = first.map { UTCDate.text(milliseconds: $0) }
        summary.lastAt = last.map { UTCDate.text(milliseconds: $0) }
        summary.senders = senders.map { .init(user: $0.key, sessions: $0.value) }
            .sorted { ($1.sessions, $0.user) < ($0.sessions, $1.user) }
        return summary
    }

    /// - Throws: `nothingMatched` where there is no key of the room, or none in the window;
    ///   `refusedByRules` where there are keys and none may go.
    public func checkNotEmpty() throws(HeirloomError) {
        let counts = counts
        guard counts.sessions > 0 else {
            throw HeirloomError(
                .select, .nothingMatched, "the key files hold no key of room \(roomID.text.shown)")
        }
        guard counts.allowed + counts.overridden == 0 else { return }
        guard counts.withheld + counts.refused + counts.conflicting == 0 else {
            throw HeirloomError(
                .judge, .refusedByRules,
                "of the room's sessions in hand (\(counts.sessions)), none may be handed over")
        }
        throw HeirloomError(
            .select, .nothingMatched,
            "of the room's sessions in hand (\(counts.sessions)), none is what was asked for")
    }
}
