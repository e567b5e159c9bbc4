import GRDB

/// How entries of the journal are taken back.
///
/// Every row says which entry made it, so nothing had to be written down to be able to return.
enum Undoing {
    /// Copies that no source speaks for any more, and what events said of them.
    private static let removeOrphans = """
        DELETE FROM proofs WHERE NOT EXISTS (
            SELECT 1 FROM claims WHERE claims.session = proofs.session
                AND claims.room = proofs.room AND claims.number = proofs.number);
        DELETE FROM candidates WHERE NOT EXISTS (
            SELECT 1 FROM claims WHERE claims.session = candidates.session
                AND claims.room = candidates.room AND claims.number = candidates.number);
        """

    /// - Returns: how many claims went.
    static func takeImportBack(_ entry: EntryID, in db: Database) throws -> Int {
        try db.execute(sql: "DELETE FROM claims WHERE entry = ?", arguments: [entry.value])
        let count = db.changesCount
        try db.execute(sql: removeOrphans)
        return count
    }

    /// - Returns: how many proofs went.
    static func takeProofsBack(_ entry: EntryID, in db: Database) throws -> Int {
        try db.execute(sql: "DELETE FROM proofs WHERE entry = ?", arguments: [entry.value])
        return db.changesCount
    }

    /// - Returns: how many copies came back.
    static func takePruneBack(_ entry: EntryID, in db: Database) throws -> Int {
        // What the prune wound forward goes, unless a source has brought the very same since.
        try db.execute(
            sql: """
                DELETE FROM claims WHERE entry < ?1 AND EXISTS (
                    SELECT 1 FROM candidates AS k WHERE k.session = claims.session
                        AND k.room = claims.room AND k.number = claims.number AND k.entry = ?1)
                """, arguments: [entry.value])
        try db.execute(sql: removeOrphans)
        try db.execute(
            sql: "UPDATE candidates SET hidden_by = NULL WHERE hidden_by = ?",
            arguments: [entry.value])
        return db.changesCount
    }

    /// Makes a prune final.
    ///
    /// - Returns: how many copies went for good.
    static func removeHidden(by entry: EntryID, in db: Database) throws -> Int {
        for table in ["proofs", "claims"] {
            try db.execute(
                sql: """
                    DELETE FROM \(table) WHERE EXISTS (
                        SELECT 1 FROM candidates AS k WHERE k.session = \(table).session
                            AND k.room = \(table).room AND k.number = \(table).number
                            AND k.hidden_by = ?)
                    """, arguments: [entry.value])
        }
        try db.execute(
            sql: "DELETE FROM candidates WHERE hidden_by = ?", arguments: [entry.value])
        return db.changesCount
    }
}
