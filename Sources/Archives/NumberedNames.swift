import Bytes
import Foundation
import GRDB
import MatrixTypes
import Megolm

/// The numbers that rooms and owners have in the archive, so that a million rows need not repeat them.
struct NumberedNames {
    /// More than this are not remembered.
    private static let limit = 65_536

    private var rooms: [RoomID: Int64] = [:]
    private var owners: [OwnerClaims: Int64] = [:]

    /// The number of a room, given one where it has none.
    mutating func number(of room: RoomID, in db: Database) throws -> Int64 {
        if let number = rooms[room] { return number }
        if rooms.count >= Self.limit { rooms = [:] }
        try db.execute(
            sql: "INSERT OR IGNORE INTO rooms (room_id) VALUES (?)", arguments: [room.text])
        let number = try Int64.fetchOne(
            db, sql: "SELECT room FROM rooms WHERE room_id = ?", arguments: [room.text])
        guard let number else { throw ArchiveError.damagedRow(table: "rooms") }
        rooms[room] = number
        return number
    }

    /// The number of an owner, given one where it has none.
    mutating func number(of owner: OwnerClaims, in db: Database) throws -> Int64 {
        if let number = owners[owner] { return number }
        if owners.count >= Self.limit { owners = [:] }
        let names: StatementArguments = [
            Data(owner.senderKey?.bytes.array ?? []), Data(owner.ed25519?.bytes.array ?? []),
        ]
        try db.execute(
            sql: "INSERT OR IGNORE INTO owners (sender_key, ed25519) VALUES (?, ?)",
            arguments: names)
        let number = try Int64.fetchOne(
            db, sql: "SELECT owner FROM owners WHERE sender_key = ? AND ed25519 = ?",
            arguments: names)
        guard let number else { throw ArchiveError.damagedRow(table: "owners") }
        owners[owner] = number
        return number
    }
}
