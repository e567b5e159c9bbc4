import Bundles
import HistoryRules
import MatrixTypes
import Megolm
import Sealing
import Selection

/// One session of the room, and what is to become of it.
enum PlannedSession: Sendable {
    case judged(SelectedKey, Judgement)
    case conflict(SessionConflict)

    var sessionID: SessionID {
        switch self {
        case .judged(let selected, _): selected.key.sessionID
        case .conflict(let conflict): conflict.sessionID
        }
    }
}

/// What would be handed over, to whom, and what not and why.
///
/// Nothing has been written.
public struct SharePlan: Sendable {
    let roomID: RoomID
    let recipients: [(identity: PublicIdentity, card: ContactCard)]
    let files: [KeyFileReport]
    let sessions: [PlannedSession]
    let overrideReason: String?

    init(
        roomID: RoomID, recipients: [(PublicIdentity, ContactCard)], files: [KeyFileReport],
        sessions: [PlannedSession], overrideReason: String?
    ) {
        self.roomID = roomID
        self.recipients = recipients.map { (identity: $0.0, card: $0.1) }
        self.files = files
        self.sessions = sessions
        self.overrideReason = overrideReason
    }

    /// The plan as it is shown and written as JSON.
    public var report: ShareReport {
        ShareReport(
            room: roomID.text, recipients: recipients.map(\.card), files: files,
            sessions: sessions.map(SessionReport.init), counts: counts, sealed: nil)
    }

    /// What the sessions add up to.
    public var counts: ShareReport.Counts {
        var counts = ShareReport.Counts()
        for session in sessions {
            counts.sessions += 1
            switch session {
            case .conflict(let conflict):
                counts.conflicting += 1
                counts.duplicates += conflict.copyCount - 1
            case .judged(let selected, let judgement):
                counts.duplicates += selected.copyCount - 1
                switch (judgement.verdict, judgement.rule) {
                case (.allow, .override): counts.overridden += 1
                case (.allow, _): counts.allowed += 1
                case (.withhold, _): counts.withheld += 1
                case (.refuse, _): counts.refused += 1
                }
            }
        }
        return counts
    }

    /// - Throws: `nothingMatched` where there is no key of the room, `refusedByRules` where there
    ///   are keys and none may go.
    public func checkNotEmpty() throws(HeirloomError) {
        let counts = counts
        guard counts.sessions > 0 else {
            throw HeirloomError(
                .select, .nothingMatched, "the key files hold no key of room \(roomID.text.shown)")
        }
        guard counts.allowed + counts.overridden > 0 else {
            throw HeirloomError(
                .judge, .refusedByRules,
                "none of the \(counts.sessions) sessions of the room may be handed over")
        }
    }
}

/// The account of a share.
public struct ShareReport: Encodable, Sendable {
    /// allowed + overridden + withheld + refused + conflicting = sessions.
    public struct Counts: Encodable, Equatable, Sendable {
        /// Sessions of the room in all key files.
        public internal(set) var sessions = 0
        /// Handed over with the rules' blessing.
        public internal(set) var allowed = 0
        /// Handed over against their advice.
        public internal(set) var overridden = 0
        /// Not handed over on what is known.
        public internal(set) var withheld = 0
        /// Not handed over whatever anybody says.
        public internal(set) var refused = 0
        /// Not handed over because copies contradict each other.
        public internal(set) var conflicting = 0
        /// Entries beyond the first of a session.
        public internal(set) var duplicates = 0
    }

    /// The document's name and version.
    public let schema = "heirloom.share.v1"
    /// The room's id.
    public let room: String
    /// To whom.
    public let recipients: [ContactCard]
    /// What became of each key file's entries.
    public let files: [KeyFileReport]
    /// One verdict a session, by session id.
    public let sessions: [SessionReport]
    /// What they add up to.
    public let counts: Counts
    /// What was written; `nil` for a plan.
    public var sealed: SealedReport?
}

/// What was sealed and where it is.
public struct SealedReport: Encodable, Equatable, Sendable {
    /// Where it was written; `-` is standard output.
    public let path: String
    /// Its size.
    public let byteCount: Int
    /// The bundle's id, 32 hexadecimal digits.
    public let bundleID: String
    /// How many sessions it holds.
    public let sessions: Int
    /// Until when it may be taken in, ISO 8601.
    public let expiresAt: String
}

/// One session's verdict.
public struct SessionReport: Encodable, Equatable, Sendable {
    /// The session's id.
    public let sessionID: String
    /// `allow`, `withhold`, `refuse` or `conflict`.
    public let verdict: String
    /// The rule that gave it.
    public let rule: String
    /// The reason, in words.
    public let reason: String
    /// Event ids the verdict rests on.
    public let evidence: [String]
    /// The first message it opens.
    public let firstKnownIndex: UInt32?
    /// The claimed creator's Curve25519 key; `nil` where it is unknown.
    public let senderKey: String?
    /// Whether its shared-history flag is true.
    public let sharedHistory: Bool

    init(_ session: PlannedSession) {
        switch session {
        case .judged(let selected, let judgement):
            self.init(selected.key, judgement)
        case .conflict(let conflict):
            self.init(
                sessionID: conflict.sessionID.text, verdict: "conflict", rule: "conflicting-copies",
                reason: conflict.reason.description, evidence: [], firstKnownIndex: nil,
                senderKey: nil, sharedHistory: false)
        }
    }

    init(_ key: RoomKey, _ judgement: Judgement) {
        let (verdict, index) =
            switch judgement.verdict {
            case .allow(let from): ("allow", from)
            case .withhold: ("withhold", key.firstKnownIndex)
            case .refuse: ("refuse", key.firstKnownIndex)
            }
        self.init(
            sessionID: key.sessionID.text, verdict: verdict, rule: judgement.rule.name,
            reason: judgement.rule.description, evidence: judgement.evidence.map(\.text),
            firstKnownIndex: index.value, senderKey: key.claims.senderKey?.text,
            sharedHistory: key.sharedHistory == .shareable)
    }

    private init(
        sessionID: String, verdict: String, rule: String, reason: String, evidence: [String],
        firstKnownIndex: UInt32?, senderKey: String?, sharedHistory: Bool
    ) {
        self.sessionID = sessionID
        self.verdict = verdict
        self.rule = rule
        self.reason = reason
        self.evidence = evidence
        self.firstKnownIndex = firstKnownIndex
        self.senderKey = senderKey
        self.sharedHistory = sharedHistory
    }
}
