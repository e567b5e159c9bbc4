import Foundation
import GRDB
import MatrixTypes
import Megolm

/// What the archive and the batch under way hold of one session, in all rooms.
struct HeldCopies {
    /// What one source said of one copy.
    struct Claim: Hashable {
        let source: Int64
        let entry: Int64
        let owner: Int64
        let flag: Int64
        let isQuarantined: Bool
    }

    /// One distinct ratchet.
    struct Copy {
        let room: Int64
        let number: Int64
        let firstIndex: MessageIndex
        let fingerprint: [UInt8]
        let isHidden: Bool
        var claims: [Claim]
        /// The ratchet, once it was needed.
        var key: ExportedSessionKey?

        var isQuarantined: Bool { claims.allSatisfy(\.isQuarantined) }
        var arrival: Int64 { claims.map(\.entry).min() ?? .max }
    }

    /// What has to be written for a key.
    enum Addition {
        /// Nothing: the source said so before.
        case known
        /// The session has as many copies as are kept.
        case tooMany
        /// The source's word on a copy held.
        case claim(number: Int64)
        /// A copy, and the source's word on it.
        case copy(number: Int64)
    }

    private let session: SessionID
    private var copies: [Copy] = []

    init(of session: SessionID, in db: Database) throws {
        self.session = session
        // CROSS JOIN keeps SQLite from turning the order of the two around.
        let statement = try db.cachedStatement(
            sql: """
                SELECT c.room, c.number, c.source, c.entry, c.owner, c.flag, c.quarantined,
                    k.first_index, k.fingerprint, k.hidden_by
                FROM claims AS c CROSS JOIN candidates AS k USING (room, session, number)
                WHERE c.session = ? ORDER BY c.room, c.number
                """)
        let rows = try Row.fetchCursor(statement, arguments: [session.data])
        while let row = try rows.next() {
            let claim = Claim(
                source: row[2], entry: row[3], owner: row[4], flag: row[5], isQuarantined: row[6])
            let (room, number): (Int64, Int64) = (row[0], row[1])
            if let last = copies.last, last.room == room, last.number == number {
                copies[copies.count - 1].claims.append(claim)
            } else {
                copies.append(
                    Copy(
                        room: room, number: number, firstIndex: try index(row[7]),
                        fingerprint: [UInt8](row[8] as Data), isHidden: row[9] != nil,
                        claims: [claim]))
            }
        }
    }

    /// What becomes of a key, before it is added.
    mutating func outcome(
        of incoming: ArchiveImport.Incoming, in room: Int64, fingerprint: [UInt8],
        opening ratchets: RatchetSeal, db: Database
    ) throws -> ImportCounts.Outcome {
        if let twin = twin(in: room, fingerprint) {
            return copies[twin].isQuarantined && !incoming.isQuarantined ? .improved : .same
        }
        let visible = copies.indices.filter { copies[$0].room == room && !copies[$0].isHidden }
        if visible.isEmpty {
            if copies.contains(where: { !$0.isHidden && !$0.isQuarantined }) { return .conflicting }
            return incoming.isQuarantined ? .quarantined : .new
        }
        if visible.count >= ArchiveImport.copyLimit { return .conflicting }
        for copy in visible where copies[copy].key == nil {
            copies[copy].key = try opened(
                copies[copy], roomID: incoming.key.roomID, with: ratchets, db: db)
        }
        let proofs = try SessionProofs(of: session, in: room, db: db)
        let held = visible.compactMap { copies[$0].decided(with: proofs) }
        return try Self.outcome(of: incoming, beside: SessionDecision(held))
    }

    private static func outcome(
        of incoming: ArchiveImport.Incoming, beside held: SessionDecision?
    ) throws(MegolmError) -> ImportCounts.Outcome {
        guard let held else { return incoming.isQuarantined ? .quarantined : .improved }
        let key = incoming.key.sessionKey
        switch try key.ordering(comparedTo: held.key) {
        case .unconnected: return .conflicting
        case .better where incoming.isQuarantined: return .quarantined
        case _ where held.standing == .quarantined && !incoming.isQuarantined: return .improved
        case .equal: return .same
        case .worse: return .worse
        case .better:
            let used = held.key.firstKnownIndex
            let border = key.firstKnownIndex.provenBoundary(agreeingAt: used)
            return border < used ? .improved : .quarantined
        }
    }

    /// Adds a key, and tells what has to be written for it.
    mutating func add(
        _ claim: Claim, in room: Int64, key: ExportedSessionKey, fingerprint: [UInt8]
    ) -> Addition {
        if let twin = twin(in: room, fingerprint) {
            // Said again, or said more carefully than before.
            let isKnown = copies[twin].claims.contains {
                $0.source == claim.source && $0.owner == claim.owner && $0.flag == claim.flag
                    && (!$0.isQuarantined || claim.isQuarantined)
            }
            if isKnown { return .known }
            copies[twin].claims.append(claim)
            return .claim(number: copies[twin].number)
        }
        let ofRoom = copies.filter { $0.room == room }
        if ofRoom.count(where: { !$0.isHidden }) >= ArchiveImport.copyLimit { return .tooMany }
        let number = (ofRoom.map(\.number).max() ?? 0) + 1
        copies.append(
            Copy(
                room: room, number: number, firstIndex: key.firstKnownIndex,
                fingerprint: fingerprint, isHidden: false, claims: [claim], key: key))
        return .copy(number: number)
    }

    private func twin(in room: Int64, _ fingerprint: [UInt8]) -> Int? {
        copies.firstIndex {
            $0.room == room && !$0.isHidden && $0.fingerprint == fingerprint
        }
    }

    private func opened(
        _ copy: Copy, roomID: RoomID, with ratchets: RatchetSeal, db: Database
    ) throws -> ExportedSessionKey {
        let sealed = try Data.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT sealed FROM candidates WHERE room = ? AND session = ? AND number = ?
                    """),
            arguments: [copy.room, session.data, copy.number])
        let place = RatchetPlace(
            roomID: roomID, sessionID: session, number: copy.number, firstIndex: copy.firstIndex)
        return try ratchets.open([UInt8](sealed ?? Data()), at: place)
    }
}

extension HeldCopies.Copy {
    /// The copy as the decision wants it; `nil` while its ratchet is not opened.
    func decided(with proofs: SessionProofs) -> SessionDecision.Copy? {
        key.map { key in
            SessionDecision.Copy(
                number: number, key: key, arrival: arrival, isQuarantined: isQuarantined,
                provenFrom: proofs.provenFrom(number, firstIndex: firstIndex),
                isRefuted: proofs.isRefuted(number))
        }
    }
}
