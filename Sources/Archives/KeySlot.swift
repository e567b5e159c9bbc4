import Foundation
import GRDB
import MatrixTypes

/// One way to an archive's key.
package struct KeySlot: Hashable, Sendable {
    /// What tells it from the others, such as the fingerprint of the identity or `key file`; at most
    /// 255 bytes.
    package let name: String
    package let wrapped: WrappedArchiveKey

    /// - Throws: `badText`.
    package init(name: String, wrapped: WrappedArchiveKey) throws(ArchiveError) {
        self.name = try checked(name)
        self.wrapped = wrapped
    }

    func insert(into db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO key_slots VALUES (?, ?)",
            arguments: [name, Data(wrapped.array)])
    }
}

/// A text that goes into the archive: not empty, printable, not too long.
///
/// - Throws: `badText`.
func checked(_ text: String, limit: Int = 255) throws(ArchiveError) -> String {
    guard !text.isEmpty, text.utf8.count <= limit, text.isPrintable else {
        throw .badText(limit: limit)
    }
    return text
}

extension Archive {
    /// The ways to the archive's key, by name.
    package func keySlots() throws(ArchiveError) -> [KeySlot] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT name, wrapped FROM key_slots ORDER BY name")
            return try rows.map { row in
                guard let wrapped = WrappedArchiveKey([UInt8](row[1] as Data)) else {
                    throw ArchiveError.damagedRow(table: "key_slots")
                }
                return try KeySlot(name: row[0], wrapped: wrapped)
            }
        }
    }

    /// Adds a way to the archive's key, or replaces the one of that name.
    ///
    /// - Throws: `wrongKey` for the key of another archive.
    package func keep(_ slot: KeySlot) throws(ArchiveError) {
        guard slot.wrapped.archive == id else { throw .wrongKey }
        try write { db in try slot.insert(into: db) }
    }

    /// Forgets a way to the archive's key; copies of the file still have it.
    ///
    /// - Throws: `irreversible` for the last one, without which nothing would ever open again.
    package func removeKeySlot(named name: String) throws(ArchiveError) {
        try write { db in
            try db.execute(sql: "DELETE FROM key_slots WHERE name = ?", arguments: [name])
            guard try Int.fetchOne(db, sql: "SELECT count(*) FROM key_slots") ?? 0 > 0 else {
                throw ArchiveError.irreversible
            }
        }
    }
}
