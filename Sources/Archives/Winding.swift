import Foundation
import GRDB
import MatrixTypes
import Megolm
import Secrets

/// Winds a session's copies forward: each gets a twin that begins later, with the same claims.
struct Winding {
    let ratchets: RatchetSeal
    let entry: Int64
    var random: AnyRandomSource

    mutating func wind(
        _ session: SessionID, of roomID: RoomID, to index: MessageIndex, in db: Database
    ) throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT room, number, first_index, sealed, fingerprint, hidden_by
                    FROM candidates WHERE session = ?
                        AND room = (SELECT room FROM rooms WHERE room_id = ?) ORDER BY number
                    """), arguments: [session.data, roomID.text])
        guard let room: Int64 = rows.first?[0], let last: Int64 = rows.last?[1] else { return }
        let visible = rows.filter { $0[5] == nil }
        var numbers: [Data: Int64] = [:]
        for row in visible where try Archives.index(row[2]) >= index { numbers[row[4]] = row[1] }
        var next = last + 1
        for row in visible {
            let first = try Archives.index(row[2])
            guard first < index else { continue }
            let place = RatchetPlace(
                roomID: roomID, sessionID: session, number: row[1], firstIndex: first)
            let key = try ratchets.open([UInt8](row[3] as Data), at: place).wound(to: index)
            let fingerprint = Data(ratchets.fingerprint(of: key))
            let number = numbers[fingerprint] ?? next
            if number == next {
                try insert(key, fingerprint, number: number, of: roomID, room, in: db)
                numbers[fingerprint] = number
                next += 1
            }
            try inherit(from: row[1], to: number, session, room, index, in: db)
        }
    }

    private mutating func insert(
        _ key: ExportedSessionKey, _ fingerprint: Data, number: Int64, of roomID: RoomID,
        _ room: Int64, in db: Database
    ) throws {
        let place = RatchetPlace(
            roomID: roomID, sessionID: key.sessionID, number: number,
            firstIndex: key.firstKnownIndex)
        let sealed = ratchets.seal(key, at: place, random: &random)
        try db.execute(
            sql: """
                INSERT INTO candidates
                    (room, session, number, first_index, entry, fingerprint, sealed)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                room, key.sessionID.data, number, Int64(key.firstKnownIndex.value), entry,
                fingerprint, Data(sealed),
            ])
    }

    /// What was said of a copy holds of what it becomes.
    private func inherit(
        from old: Int64, to new: Int64, _ session: SessionID, _ room: Int64,
        _ index: MessageIndex, in db: Database
    ) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO claims
                SELECT session, room, ?1, source, entry, owner, flag, quarantined FROM claims
                WHERE session = ?2 AND room = ?3 AND number = ?4
                """, arguments: [new, session.data, room, old])
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO proofs (session, room, number, entry, opens_at)
                SELECT session, room, ?1, entry, max(opens_at, ?5) FROM proofs
                WHERE session = ?2 AND room = ?3 AND number = ?4
                """, arguments: [new, session.data, room, old, Int64(index.value)])
    }
}
