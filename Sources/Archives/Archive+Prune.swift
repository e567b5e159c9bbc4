import Foundation
import GRDB
import MatrixTypes
import Megolm
package import Secrets

extension Archive {
    /// What a prune would take away; changes nothing.
    package func plan(_ rule: PruneRule) throws(ArchiveError) -> PrunePlan {
        try read { db in
            var found: [RoomID: (sessions: Int, copies: Int)] = [:]
            for selection in PruneSelection.selections(of: rule) {
                let rows = try Row.fetchAll(
                    db.cachedStatement(
                        sql: """
                            SELECT room_id, count(DISTINCT session), count(*)
                            FROM candidates JOIN rooms USING (room)
                            WHERE hidden_by IS NULL AND \(selection.condition) GROUP BY room
                            """), arguments: selection.arguments)
                for row in rows {
                    let room = try RoomID(stored: row[0])
                    let held = found[room] ?? (0, 0)
                    found[room] = (held.sessions + row[1], held.copies + row[2])
                }
            }
            let rooms = found.sorted { $0.key < $1.key }.map { room, count in
                ArchivedRoom(
                    roomID: room, sessionCount: count.sessions, copyCount: count.copies)
            }
            return PrunePlan(rule: rule, rooms: rooms, stamp: try Self.stamp(in: db))
        }
    }

    /// Takes away what a plan said: hidden from every reading, and brought back by `undo` until
    /// `confirm` makes it final.
    ///
    /// - Returns: the entry; `nil` where there was nothing to do.
    /// - Throws: `stalePlan`; for winding forward `locked`, `damagedRatchet` and `megolm` too.
    package func apply(
        _ plan: PrunePlan, at milliseconds: UInt64, random: some RandomSource
    ) throws(ArchiveError) -> EntryID? {
        if plan.copyCount == 0 { return nil }
        let ratchets: RatchetSeal? =
            if case .windForward = plan.rule { try unlockedRatchets() } else { nil }
        return try write { db in
            guard try Self.stamp(in: db) == plan.stamp else { throw ArchiveError.stalePlan }
            let entry = try JournalEntry.insert(.pruned, at: milliseconds, into: db)
            if let ratchets, case .windForward(let room, let indexes) = plan.rule {
                var winding = Winding(
                    ratchets: ratchets, entry: entry, random: AnyRandomSource(random))
                for (session, index) in indexes.sorted(by: { $0.key < $1.key }) {
                    try winding.wind(session, of: room, to: index, in: db)
                }
            }
            var count = 0
            for selection in PruneSelection.selections(of: plan.rule) {
                try db.cachedStatement(
                    sql: """
                        UPDATE candidates SET hidden_by = \(entry)
                        WHERE hidden_by IS NULL AND \(selection.condition)
                        """
                ).execute(arguments: selection.arguments)
                count += db.changesCount
            }
            try JournalEntry.setAffected(count, of: entry, in: db)
            return EntryID(entry)
        }
    }

    /// Makes a prune final: what it hid is deleted and overwritten in the file.
    ///
    /// Copies of the file, and blocks that a disk or a file system kept, are beyond reach.
    ///
    /// - Returns: how many copies went.
    /// - Throws: `unknown`, `irreversible` for anything but a prune that stands.
    package func confirm(
        _ id: EntryID, at milliseconds: UInt64
    ) throws(ArchiveError) -> Int {
        let count = try write { db in
            let entry = try JournalEntry.find(id, in: db)
            guard entry.kind == .pruned, entry.isReversible else {
                throw ArchiveError.irreversible
            }
            let count = try Undoing.removeHidden(by: id, in: db)
            try db.execute(
                sql: "UPDATE journal SET confirmed_at = ? WHERE entry = ?",
                arguments: [milliseconds.stored, id.value])
            return count
        }
        // The log has the deleted pages still; where a reader holds on to it, its end will do it.
        try? queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        return count
    }

    private static func stamp(in db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT max(entry) FROM journal") ?? 0
    }
}

/// The rows a prune is about, as a condition on `candidates`.
struct PruneSelection {
    let condition: String
    let arguments: StatementArguments

    private static let ofRoom = "room = (SELECT room FROM rooms WHERE room_id = ?1)"

    static func selections(of rule: PruneRule) -> [PruneSelection] {
        switch rule {
        case .room(let room):
            [PruneSelection(condition: ofRoom, arguments: [room.text])]
        case .addedBefore(let milliseconds, let room):
            [
                PruneSelection(
                    condition: """
                        (?1 IS NULL OR \(ofRoom)) AND NOT EXISTS (
                            SELECT 1 FROM claims AS c JOIN journal AS j USING (entry)
                            WHERE c.session = candidates.session AND c.room = candidates.room
                                AND j.at >= ?2)
                        """, arguments: [room?.text, milliseconds.stored])
            ]
        case .sessions(let room, let sessions):
            sessions.sorted().map { session in
                PruneSelection(
                    condition: "\(ofRoom) AND session = ?2", arguments: [room.text, session.data])
            }
        case .windForward(let room, let indexes):
            indexes.sorted { $0.key < $1.key }.map { session, index in
                PruneSelection(
                    condition: "\(ofRoom) AND session = ?2 AND first_index < ?3",
                    arguments: [room.text, session.data, Int64(index.value)])
            }
        }
    }
}
