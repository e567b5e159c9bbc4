package import Bytes
import Foundation
import GRDB
package import MatrixTypes

extension ArchiveSource {
    /// The source's number, given one where its digest is new.
    func number(in db: Database, addedAt milliseconds: UInt64) throws -> Int64 {
        let known = try Int64.fetchOne(
            db, sql: "SELECT source FROM sources WHERE digest = ?", arguments: [Data(digest.array)])
        if let known { return known }
        try db.execute(
            sql: """
                INSERT INTO sources (kind, name, digest, made_at, signer, bundle, added_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                kind.rawValue, name, Data(digest.array), madeMilliseconds?.stored,
                signer.map { Data($0.array) }, bundle.map { Data($0) }, milliseconds.stored,
            ])
        return db.lastInsertedRowID
    }
}

extension ArchivedSource {
    fileprivate init(_ row: Row) throws(ArchiveError) {
        guard let kind = ArchiveSource.Kind(rawValue: row[1]),
            let digest = Bytes32([UInt8](row[3] as Data))
        else { throw .damagedRow(table: "sources") }
        id = SourceID(row[0])
        source = try ArchiveSource(
            kind: kind, name: row[2], digest: digest,
            madeMilliseconds: (row[4] as Int64?).map { UInt64(stored: $0) },
            signer: (row[5] as Data?).flatMap { Bytes32([UInt8]($0)) },
            bundle: (row[6] as Data?).map([UInt8].init).flatMap { $0.count == 16 ? $0 : nil })
        addedMilliseconds = UInt64(stored: row[7])
    }
}

/// One room of an archive.
package struct ArchivedRoom: Hashable, Sendable {
    package let roomID: RoomID
    package let sessionCount: Int
    /// Distinct ratchets, of which a session may have several.
    package let copyCount: Int
}

extension Archive {
    /// Everything keys were ever taken from, in the order it came.
    package func sources() throws(ArchiveError) -> [ArchivedSource] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT source, kind, name, digest, made_at, signer, bundle, added_at
                    FROM sources ORDER BY source
                    """
            ).map { try ArchivedSource($0) }
        }
    }

    /// The source with this digest, which says whether a file was ever added.
    package func source(withDigest digest: Bytes32) throws(ArchiveError) -> ArchivedSource? {
        try sources().first { $0.source.digest == digest }
    }

    /// The rooms of which keys are held, by id.
    package func rooms() throws(ArchiveError) -> [ArchivedRoom] {
        try read { db in
            // One walk along the table's own order, which counting distinct values would not take.
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT room_id, sessions, copies FROM rooms JOIN (
                        SELECT room, sum(is_first) AS sessions, count(*) AS copies FROM (
                            SELECT room, session IS NOT lag(session) OVER (
                                PARTITION BY room ORDER BY session) AS is_first
                            FROM candidates WHERE hidden_by IS NULL)
                        GROUP BY room) USING (room)
                    ORDER BY room_id
                    """)
            return try rows.map { row in
                ArchivedRoom(
                    roomID: try RoomID(stored: row[0]), sessionCount: row[1], copyCount: row[2])
            }
        }
    }
}
