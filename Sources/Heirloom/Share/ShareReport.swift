import Sealing
import Selection

/// The account of a share.
public struct ShareReport: Encodable, Sendable {
    /// allowed + overridden + withheld + refused + conflicting + outsideWindow + pastWindowEnd +
    /// unknownAge + notRequested = sessions.
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
        /// Not handed over because copies contradict each other, or messages the key.
        public internal(set) var conflicting = 0
        /// Left out because none of their messages lies in the window.
        public internal(set) var outsideWindow = 0
        /// Left out because they run past the window's end, which was ruled out.
        public internal(set) var pastWindowEnd = 0
        /// Left out of the window because nobody knows when they were used.
        public internal(set) var unknownAge = 0
        /// Left out because the request does not name them.
        public internal(set) var notRequested = 0
        /// Entries beyond the first of a session.
        public internal(set) var duplicates = 0
    }

    /// What goes, in sum.
    public struct Summary: Encodable, Equatable, Sendable {
        /// Somebody whose sessions go.
        public struct Sender: Encodable, Equatable, Sendable {
            /// The Matrix user.
            public let user: String
            /// How many of their sessions.
            public let sessions: Int
        }

        /// How many known messages it opens.
        public internal(set) var opens = 0
        /// When the first of them was sent, ISO 8601.
        public internal(set) var firstAt: String?
        /// When the last of them was.
        public internal(set) var lastAt: String?
        /// Who sent them.
        public internal(set) var senders: [Sender] = []
        /// Sessions of which no message is known.
        public internal(set) var unknownSenders = 0
        /// Sessions without the shared-history flag.
        public internal(set) var withoutFlag = 0
        /// Sessions that go from a later message on than the key file has them.
        public internal(set) var woundForward = 0
        /// Sessions whose key a real message proves.
        public internal(set) var proven = 0
        /// Messages that are theirs to see and that no key opens without opening what is not.
        public internal(set) var lost = 0
        /// Sessions that run past the window's end.
        public internal(set) var sessionsPastEnd = 0
        /// How many known messages those open beyond it.
        public internal(set) var messagesPastEnd = 0
        /// The time of the last of them, ISO 8601.
        public internal(set) var pastEndUntil: String?
    }

    /// The time that was asked for.
    public struct Window: Encodable, Equatable, Sendable {
        /// From when on, ISO 8601; `nil` for the room's beginning.
        public let since: String?
        /// Until when; `nil` for open.
        public let until: String?

        init(_ window: TimeWindow) {
            since = window.since.map { UTCDate.text(milliseconds: $0) }
            until = window.until.map { UTCDate.text(milliseconds: $0) }
        }
    }

    /// The document's name and version.
    public let schema = "heirloom.share.v1"
    /// The room's id.
    public let room: String
    /// To whom.
    public let recipients: [ContactCard]
    /// What became of each key file's entries.
    public let files: [KeyFileReport]
    /// The evidence; `nil` for none.
    public let history: HistoryReport?
    /// The time that was asked for; `nil` for all of it.
    public let window: Window?
    /// The request that is answered; `nil` for none.
    public let request: AskedForReport?
    /// One verdict a session, by session id.
    public let sessions: [SessionReport]
    /// What they add up to.
    public let counts: Counts
    /// What goes, in sum.
    public let summary: Summary
    /// The room's days, oldest first; empty without history.
    public let days: [RoomDay]
    /// What was written; `nil` for a plan.
    public var sealed: SealedReport?
    /// The codes that were written.
    public var codes: [WrittenCodes] = []
}

/// What was sealed and where it is.
public struct SealedReport: Encodable, Equatable, Sendable {
    /// Where it was written; `-` is standard output, `nil` codes only.
    public let path: String?
    /// Its size.
    public let byteCount: Int
    /// The bundle's id, 32 hexadecimal digits.
    public let bundleID: String
    /// How many sessions it holds.
    public let sessions: Int
    /// Until when it may be taken in, ISO 8601.
    public let expiresAt: String

    init(path: String, byteCount: Int, bundleID: String, sessions: Int, expiresAt: String) {
        self.path = path
        self.byteCount = byteCount
        self.bundleID = bundleID
        self.sessions = sessions
        self.expiresAt = expiresAt
    }

    /// What was sealed in memory, and the file it went to besides.
    public init(_ sealed: SealedHandOver, path: String?) {
        self.path = path
        byteCount = sealed.bytes.count
        bundleID = sealed.bundleID
        sessions = sealed.sessions
        expiresAt = sealed.expiresAt
    }
}
