package import Bytes
import Foundation
import GRDB

/// A bundle that was taken in: remembered for ever, so that a replay cannot bring back keys that
/// somebody chose to forget.
package struct SeenBundle: Hashable, Sendable {
    /// The bundle's id, 16 bytes.
    package let bundle: [UInt8]
    /// The BLAKE2b-256 of its manifest.
    package let manifest: Bytes32
    /// When it was taken in, in milliseconds since 1970.
    package let milliseconds: UInt64

    package init(bundle: [UInt8], manifest: Bytes32, milliseconds: UInt64) {
        precondition(bundle.count == 16)
        self.bundle = bundle
        self.manifest = manifest
        self.milliseconds = milliseconds
    }

    /// - Throws: `seen` where another manifest stands under this id; the same one changes nothing.
    func insert(into db: Database) throws {
        if let known = try Self.manifest(of: bundle, in: db) {
            guard known == Data(manifest.array) else {
                throw ArchiveError.seen(otherContent: true)
            }
            return
        }
        try db.execute(
            sql: "INSERT INTO seen VALUES (?, ?, ?)",
            arguments: [Data(bundle), Data(manifest.array), milliseconds.stored])
    }

    fileprivate static func manifest(of bundle: [UInt8], in db: Database) throws -> Data? {
        try Data.fetchOne(
            db, sql: "SELECT manifest FROM seen WHERE bundle = ?", arguments: [Data(bundle)])
    }
}

extension Archive {
    /// Refuses a bundle that was taken in before.
    ///
    /// - Throws: `seen`.
    package func checkUnseen(
        bundle: [UInt8], manifest: Bytes32
    ) throws(ArchiveError) {
        let known = try read { db in try SeenBundle.manifest(of: bundle, in: db) }
        if let known { throw .seen(otherContent: known != Data(manifest.array)) }
    }
}
