import MatrixTypes
import RoomTimelines
import Sealing

/// What keys open of a room's history.
public struct CoverageReport: Encodable, Sendable {
    /// Messages by what became of them.
    ///
    /// readable + added + noSession + indexTooLate + withheld + unusableKey + redacted + notMegolm +
    /// notOfItsSession = total.
    public struct Counts: Encodable, Equatable, Sendable {
        /// A key opens it.
        public internal(set) var readable = 0
        /// No key of its session.
        public internal(set) var noSession = 0
        /// The key begins too late.
        public internal(set) var indexTooLate = 0
        /// A bundle says that it was not to be had.
        public internal(set) var withheld = 0
        /// The key at hand is not the session's.
        public internal(set) var unusableKey = 0
        /// Its content was redacted: nothing is left to open.
        public internal(set) var redacted = 0
        /// Encrypted otherwise.
        public internal(set) var notMegolm = 0
        /// It names a session that did not sign it.
        public internal(set) var notOfItsSession = 0
        /// All encrypted events.
        public internal(set) var total = 0
        /// How many more a sealed file would open; `nil` without one.
        public internal(set) var added: Int?

        /// Adds another day's, sender's or session's.
        public mutating func add(_ other: Counts) {
            readable += other.readable
            noSession += other.noSession
            indexTooLate += other.indexTooLate
            withheld += other.withheld
            unusableKey += other.unusableKey
            redacted += other.redacted
            notMegolm += other.notMegolm
            notOfItsSession += other.notOfItsSession
            total += other.total
            if let more = other.added { added = (added ?? 0) + more }
        }

        mutating func count(_ state: MessageState, added isAdded: Bool?) {
            total += 1
            if let isAdded {
                added = (added ?? 0) + (isAdded ? 1 : 0)
                if isAdded { return }
            }
            switch state {
            case .readable: readable += 1
            case .noSession: noSession += 1
            case .tooLate: indexTooLate += 1
            case .withheld: withheld += 1
            case .unusableKey: unusableKey += 1
            case .redacted: redacted += 1
            case .undecipherable: notMegolm += 1
            case .foreign: notOfItsSession += 1
            }
        }
    }

    /// One day of the room, in UTC.
    public struct Day: Encodable, Equatable, Sendable {
        /// `2026-03-01`.
        public let day: String
        /// What became of its messages.
        public internal(set) var counts = Counts()
    }

    /// Somebody who sent encrypted messages.
    public struct Sender: Encodable, Equatable, Sendable {
        /// The Matrix user.
        public let user: String
        /// What became of their messages.
        public internal(set) var counts = Counts()
    }

    /// A Megolm session of the room.
    public struct Session: Encodable, Equatable, Sendable {
        /// The session's id.
        public let sessionID: String
        /// Who used it.
        public let senders: [String]
        /// The lowest and the highest index seen.
        public let lowestIndex: UInt32
        /// The highest index seen.
        public let highestIndex: UInt32
        /// When its first message was sent, ISO 8601.
        public let firstAt: String
        /// When its last was.
        public let lastAt: String
        /// From which index on a key at hand opens it; `nil` for none.
        public let opensFrom: UInt32?
        /// Messages sent twice under one index: the same ones again.
        public let repeated: Int
        /// Different messages under one index of which at least one is false.
        public let reused: Int
        /// What became of its messages.
        public internal(set) var counts = Counts()
    }

    /// One encrypted message.
    public struct Message: Encodable, Equatable, Sendable {
        /// The event's id.
        public let eventID: String
        /// `readable`, `no-session`, `index-too-late`, `withheld`, `unusable-key`, `redacted`,
        /// `not-megolm` or `not-of-its-session`.
        public let state: String
        /// More about it, in words.
        public let detail: String?
        /// Whether a sealed file would open it; `nil` without one.
        public let added: Bool?
    }

    /// What a request for missing keys would ask for.
    public struct Gap: Encodable, Equatable, Sendable {
        /// The session's id.
        public let sessionID: String
        /// The lowest index that no key opens.
        public let lowestMissing: UInt32
    }

    /// The document's name and version.
    public let schema = "heirloom.coverage.v1"
    /// The room's id.
    public let room: String
    /// The evidence.
    public let history: HistoryReport
    /// What became of each key file's entries.
    public let keyFiles: [KeyFileReport]
    /// All encrypted messages.
    public let counts: Counts
    /// By day, oldest first.
    public let days: [Day]
    /// By sender, most messages first.
    public let senders: [Sender]
    /// By session, oldest first.
    public let sessions: [Session]
    /// Every encrypted message in the room's order.
    public let messages: Messages

    /// All of them, looked at one by one only when they are written: a room has a million.
    public struct Messages: Encodable, Sendable {
        let result: CoverageResult

        /// Writes an array of `Message`.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            for position in 0..<result.timeline.eventCount {
                guard let state = result.state(at: position, result.before) else { continue }
                try container.encode(
                    Message(
                        eventID: result.timeline.eventID(at: position).text, state: state.name,
                        detail: state.detail,
                        added: result.isAdded(at: position, state)))
            }
        }
    }

    init(_ result: CoverageResult) {
        let timeline = result.timeline
        var counts = Counts()
        var days: [String: Counts] = [:]
        var senders: [UserID: Counts] = [:]
        var sessions: [SessionID: Counts] = [:]
        if result.after != nil { counts.added = 0 }
        for position in 0..<timeline.eventCount {
            guard let state = result.state(at: position, result.before) else { continue }
            let added = result.isAdded(at: position, state)
            func tally(_ counts: inout Counts) { counts.count(state, added: added) }
            tally(&counts)
            let day = UTCDate.text(milliseconds: timeline.timestamp(at: position)).prefix(10)
            tally(&days[String(day), default: Counts()])
            tally(&senders[timeline.sender(at: position), default: Counts()])
            if case .message(let session, _) = timeline.messageKind(at: position) {
                tally(&sessions[session, default: Counts()])
            }
        }
        room = timeline.roomID.text
        history = HistoryReport(
            timeline, files: result.historyFiles, evidence: result.evidence.map { [$0] } ?? [])
        keyFiles = result.keyFiles
        self.counts = counts
        self.days = days.sorted { $0.key < $1.key }.map { Day(day: $0.key, counts: $0.value) }
        self.senders = senders.map { Sender(user: $0.key.text, counts: $0.value) }
            .sorted { ($1.counts.total, $0.user) < ($0.counts.total, $1.user) }
        self.sessions = Self.sessions(result, sessions)
        messages = Messages(result: result)
    }

    private static func sessions(
        _ result: CoverageResult, _ counts: [SessionID: Counts]
    ) -> [Session] {
        let timeline = result.timeline
        return timeline.sessionIDs.map { id in
            let seen = timeline.messages(of: id)
            let times = seen.map(\.timestamp)
            let repeats = timeline.repeats(of: id)
            var opensFrom: UInt32?
            if case .opens(let from) = (result.after ?? result.before)[id] {
                opensFrom = from.value
            }
            return Session(
                sessionID: id.text, senders: timeline.senders(of: id).map(\.text),
                lowestIndex: seen.first?.index.value ?? 0,
                highestIndex: seen.last?.index.value ?? 0,
                firstAt: UTCDate.text(milliseconds: times.min() ?? 0),
                lastAt: UTCDate.text(milliseconds: times.max() ?? 0), opensFrom: opensFrom,
                repeated: repeats.copies.count, reused: repeats.messages.count,
                counts: counts[id] ?? Counts())
        }.sorted { ($0.firstAt, $0.sessionID) < ($1.firstAt, $1.sessionID) }
    }
}
