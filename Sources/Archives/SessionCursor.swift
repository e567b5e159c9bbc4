import Foundation
import GRDB
package import MatrixTypes
import Megolm

/// Which sessions to read.
package struct SessionQuery: Hashable, Sendable {
    /// `nil` for every room.
    package var roomID: RoomID?
    /// `nil` for every session.
    package var sessionID: SessionID?
    /// Only sessions that this source brought a copy of.
    package var source: SourceID?
    /// Only sessions of which a copy opens this index.
    package var opening: MessageIndex?

    package init(
        roomID: RoomID? = nil, sessionID: SessionID? = nil, source: SourceID? = nil,
        opening: MessageIndex? = nil
    ) {
        self.roomID = roomID
        self.sessionID = sessionID
        self.source = source
        self.opening = opening
    }

    fileprivate func matches(_ record: SessionRecord) -> Bool {
        if let source,
            !record.copies.contains(where: { $0.claims.contains { $0.source == source } })
        {
            return false
        }
        guard let opening else { return true }
        return record.copies.contains { $0.firstKnownIndex <= opening }
    }
}

/// Sessions one after another, by room id and session id, in bounded memory.
///
/// Shows the archive as it was when the cursor was made, whatever is written meanwhile.
package final class SessionCursor {
    /// How many copies are read at a time.
    private static let pageCount = 512

    private struct NumberedRoom {
        let number: Int64
        let id: RoomID
    }

    private let queue: DatabaseQueue
    private let query: SessionQuery
    private var rooms: ArraySlice<NumberedRoom>
    private var position = Data()
    private var page: [SessionRecord] = []
    private var owners: [Int64: OwnerClaims] = [:]

    init(over archive: Archive, _ query: SessionQuery) throws(ArchiveError) {
        self.query = query
        let queue = try ArchiveError.translating {
            try Connection.open(archive.path, access: .reading, holdingTransactions: true)
        }
        self.queue = queue
        rooms = try ArchiveError.translating {
            try queue.writeWithoutTransaction { db in try Self.begin(query, in: db) }
        }
    }

    /// Holds on to the archive's present state, and finds the rooms.
    private static func begin(
        _ query: SessionQuery, in db: Database
    ) throws -> ArraySlice<NumberedRoom> {
        try db.execute(sql: "BEGIN")
        let rows = try Row.fetchAll(
            db, sql: "SELECT room, room_id FROM rooms WHERE ?1 IS NULL OR room_id = ?1",
            arguments: [query.roomID?.text])
        let rooms = try rows.map { NumberedRoom(number: $0[0], id: try RoomID(stored: $0[1])) }
        return rooms.sorted { $0.id < $1.id }[...]
    }

    /// The next session, or `nil` after the last.
    package func next() throws(ArchiveError) -> SessionRecord? {
        while true {
            while let record = page.popLast() {
                if query.matches(record) { return record }
            }
            guard let room = rooms.first else { return nil }
            page = try ArchiveError.translating {
                try queue.writeWithoutTransaction { db in
                    try readPage(of: room.number, room.id, in: db)
                }
            }
            if page.isEmpty {
                rooms.removeFirst()
                position = Data()
            }
        }
    }

    /// The sessions that follow, last first.
    private func readPage(
        of room: Int64, _ roomID: RoomID, in db: Database
    ) throws -> [SessionRecord] {
        if position.count > 32 { return [] }
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT session, number, first_index, sealed FROM candidates
                    WHERE room = ?1 AND session > ?2 AND hidden_by IS NULL
                        AND (?3 IS NULL OR session = ?3)
                    ORDER BY session, number LIMIT \(Self.pageCount)
                    """),
            arguments: [room, position, query.sessionID?.data])
        var sessions: [[Row]] = []
        for row in rows {
            if let last = sessions.last?.last, last[0] as Data == row[0] as Data {
                sessions[sessions.count - 1].append(row)
            } else {
                sessions.append([row])
            }
        }
        if rows.count == Self.pageCount {
            // The last session may go on behind this page.
            if sessions.count > 1 { sessions.removeLast() }
        }
        guard let last = sessions.last?.first else {
            position = Data(repeating: 0xff, count: 33)
            return []
        }
        position = last[0]
        return try sessions.reversed().map { try record(of: $0, in: room, roomID, db: db) }
    }

    private func record(
        of rows: [Row], in room: Int64, _ roomID: RoomID, db: Database
    ) throws -> SessionRecord {
        let session = try SessionID(stored: rows[0][0])
        let proofs = try SessionProofs(of: session, in: room, db: db)
        var copies = try rows.map { row in
            let first = try index(row[2])
            return SessionRecord.Copy(
                id: CopyID(value: row[1]), firstKnownIndex: first, claims: [],
                provenFrom: proofs.provenFrom(row[1], firstIndex: first),
                isRefuted: proofs.isRefuted(row[1]), sealed: [UInt8](row[3] as Data))
        }
        var elsewhere: (rooms: Set<Int64>, arrival: Int64?) = ([], nil)
        let claims = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT c.room, c.number, c.source, c.entry, c.owner, c.flag, c.quarantined,
                        k.hidden_by
                    FROM claims AS c CROSS JOIN candidates AS k USING (room, session, number)
                    WHERE c.session = ? ORDER BY c.source
                    """), arguments: [session.data])
        while let row = try claims.next() {
            if row[0] == room {
                guard let place = copies.firstIndex(where: { $0.id.value == row[1] }) else {
                    continue
                }
                copies[place].claims.append(
                    SessionRecord.Claim(
                        source: SourceID(row[2]), entry: EntryID(row[3]),
                        owner: try owner(row[4], in: db),
                        sharedHistory: try SharedHistory(stored: row[5]), isQuarantined: row[6]))
            } else if row[7] == nil {
                elsewhere.rooms.insert(row[0])
                if !(row[6] as Bool) {
                    elsewhere.arrival = min(elsewhere.arrival ?? .max, row[3])
                }
            }
        }
        let isProvenElsewhere = try elsewhere.rooms.contains { other in
            try SessionProofs(of: session, in: other, db: db).hasOpened
        }
        return SessionRecord(
            roomID: roomID, sessionID: session, copies: copies,
            arrivalElsewhere: elsewhere.arrival, isProvenElsewhere: isProvenElsewhere)
    }

    private func owner(_ number: Int64, in db: Database) throws -> OwnerClaims {
        if let owner = owners[number] { return owner }
        if owners.count >= 65_536 { owners = [:] }
        let row = try Row.fetchOne(
            db, sql: "SELECT sender_key, ed25519 FROM owners WHERE owner = ?", arguments: [number])
        guard let row else { throw ArchiveError.damagedRow(table: "owners") }
        let owner = try OwnerClaims(senderKey: row[0], ed25519: row[1])
        owners[number] = owner
        return owner
    }
}

extension Archive {
    /// The sessions held, with where each came from; needs no key.
    package func sessions(
        matching query: SessionQuery = SessionQuery()
    ) throws(ArchiveError) -> SessionCursor {
        try SessionCursor(over: self, query)
    }

    /// Opens a session's ratchets and decides which counts.
    ///
    /// - Returns: `nil` where events refuted every copy.
    /// - Throws: `locked`, `damagedRatchet`, or `megolm`.
    package func open(_ record: SessionRecord) throws(ArchiveError) -> ArchivedSession? {
        try ArchivedSession(record, opening: try unlockedRatchets())
    }
}
