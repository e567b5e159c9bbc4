import GRDB
package import MatrixTypes
import Megolm

/// What a real event of the room said of one copy of a session.
package struct CopyProof: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// The event at this index opened: signature, MAC and the room inside agree.
        case opened(at: MessageIndex)
        /// Its MAC did not verify: this is not the session's ratchet, or not from there on.
        case failed
    }

    package let roomID: RoomID
    package let sessionID: SessionID
    package let copy: CopyID
    package let verdict: Verdict

    package init(roomID: RoomID, sessionID: SessionID, copy: CopyID, verdict: Verdict) {
        self.roomID = roomID
        self.sessionID = sessionID
        self.copy = copy
        self.verdict = verdict
    }
}

extension Archive {
    /// Records what events said, as one journal entry.
    ///
    /// From where on a copy is thereby proven is decided at reading: see
    /// `MessageIndex.provenBoundary(agreeingAt:)`.
    ///
    /// - Returns: the entry; `nil` where nothing was said that was not known.
    /// - Throws: `unknown` for a copy that is not held or begins after the event.
    package func record(
        _ proofs: [CopyProof], at milliseconds: UInt64
    ) throws(ArchiveError) -> EntryID? {
        try write { db in
            let entry = try JournalEntry.insert(.proved, at: milliseconds, into: db)
            var count = 0
            for proof in proofs { count += try proof.insert(into: db, entry: entry) ? 1 : 0 }
            if count == 0 {
                try db.execute(sql: "DELETE FROM journal WHERE entry = ?", arguments: [entry])
                return nil
            }
            try JournalEntry.setAffected(count, of: entry, in: db)
            return EntryID(entry)
        }
    }
}

extension CopyProof {
    /// - Returns: whether it said anything new.
    fileprivate func insert(into db: Database, entry: Int64) throws -> Bool {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT room, first_index FROM candidates JOIN rooms USING (room)
                    WHERE room_id = ? AND session = ? AND number = ? AND hidden_by IS NULL
                    """),
            arguments: [roomID.text, sessionID.data, copy.value])
        guard let row else { throw ArchiveError.unknown(.candidate) }
        let (room, first): (Int64, MessageIndex) = (row[0], try index(row[1]))
        let known = try SessionProofs(of: sessionID, in: room, db: db)
        let opensAt: Int64?
        switch verdict {
        case .opened(let place):
            guard place >= first else { throw ArchiveError.unknown(.candidate) }
            let boundary = first.provenBoundary(agreeingAt: place)
            if let held = known.provenFrom(copy.value, firstIndex: first), held <= boundary {
                return false
            }
            opensAt = Int64(place.value)
        case .failed:
            if known.isSettled(copy.value) { return false }
            opensAt = nil
        }
        try db.execute(
            sql: """
                INSERT INTO proofs (session, room, number, entry, opens_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    opens_at = min(ifnull(opens_at, excluded.opens_at),
                        ifnull(excluded.opens_at, opens_at))
                """,
            arguments: [sessionID.data, room, copy.value, entry, opensAt])
        return true
    }
}
