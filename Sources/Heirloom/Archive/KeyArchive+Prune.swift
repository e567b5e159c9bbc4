import Archives
import MatrixTypes
import Megolm
import RoomTimelines
import Secrets

/// What is to be kept no longer.
public struct ArchivePruneRequest: Sendable {
    /// Only this room; `nil` for all.
    public var room: String?
    /// Sessions of which nothing was added since; a time, or a span back from now.
    public var olderThan: String?
    /// Wind sessions forward to this time instead of dropping them.
    public var ratchetTo: String?
    /// Saved history of the room, for winding.
    public var historyFiles: [String] = []

    /// A request that names nothing yet.
    public init() {}
}

/// What a prune takes away.
public struct ArchivePruneReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.archive-prune.v1"
    /// What became of the history files' events.
    public let historyFiles: [HistoryFileReport]
    /// By room.
    public let rooms: [ArchiveListReport.Room]
    /// All sessions.
    public let sessions: Int
    /// The journal's entry; `nil` for a plan.
    public internal(set) var entry: Int64?
    /// Whether it is gone for good.
    public internal(set) var isFinal = false

    init(_ plan: PrunePlan, historyFiles: [HistoryFileReport]) {
        self.historyFiles = historyFiles
        rooms = plan.rooms.map {
            .init(room: $0.roomID.text, sessions: $0.sessionCount, copies: $0.copyCount)
        }
        sessions = plan.sessionCount
    }
}

extension KeyArchive {
    /// Says what would go, and changes nothing.
    public func planPrune(
        _ request: ArchivePruneRequest
    ) throws(HeirloomError) -> ArchivePruneReport {
        let archive = try open()
        let (rule, files) = try rule(of: request)
        return ArchivePruneReport(
            try archiving { () throws(ArchiveError) in try archive.plan(rule) },
            historyFiles: files)
    }

    /// Takes it away, reversibly unless `final`.
    public func prune(
        _ request: ArchivePruneRequest, final: Bool, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ArchivePruneReport {
        let isWinding = request.ratchetTo != nil
        let archive = isWinding ? try unlocked(passphrases) : try open(.writing)
        let (rule, files) = try rule(of: request)
        return try archiving { () throws(ArchiveError) in
            let plan = try archive.plan(rule)
            var report = ArchivePruneReport(plan, historyFiles: files)
            guard
                let entry = try archive.apply(plan, at: now, random: SystemRandomSource())
            else { return report }
            report.entry = entry.value
            if final {
                _ = try archive.confirm(entry, at: now)
                report.isFinal = true
            }
            return report
        }
    }

    /// Makes a prune final: what it took away is gone.
    ///
    /// - Parameter number: the journal entry's.
    /// - Returns: how many keys went.
    /// - Throws: `nothingMatched`, `notReversible` for what is no prune or was taken back.
    public func confirmPrune(_ number: Int64) throws(HeirloomError) -> Int {
        let archive = try open(.writing)
        return try archiving { () throws(ArchiveError) in
            try archive.confirm(EntryID(number), at: now)
        }
    }

    private func rule(
        of request: ArchivePruneRequest
    ) throws(HeirloomError) -> (PruneRule, [HistoryFileReport]) {
        let room = try request.room.map { text throws(HeirloomError) in
            try RoomID(argument: text)
        }
        if let text = request.ratchetTo {
            guard let room, request.olderThan == nil else {
                throw HeirloomError(
                    .archive, .badArgument,
                    "sessions are wound forward in one room, by its history and not by their age")
            }
            let time = try PointInTime.milliseconds(text, now: now, named: "--ratchet-to")
            let (timeline, files) = try History(request.historyFiles, report: report)
                .timeline(of: room, users: [])
            return (.windForward(room, Self.starts(in: timeline, at: time)), files)
        }
        if let text = request.olderThan {
            let time = try PointInTime.milliseconds(text, now: now, named: "--older-than")
            return (.addedBefore(milliseconds: time, room), [])
        }
        guard let room else {
            throw HeirloomError(.archive, .badArgument, "nothing was named to be pruned")
        }
        return (.room(room), [])
    }

    /// The first index of each session that nothing before a time reaches.
    private static func starts(
        in timeline: RoomTimeline, at time: UInt64
    ) -> [SessionID: MessageIndex] {
        var starts: [SessionID: MessageIndex] = [:]
        for session in timeline.sessionIDs {
            let messages = timeline.messages(of: session)
            guard let last = messages.last(where: { $0.timestamp < time }) else { continue }
            starts[session] = MessageIndex(last.index.value + 1)
        }
        return starts
    }
}
