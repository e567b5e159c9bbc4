import Foundation
import GRDB
import MatrixTypes
import Megolm
import Secrets

/// What one batch of an import writes.
struct ImportRows {
    private struct Copy {
        let key: RoomKey
        let room: Int64
        let number: Int64
        let entry: Int64
        let fingerprint: [UInt8]
    }

    struct Claim {
        let claim: HeldCopies.Claim
        let session: SessionID
        let room: Int64
        let number: Int64
    }

    private var copies: [Copy] = []
    private(set) var claims: [Claim] = []

    mutating func add(
        _ key: RoomKey, room: Int64, number: Int64, entry: Int64, fingerprint: [UInt8]
    ) {
        copies.append(
            Copy(key: key, room: room, number: number, entry: entry, fingerprint: fingerprint))
    }

    mutating func add(
        _ claim: HeldCopies.Claim, session: SessionID, room: Int64, number: Int64
    ) {
        claims.append(Claim(claim: claim, session: session, room: room, number: number))
    }

    /// Writes each table in the order it is kept in: four times as fast as in any other.
    func insert(
        into db: Database, sealing ratchets: RatchetSeal, random: inout AnyRandomSource
    ) throws {
        // Claims came by session, and so did these; only the room goes before it here.
        let order = copies.indices.sorted { (copies[$0].room, $0) < (copies[$1].room, $1) }
        let insertCopy = try db.cachedStatement(
            sql: """
                INSERT INTO candidates
                    (room, session, number, first_index, entry, fingerprint, sealed)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for copy in order.lazy.map({ copies[$0] }) {
            let key = copy.key.sessionKey
            let place = RatchetPlace(
                roomID: copy.key.roomID, sessionID: key.sessionID, number: copy.number,
                firstIndex: key.firstKnownIndex)
            let sealed = ratchets.seal(key, at: place, random: &random)
            try insertCopy.execute(arguments: [
                copy.room, key.sessionID.data, copy.number, Int64(key.firstKnownIndex.value),
                copy.entry, Data(copy.fingerprint), Data(sealed),
            ])
        }
        let insertClaim = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        for row in claims {
            try insertClaim.execute(arguments: [
                row.session.data, row.room, row.number, row.claim.source, row.claim.entry,
                row.claim.owner, row.claim.flag, row.claim.isQuarantined,
            ])
        }
    }
}
