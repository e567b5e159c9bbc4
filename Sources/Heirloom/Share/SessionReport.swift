import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing
import Selection

/// One session's verdict.
public struct SessionReport: Encodable, Equatable, Sendable {
    /// What a session does in a time window.
    public struct Window: Encodable, Equatable, Sendable {
        /// How many known messages it opens inside.
        public let inside: Int
        /// How many known messages it opens beyond the end, which cannot be cut.
        public let pastEnd: Int
        /// The time of the last of those, ISO 8601.
        public let pastEndUntil: String?

        init(_ share: WindowShare) {
            inside = share.inside
            pastEnd = share.pastEnd?.messages ?? 0
            pastEndUntil = share.pastEnd.map { UTCDate.text(milliseconds: $0.until) }
        }
    }

    /// The session's id.
    public let sessionID: String
    /// `allow`, `withhold`, `refuse`, `conflict`, `outside-window`, `past-window-end`,
    /// `unknown-age`, `not-requested`; when receiving also `quarantine`, `same`, `worse`.
    public internal(set) var verdict: String
    /// The rule that gave it.
    public internal(set) var rule: String
    /// The reason, in words.
    public internal(set) var reason: String
    /// Event ids the verdict rests on.
    public internal(set) var evidence: [String] = []
    /// Messages that are the recipient's to see and that no key can open without opening what is
    /// not.
    public internal(set) var lost: [String] = []
    /// The first message that it opens for the recipient, or would.
    public internal(set) var firstKnownIndex: UInt32?
    /// The first message that the key opened before it was wound forward.
    public internal(set) var keyIndex: UInt32?
    /// The claimed creator's Curve25519 key; `nil` where it is unknown.
    public internal(set) var senderKey: String?
    /// Whether its shared-history flag is true.
    public internal(set) var sharedHistory = false
    /// `proven`, `vouched` or `contradicted`, by real messages.
    public internal(set) var proof = SessionProof.vouched.name
    /// From which index on it is proven.
    public internal(set) var provenFrom: UInt32?
    /// Who sent its known messages.
    public internal(set) var senders: [String] = []
    /// How many known messages it opens for the recipient.
    public internal(set) var opens = 0
    /// When the first of them was sent, ISO 8601.
    public internal(set) var firstAt: String?
    /// When the last of them was.
    public internal(set) var lastAt: String?
    /// What it does in the window; `nil` without one.
    public internal(set) var window: Window?

    init(_ session: PlannedSession) {
        sessionID = session.sessionID.text
        rule = session.judgement?.rule.name ?? "none"
        reason = session.judgement?.rule.description ?? ""
        (verdict, rule, reason) =
            switch session.fate {
            case .allowed, .overridden: ("allow", rule, reason)
            case .withheld: ("withhold", rule, reason)
            case .refused: ("refuse", rule, reason)
            case .conflicting: ("conflict", session.conflict.name, session.conflict.reason)
            case .outsideWindow:
                ("outside-window", rule, "none of its messages that may go lies in the window")
            case .pastWindowEnd:
                ("past-window-end", rule, "it runs past the window's end, which was ruled out")
            case .unknownAge:
                ("unknown-age", rule, "no message of it is known, so nobody knows when it was used")
            case .notRequested: ("not-requested", "none", "the request does not name it")
            }
        evidence = session.judgement?.evidence.map(\.text) ?? []
        lost = session.judgement?.lost.map(\.text) ?? []
        firstKnownIndex = (session.start ?? session.key?.firstKnownIndex)?.value
        if let key = session.key { tell(key) }
        tell(session.proof)
        senders = session.senders.map(\.text)
        tell(session.sight)
        window = session.window.map(Window.init)
    }

    init(_ session: ReceivedSession) {
        sessionID = session.key.sessionID.text
        (verdict, rule, reason) = session.told
        evidence = session.judgement.evidence.map(\.text)
        lost = session.judgement.lost.map(\.text)
        firstKnownIndex = (session.start ?? session.key.firstKnownIndex).value
        tell(session.key)
        tell(session.proof)
        senders = session.senders.map(\.text)
        tell(session.sight)
    }

    private mutating func tell(_ key: RoomKey) {
        keyIndex = key.firstKnownIndex.value
        senderKey = key.claims.senderKey?.text
        sharedHistory = key.sharedHistory == .shareable
    }

    private mutating func tell(_ proof: SessionProof) {
        self.proof = proof.name
        if case .proven(let from, _) = proof { provenFrom = from.value }
    }

    private mutating func tell(_ sight: SessionSight) {
        opens = sight.count
        firstAt = sight.first.map { UTCDate.text(milliseconds: $0) }
        lastAt = sight.last.map { UTCDate.text(milliseconds: $0) }
    }
}
