import Foundation
import GRDB

/// One connection to SQLite, set up as every one of ours is.
enum Connection {
    /// How long a writer waits for another, in seconds.
    static let patience = 10.0
    /// The page cache, in KiB.
    private static let cacheKibibytes = 65_536

    /// The archive's name for SQLite.
    ///
    /// Where nothing can be written beside the file, as on a read-only disk, SQLite could not keep what
    /// it shares with other programs there; nobody else can be writing then, and it is told so.
    private static func readable(_ path: String, _ access: Archive.Access) -> String {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var log = stat()
        let hasLog = unsafe stat(path + "-wal", &log) == 0 && log.st_size > 0
        guard access == .reading, !hasLog, unsafe Foundation.access(folder, W_OK) != 0,
            let name = URL(fileURLWithPath: path).path
                .addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        else { return path }
        return "file:\(name)?immutable=1"
    }

    /// A transaction that outlives one call, such as an import's, needs `holdingTransactions`.
    static func open(
        _ path: String, access: Archive.Access, holdingTransactions: Bool = false
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = access == .reading
        configuration.busyMode = .timeout(patience)
        configuration.foreignKeysEnabled = true
        configuration.allowsUnsafeTransactions = holdingTransactions
        configuration.prepareDatabase { db in
            // FULL: a commit that was reported survives a power cut. The two checks below cost little
            // and keep a damaged or hostile file from being believed.
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA secure_delete = ON;
                    PRAGMA cache_size = -\(cacheKibibytes);
                    PRAGMA cell_size_check = ON;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return try DatabaseQueue(path: readable(path, access), configuration: configuration)
    }
}
