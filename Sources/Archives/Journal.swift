import Foundation
import GRDB

/// A journal entry's number.
package struct EntryID: Hashable, Comparable, Sendable {
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package static func < (left: EntryID, right: EntryID) -> Bool { left.value < right.value }
}

/// One change of what the archive holds.
package struct JournalEntry: Hashable, Sendable {
    package enum Kind: Int64, Hashable, Sendable {
        /// Keys were added.
        case imported = 1
        /// Events proved or refuted keys.
        case proved = 2
        /// Keys were taken away, or wound forward.
        case pruned = 3
        /// An earlier entry was taken back.
        case undone = 4
    }

    package let id: EntryID
    package let kind: Kind
    /// In milliseconds since 1970.
    package let milliseconds: UInt64
    /// What an import took keys from.
    package let source: SourceID?
    /// The entry that this one took back.
    package let target: EntryID?
    /// What became of an import's keys.
    package let counts: ImportCounts
    /// How many copies a prune, a proof or an undoing concerned.
    package let affectedCount: Int
    /// The entry that took this one back.
    package let undoneBy: EntryID?
    /// When a prune was made final.
    package let confirmedMilliseconds: UInt64?

    /// Whether it can be taken back.
    package var isReversible: Bool {
        kind != .undone && undoneBy == nil && confirmedMilliseconds == nil
    }
}

extension JournalEntry {
    private static let columns = """
        entry, kind, at, source, target, new, improved, same, worse, conflicting, quarantined,
        affected, undone_by, confirmed_at
        """

    private init(_ row: Row) throws(ArchiveError) {
        guard let kind = Kind(rawValue: row[1]) else { throw .damagedRow(table: "journal") }
        id = EntryID(row[0])
        self.kind = kind
        milliseconds = UInt64(stored: row[2])
        source = (row[3] as Int64?).map(SourceID.init)
        target = (row[4] as Int64?).map(EntryID.init)
        var counts = ImportCounts()
        counts.new = row[5]
        counts.improved = row[6]
        counts.same = row[7]
        counts.worse = row[8]
        counts.conflicting = row[9]
        counts.quarantined = row[10]
        self.counts = counts
        affectedCount = row[11]
        undoneBy = (row[12] as Int64?).map(EntryID.init)
        confirmedMilliseconds = (row[13] as Int64?).map { UInt64(stored: $0) }
    }

    /// All entries, oldest first.
    static func all(in db: Database) throws -> [JournalEntry] {
        try Row.fetchAll(db, sql: "SELECT \(columns) FROM journal ORDER BY entry")
            .map { try JournalEntry($0) }
    }

    /// - Throws: `unknown`.
    static func find(_ id: EntryID, in db: Database) throws -> JournalEntry {
        let row = try Row.fetchOne(
            db, sql: "SELECT \(columns) FROM journal WHERE entry = ?", arguments: [id.value])
        guard let row else { throw ArchiveError.unknown(.journalEntry) }
        return try JournalEntry(row)
    }

    static func insert(
        _ kind: Kind, at milliseconds: UInt64, source: Int64? = nil, target: EntryID? = nil,
        affected: Int = 0, into db: Database
    ) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO journal (kind, at, source, target, affected) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [kind.rawValue, milliseconds.stored, source, target?.value, affected])
        return db.lastInsertedRowID
    }

    static func setCounts(_ counts: ImportCounts, of entry: Int64, in db: Database) throws {
        try db.execute(
            sql: """
                UPDATE journal SET new = ?, improved = ?, same = ?, worse = ?, conflicting = ?,
                    quarantined = ?, affected = ? WHERE entry = ?
                """,
            arguments: [
                counts.new, counts.improved, counts.same, counts.worse, counts.conflicting,
                counts.quarantined, counts.total, entry,
            ])
    }

    static func setAffected(_ count: Int, of entry: Int64, in db: Database) throws {
        try db.execute(
            sql: "UPDATE journal SET affected = ? WHERE entry = ?", arguments: [count, entry])
    }
}

extension Archive {
    /// Everything that changed what the archive holds, oldest first.
    package func journal() throws(ArchiveError) -> [JournalEntry] {
        try read { db in try JournalEntry.all(in: db) }
    }

    /// Takes an entry back: an import's keys, a prune that was not confirmed, a proof.
    ///
    /// What other sources brought stays, also where it improved on what goes now.
    ///
    /// - Throws: `unknown`, `alreadyUndone`, `irreversible`, and what SQLite refuses.
    package func undo(
        _ id: EntryID, at milliseconds: UInt64
    ) throws(ArchiveError) -> JournalEntry {
        try write { db in
            let entry = try JournalEntry.find(id, in: db)
            guard entry.undoneBy == nil else { throw ArchiveError.alreadyUndone }
            guard entry.isReversible else { throw ArchiveError.irreversible }
            let affected =
                switch entry.kind {
                case .imported: try Undoing.takeImportBack(id, in: db)
                case .proved: try Undoing.takeProofsBack(id, in: db)
                case .pruned: try Undoing.takePruneBack(id, in: db)
                case .undone: 0
                }
            let number = try JournalEntry.insert(
                .undone, at: milliseconds, target: id, affected: affected, into: db)
            try db.execute(
                sql: "UPDATE journal SET undone_by = ? WHERE entry = ?",
                arguments: [number, id.value])
            return try JournalEntry.find(EntryID(number), in: db)
        }
    }
}
