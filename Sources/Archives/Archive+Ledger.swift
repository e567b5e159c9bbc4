import Bytes
import Foundation
import GRDB
import MatrixTypes

extension Archive {
    /// Writes a hand-over into the ledger; needs no key.
    ///
    /// - Throws: `seen` for a bundle that stands there already, or `badText`.
    package func record(
        _ handOver: HandOver, of sessions: some Sequence<HandOver.Session>
    ) throws(ArchiveError) {
        let override: String? =
            if let text = handOver.override { try checked(text, limit: 4_096) } else { nil }
        try write { db in
            let bundle = Data(handOver.bundle)
            let known = try Int64.fetchOne(
                db, sql: "SELECT hand_over FROM hand_overs WHERE bundle = ?", arguments: [bundle])
            guard known == nil else { throw ArchiveError.seen(otherContent: false) }
            try db.execute(
                sql: "INSERT INTO hand_overs (at, bundle, room_id, override) VALUES (?, ?, ?, ?)",
                arguments: [
                    handOver.milliseconds.stored, bundle, handOver.roomID.text, override,
                ])
            let number = db.lastInsertedRowID
            for recipient in handOver.recipients {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO hand_over_recipients VALUES (?, ?, ?)",
                    arguments: [
                        number, Data(recipient.identity), try checked(recipient.name),
                    ])
            }
            let insert = try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO hand_over_sessions VALUES (?, ?, ?)")
            for session in sessions {
                try insert.execute(arguments: [
                    number, session.sessionID.data, Int64(session.from.value),
                ])
            }
        }
    }

    /// Every hand-over, oldest first.
    package func ledger() throws(ArchiveError) -> [LedgerEntry] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT hand_over, at, bundle, room_id, override, (
                        SELECT count(*) FROM hand_over_sessions AS s
                        WHERE s.hand_over = hand_overs.hand_over)
                    FROM hand_overs ORDER BY hand_over
                    """)
            return try rows.map { row in
                let bundle = [UInt8](row[2] as Data)
                let handOver = HandOver(
                    bundle: bundle, milliseconds: UInt64(stored: row[1]),
                    roomID: try RoomID(stored: row[3]),
                    recipients: try Self.recipients(of: row[0], in: db), override: row[4])
                return LedgerEntry(
                    number: row[0], handOver: handOver, sessionCount: row[5],
                    receipts: try Self.receipts(of: bundle, in: db))
            }
        }
    }

    /// What one hand-over gave, by session id.
    ///
    /// - Throws: `unknown`.
    package func sessions(
        ofHandOver number: Int64
    ) throws(ArchiveError) -> [HandOver.Session] {
        try read { db in
            let known = try Int64.fetchOne(
                db, sql: "SELECT hand_over FROM hand_overs WHERE hand_over = ?",
                arguments: [number])
            guard known != nil else { throw ArchiveError.unknown(.handOver) }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT session, from_index FROM hand_over_sessions WHERE hand_over = ?
                    ORDER BY session
                    """, arguments: [number])
            return try rows.map {
                HandOver.Session(
                    sessionID: try SessionID(stored: $0[0]), from: try index($0[1]))
            }
        }
    }

    /// Keeps a receipt; the same one twice changes nothing.
    ///
    /// - Throws: `unknown` where the ledger has no such hand-over.
    package func keep(
        _ receipt: Receipt, at milliseconds: UInt64
    ) throws(ArchiveError) {
        try write { db in
            let known = try Int64.fetchOne(
                db, sql: "SELECT hand_over FROM hand_overs WHERE bundle = ?",
                arguments: [Data(receipt.bundle)])
            guard known != nil else { throw ArchiveError.unknown(.handOver) }
            try db.execute(
                sql: "INSERT OR IGNORE INTO receipts VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    Data(receipt.bundle), Data(receipt.signer.array),
                    receipt.receivedMilliseconds.stored, Data(receipt.bytes), milliseconds.stored,
                ])
        }
    }

    private static func recipients(
        of handOver: Int64, in db: Database
    ) throws -> [HandOver.Recipient] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT identity, name FROM hand_over_recipients WHERE hand_over = ?
                ORDER BY name, identity
                """, arguments: [handOver]
        ).map { row in
            let identity = [UInt8](row[0] as Data)
            guard (1...255).contains(identity.count) else {
                throw ArchiveError.damagedRow(table: "hand_over_recipients")
            }
            return HandOver.Recipient(identity: identity, name: row[1])
        }
    }

    private static func receipts(of bundle: [UInt8], in db: Database) throws -> [Receipt] {
        try Row.fetchAll(
            db,
            sql: "SELECT signer, received_at, bytes FROM receipts WHERE bundle = ? ORDER BY signer",
            arguments: [Data(bundle)]
        ).map { row in
            let bytes = [UInt8](row[2] as Data)
            guard let signer = Bytes32([UInt8](row[0] as Data)), bytes.count <= Receipt.byteLimit
            else { throw ArchiveError.damagedRow(table: "receipts") }
            return Receipt(
                bundle: bundle, signer: signer, receivedMilliseconds: UInt64(stored: row[1]),
                bytes: bytes)
        }
    }
}
