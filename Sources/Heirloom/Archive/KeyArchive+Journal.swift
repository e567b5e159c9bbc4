import Archives
import Bundles
import Bytes
import Foundation
import MatrixTypes
import Sealing

/// One change of what an archive holds.
public struct ArchiveEntry: Encodable, Equatable, Sendable {
    /// Its number.
    public let entry: Int64
    /// `imported`, `proved`, `pruned` or `undone`.
    public let kind: String
    /// When, ISO 8601.
    public let at: String
    /// Where an import took keys from.
    public let source: String?
    /// The entry that it took back.
    public let target: Int64?
    /// The entry that took it back.
    public let undoneBy: Int64?
    /// Whether a prune was made final.
    public let isFinal: Bool
    /// How many keys it concerned.
    public let affected: Int
    /// What became of an import's keys.
    public let counts: ArchiveAddReport.Counts?

    init(_ entry: JournalEntry, sources: [SourceID: String]) {
        self.entry = entry.id.value
        kind = "\(entry.kind)"
        at = UTCDate.text(milliseconds: entry.milliseconds)
        source = entry.source.flatMap { sources[$0] }
        target = entry.target?.value
        undoneBy = entry.undoneBy?.value
        isFinal = entry.confirmedMilliseconds != nil
        affected = entry.affectedCount
        counts = entry.kind == .imported ? .init(entry.counts) : nil
    }
}

/// One hand-over that was made.
public struct ArchiveLedgerEntry: Encodable, Equatable, Sendable {
    /// Its number.
    public let number: Int64
    /// The bundle's id, 32 hexadecimal digits.
    public let bundleID: String
    /// When, ISO 8601.
    public let at: String
    /// The room.
    public let room: String
    /// To whom.
    public let recipients: [String]
    /// The reason for what went against the rules' advice.
    public let override: String?
    /// How many sessions.
    public let sessions: Int
    /// The sessions and the first index of each; `nil` in a list.
    public internal(set) var given: [String: UInt32]?
    /// How many receipts came back.
    public let receipts: Int
}

extension KeyArchive {
    /// Everything that changed what the archive holds, oldest first; needs no passphrase.
    public func journal() throws(HeirloomError) -> [ArchiveEntry] {
        let archive = try open()
        return try archiving { () throws(ArchiveError) in
            let names = Dictionary(
                uniqueKeysWithValues: try archive.sources().map { ($0.id, $0.source.name) })
            return try archive.journal().map { ArchiveEntry($0, sources: names) }
        }
    }

    /// Takes an entry back; what later sources brought stays.
    ///
    /// - Parameter text: the entry's number, or the id of a bundle that was taken in.
    public func undo(_ text: String) throws(HeirloomError) -> ArchiveEntry {
        let archive = try open(.writing)
        return try archiving { () throws(ArchiveError) in
            let sources = try archive.sources()
            let names = Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0.source.name) })
            var entry = Int64(text).map(EntryID.init)
            if text.count == 32, let bundle = bytes(hexadecimal: text) {
                let source = sources.first { $0.source.bundle == bundle }
                entry = try archive.journal().last { entry in
                    entry.source == source?.id && source != nil && entry.undoneBy == nil
                }?.id
            }
            guard let entry else { throw .unknown(.journalEntry) }
            return ArchiveEntry(try archive.undo(entry, at: now), sources: names)
        }
    }

    /// What was given to whom; needs no passphrase.
    public func ledger(sessions: Bool = false) throws(HeirloomError) -> [ArchiveLedgerEntry] {
        let archive = try open()
        return try archiving { () throws(ArchiveError) in
            var entries: [ArchiveLedgerEntry] = []
            for entry in try archive.ledger() {
                var told = ArchiveLedgerEntry(
                    number: entry.number, bundleID: hexadecimal(entry.handOver.bundle),
                    at: UTCDate.text(milliseconds: entry.handOver.milliseconds),
                    room: entry.handOver.roomID.text,
                    recipients: entry.handOver.recipients.map(\.name),
                    override: entry.handOver.override, sessions: entry.sessionCount,
                    receipts: entry.receipts.count)
                if sessions {
                    told.given = Dictionary(
                        try archive.sessions(ofHandOver: entry.number).map {
                            ($0.sessionID.text, $0.from.value)
                        }, uniquingKeysWith: min)
                }
                entries.append(told)
            }
            return entries
        }
    }

    /// Whether there is an archive, or something in its place.
    public var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Notes in the ledger what a share gave; needs no passphrase.
    public func note(_ plan: SharePlan, bundleID: String) throws(HeirloomError) {
        guard let bundle = bytes(hexadecimal: bundleID), bundle.count == BundleID.byteCount else {
            throw HeirloomError(
                .archive, .badArgument, "\(bundleID.shown) is no hand-over's id")
        }
        let archive = try open(.writing)
        let overridden = plan.counts.overridden > 0
        let handOver = HandOver(
            bundle: bundle, milliseconds: now, roomID: plan.roomID,
            recipients: plan.recipients.map {
                HandOver.Recipient(identity: $0.identity.bytes, name: $0.card.title)
            }, override: overridden ? plan.overrideReason : nil)
        let given = plan.sessions.compactMap { session in
            session.start.map { HandOver.Session(sessionID: session.sessionID, from: $0) }
        }
        try archiving { () throws(ArchiveError) in _ = try archive.record(handOver, of: given) }
    }
}
