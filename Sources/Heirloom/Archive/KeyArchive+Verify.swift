import Archives
import MatrixTypes
import Megolm
import RoomTimelines

/// What a check of an archive found.
public struct ArchiveVerifyReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.archive-verify.v1"
    /// Sessions held.
    public let sessions: Int
    /// Different keys of them.
    public let copies: Int
    /// Keys whose seal was opened and whose id is their session's.
    public let opened: Int
    /// What is wrong, at most a hundred of them.
    public let faults: [String]
    /// How many things are wrong.
    public let faultCount: Int
    /// What became of the history files' events.
    public internal(set) var historyFiles: [HistoryFileReport] = []
    /// Keys that messages opened under, of those tried.
    public internal(set) var proven = 0
    /// Keys that messages speak against.
    public internal(set) var refuted = 0
    /// The journal's entry that notes this; `nil` where it was known.
    public internal(set) var entry: Int64?
}

extension KeyArchive {
    /// Checks the file, every row and every key, and tries keys on saved history where there is any.
    public func verify(
        history: [String], _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ArchiveVerifyReport {
        let archive = try unlocked(passphrases, access: history.isEmpty ? .reading : .writing)
        let found = try archiving { () throws(ArchiveError) in try archive.verify() }
        var result = ArchiveVerifyReport(
            sessions: found.sessionCount, copies: found.copyCount, opened: found.openedCount,
            faults: found.faults.map(\.description), faultCount: found.faultCount)
        guard !history.isEmpty else { return result }
        let (timeline, files) = try History(history, report: report)
            .timeline(of: nil, users: [])
        result.historyFiles = files
        let proofs = try archiving { () throws(ArchiveError) in
            try Self.proofs(archive, timeline)
        }
        for proof in proofs {
            if proof.verdict == .failed { result.refuted += 1 } else { result.proven += 1 }
        }
        result.entry = try archiving { () throws(ArchiveError) in
            proofs.isEmpty ? nil : try archive.record(proofs, at: now)?.value
        }
        return result
    }

    /// Tries every copy of the room's sessions on the messages that are known of them.
    private static func proofs(
        _ archive: Archive, _ timeline: RoomTimeline
    ) throws(ArchiveError) -> [CopyProof] {
        var proofs: [CopyProof] = []
        let cursor = try archive.sessions(matching: SessionQuery(roomID: timeline.roomID))
        while let record = try cursor.next() {
            let messages = timeline.proofEvents(of: record.sessionID).map(\.message)
            guard !messages.isEmpty, let session = try archive.open(record) else { continue }
            for copy in session.copies {
                let key = RoomKey(
                    roomID: record.roomID, sessionKey: copy.sessionKey, claims: .unknown,
                    sharedHistory: .unstated)
                let trial = KeyTrial(of: key, on: messages)
                let verdict: CopyProof.Verdict
                if let index = trial.opened.min() {
                    verdict = .opened(at: index)
                } else if trial.isContradicted || trial.namesOtherRoom {
                    verdict = .failed
                } else {
                    continue
                }
                proofs.append(
                    CopyProof(
                        roomID: record.roomID, sessionID: record.sessionID, copy: copy.copy.id,
                        verdict: verdict))
            }
        }
        return proofs
    }
}
