import Foundation
import GRDB
import Secrets

/// Years of room keys in one file, with where each came from.
///
/// Room ids, session ids, sources and dates stay readable; every ratchet is sealed under the archive's
/// key (`RatchetSeal`). So listing, the journal and the ledger need no secret, and adding, reading and
/// proving do. Nothing that is added replaces anything: which copy of a session counts is decided when
/// it is read (`SessionDecision`).
///
/// The file is an SQLite database with a write-ahead log; nothing outside this room depends on that.
/// Several handles and several programs may use it at once: one writes at a time, readers see what was
/// committed.
package final class Archive: Sendable {
    /// What a caller means to do.
    package enum Access: Hashable, Sendable {
        case reading, writing
    }

    package let path: String
    package let id: ArchiveID
    package let access: Access
    let queue: DatabaseQueue
    private let ratchets: RatchetSeal?

    private init(
        path: String, id: ArchiveID, access: Access, queue: DatabaseQueue, ratchets: RatchetSeal?
    ) {
        self.path = path
        self.id = id
        self.access = access
        self.queue = queue
        self.ratchets = ratchets
    }

    /// Makes an archive (mode 0600), which appears under its name only when it is whole.
    ///
    /// - Parameter slots: the ways to its key that it keeps.
    /// - Throws: `exists`, `noFolder`, `wrongKey` for a slot of another archive, and what SQLite
    ///   refuses.
    package static func create(
        at path: String, key: ArchiveKey, slots: [KeySlot]
    ) throws(ArchiveError) -> Archive {
        for slot in slots where slot.wrapped.archive != key.archive { throw .wrongKey }
        let temporary = try ArchiveFile.makeTemporary(beside: path)
        defer { ArchiveFile.remove(temporary) }
        try ArchiveError.translating {
            let queue = try Connection.open(temporary, access: .writing)
            try Schema.migrator.migrate(queue)
            try queue.write { db in
                try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                try db.execute(
                    sql: "INSERT INTO meta VALUES ('archive', ?), ('key check', ?)",
                    arguments: [Data(key.archive.array), Data(key.check)])
                for slot in slots { try slot.insert(into: db) }
            }
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL")
            }
            try queue.close()
        }
        try ArchiveFile.name(temporary, path)
        return try open(at: path, key: key)
    }

    /// Opens an archive, and brings an older one up to date where it may write.
    ///
    /// - Parameter key: `nil` for what needs no secret; `unlocked(with:)` adds it later.
    /// - Throws: `missing`, `notAFile`, `openToOthers`, `notOwned`, `notAnArchive`, `newer`,
    ///   `wrongKey`, `damaged`, and what SQLite refuses.
    package static func open(
        at path: String, key: ArchiveKey? = nil, access: Access = .writing
    ) throws(ArchiveError) -> Archive {
        try ArchiveFile.check(path)
        let (queue, id) = try ArchiveError.translating {
            let queue = try Connection.open(path, access: access)
            try checkVersion(of: queue, access: access)
            let id = try queue.read { db in
                try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'archive'")
            }
            return (queue, id)
        }
        guard let id = ArchiveID([UInt8](id ?? Data())) else { throw .damagedRow(table: "meta") }
        let archive = Archive(path: path, id: id, access: access, queue: queue, ratchets: nil)
        return if let key { try archive.unlocked(with: key) } else { archive }
    }

    /// The same archive, with its key.
    ///
    /// - Throws: `wrongKey`.
    package func unlocked(with key: ArchiveKey) throws(ArchiveError) -> Archive {
        let check = try read { db in
            try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'key check'")
        }
        guard key.archive == id, check.map([UInt8].init) == key.check else { throw .wrongKey }
        return Archive(
            path: path, id: id, access: access, queue: queue, ratchets: RatchetSeal(key))
    }

    /// What seals and opens ratchets.
    ///
    /// - Throws: `locked` where the archive was opened without its key.
    func unlockedRatchets() throws(ArchiveError) -> RatchetSeal {
        guard let ratchets else { throw .locked }
        return ratchets
    }

    /// Reads one state of the archive.
    func read<Result>(_ body: (Database) throws -> Result) throws(ArchiveError) -> Result {
        try ArchiveError.translating { try queue.read(body) }
    }

    /// Writes all of it or nothing.
    func write<Result>(_ body: (Database) throws -> Result) throws(ArchiveError) -> Result {
        guard access == .writing else { throw .readOnly }
        return try ArchiveError.translating { try queue.write(body) }
    }

    private static func checkVersion(of queue: DatabaseQueue, access: Access) throws {
        let (application, version, isSuperseded) = try queue.read { db in
            (
                try Int64.fetchOne(db, sql: "PRAGMA application_id"),
                try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
                try Schema.migrator.hasBeenSuperseded(db)
            )
        }
        guard application == Schema.applicationID else { throw ArchiveError.notAnArchive }
        guard version <= Schema.version, !isSuperseded else {
            throw ArchiveError.newer(version: version, known: Schema.version)
        }
        if version == Schema.version { return }
        guard access == .writing else { throw ArchiveError.readOnly }
        try Schema.migrator.migrate(queue)
    }
}
