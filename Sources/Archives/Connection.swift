import GRDB

/// One connection to SQLite, set up as every one of ours is.
enum Connection {
    /// How long a writer waits for another, in seconds.
    static let patience = 10.0
    /// The page cache, in KiB.
    private static let cacheKibibytes = 65_536

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
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
