import Bytes
import Foundation
import GRDB
import MatrixTypes
package import Megolm
package import Secrets

/// Keys of one source on their way into an archive: one transaction, one journal entry, all or
/// nothing.
///
/// Keys are held back and go in by tens of thousands, sorted, so that a million cost minutes of
/// nobody and megabytes of memory. Until `finish` the archive is for everybody else as it was; letting
/// go of this object, or dying, leaves it so.
package final class ArchiveImport {
    /// How many keys are held back.
    static let batchCount = 32_768
    /// The most different copies of one session that are kept.
    package static let copyLimit = 32

    /// A key that waits for its batch.
    struct Incoming {
        let key: RoomKey
        let isQuarantined: Bool
    }

    private let queue: DatabaseQueue
    private let ratchets: RatchetSeal
    private let source: Int64
    private let entry: Int64
    private var random: AnyRandomSource
    private var pending: [Incoming] = []
    private var numbers = NumberedNames()
    private var counts = ImportCounts()
    private var droppedCount = 0
    private var hasChanged = false
    private var isOver = false

    init(
        into archive: Archive, from source: ArchiveSource, at milliseconds: UInt64,
        random: AnyRandomSource
    ) throws(ArchiveError) {
        guard archive.access == .writing else { throw .readOnly }
        ratchets = try archive.unlockedRatchets()
        self.random = random
        (queue, self.source, entry) = try ArchiveError.translating {
            let queue = try Connection.open(
                archive.path, access: .writing, holdingTransactions: true)
            let (source, entry) = try queue.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                let number = try source.number(in: db, addedAt: milliseconds)
                let entry = try JournalEntry.insert(
                    .imported, at: milliseconds, source: number, into: db)
                return (number, entry)
            }
            return (queue, source, entry)
        }
    }

    /// Adds one key.
    ///
    /// - Parameter quarantined: whether it is to be used only once an event proves it.
    /// - Throws: `full`, `damaged`, `finished` and their like; the import is then over and undone.
    package func add(_ key: RoomKey, quarantined: Bool = false) throws(ArchiveError) {
        guard !isOver else { throw .finished }
        pending.append(Incoming(key: key, isQuarantined: quarantined))
        if pending.count >= Self.batchCount { try flush() }
    }

    /// Makes all of it so.
    ///
    /// - Parameter seen: a bundle to remember in the same step.
    /// - Throws: as `add`, and `seen` for a bundle that contradicts the one remembered.
    package func finish(noting seen: SeenBundle? = nil) throws(ArchiveError) -> ImportAccount {
        guard !isOver else { throw .finished }
        try flush()
        try failing {
            try queue.writeWithoutTransaction { db in
                if !hasChanged {
                    // Nothing new: not even an entry that says so.
                    try db.execute(sql: "ROLLBACK; BEGIN IMMEDIATE")
                }
                try seen?.insert(into: db)
                if hasChanged { try JournalEntry.setCounts(counts, of: entry, in: db) }
                try db.execute(sql: "COMMIT")
            }
        }
        isOver = true
        return ImportAccount(
            counts: counts, entry: hasChanged ? EntryID(entry) : nil, droppedCount: droppedCount)
    }

    /// Leaves the archive as it was.
    package func cancel() {
        isOver = true
        pending = []
        try? queue.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
    }

    /// Writes what was held back.
    func flush() throws(ArchiveError) {
        if pending.isEmpty { return }
        let batch = Self.ordered(pending)
        pending.removeAll(keepingCapacity: true)
        try failing {
            try queue.writeWithoutTransaction { db in
                var rows = ImportRows()
                var start = 0
                while start < batch.count {
                    let session = batch[start].key.sessionID
                    var end = start + 1
                    while end < batch.count, batch[end].key.sessionID == session { end += 1 }
                    try weigh(batch[start..<end], of: session, in: db, adding: &rows)
                    start = end
                }
                hasChanged = hasChanged || !rows.claims.isEmpty
                try rows.insert(into: db, sealing: ratchets, random: &random)
            }
        }
    }

    /// Keeps the file from growing beyond so many pages, as a full disk would: for tests.
    func limitPages(to count: Int) throws {
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA max_page_count = \(count)")
        }
    }

    /// The keys in order.
    ///
    /// Numbers are sorted for them, because moving a key about costs more than comparing two.
    private static func ordered(_ keys: [Incoming]) -> [Incoming] {
        let places = keys.indices.map { (keys[$0].key.sessionID.bytes.prefix, $0) }
        let sorted = places.sorted { left, right in
            left.0 == right.0 ? inOrder(keys[left.1], keys[right.1]) : left.0 < right.0
        }
        return sorted.map { keys[$0.1] }
    }

    /// By session, so that all that is known of one is looked up once; then by room and index.
    private static func inOrder(_ left: Incoming, _ right: Incoming) -> Bool {
        if left.key.sessionID != right.key.sessionID {
            return left.key.sessionID < right.key.sessionID
        }
        if left.key.roomID != right.key.roomID { return left.key.roomID < right.key.roomID }
        return left.key.firstKnownIndex < right.key.firstKnownIndex
    }

    /// Decides what becomes of the keys of one session.
    private func weigh(
        _ keys: ArraySlice<Incoming>, of session: SessionID, in db: Database,
        adding rows: inout ImportRows
    ) throws {
        var held = try HeldCopies(of: session, in: db)
        for incoming in keys {
            let key = incoming.key
            let room = try numbers.number(of: key.roomID, in: db)
            let owner = try numbers.number(of: key.claims, in: db)
            let fingerprint = ratchets.fingerprint(of: key.sessionKey)
            let outcome = try held.outcome(
                of: incoming, in: room, fingerprint: fingerprint, opening: ratchets, db: db)
            counts.add(outcome)
            let claim = HeldCopies.Claim(
                source: source, entry: entry, owner: owner, flag: key.sharedHistory.stored,
                isQuarantined: incoming.isQuarantined)
            switch held.add(
                claim, in: room, key: key.sessionKey, fingerprint: fingerprint)
            {
            case .known: break
            case .tooMany: droppedCount += 1
            case .claim(let number):
                rows.add(claim, session: session, room: room, number: number)
            case .copy(let number):
                rows.add(key, room: room, number: number, entry: entry, fingerprint: fingerprint)
                rows.add(claim, session: session, room: room, number: number)
            }
        }
    }

    /// Takes everything back when a step fails.
    private func failing(_ body: () throws -> Void) throws(ArchiveError) {
        do {
            try ArchiveError.translating(body)
        } catch {
            cancel()
            throw error
        }
    }
}

extension Archive {
    /// Begins taking in the keys of one source.
    ///
    /// - Parameter milliseconds: now, since 1970.
    /// - Throws: `locked`, `readOnly`, `busy`, and what SQLite refuses.
    package func beginImport(
        from source: ArchiveSource, at milliseconds: UInt64, random: some RandomSource
    ) throws(ArchiveError) -> ArchiveImport {
        try ArchiveImport(
            into: self, from: source, at: milliseconds, random: AnyRandomSource(random))
    }
}
