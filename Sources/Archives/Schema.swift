import GRDB

/// The tables (`formats/archive.md`) and how an older archive becomes a newer one.
///
/// A migration that was ever released is never edited: what has to change gets another one below it.
enum Schema {
    /// “Heir”, which tells an archive from any other SQLite file.
    static let applicationID: Int64 = 0x4865_6972
    /// The newest version this program knows, in SQLite's `user_version`.
    static let version = 1

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 keys, provenance, journal and ledger") { db in
            try db.execute(sql: keys)
            try db.execute(sql: handOvers)
            try db.execute(sql: "PRAGMA user_version = 1")
        }
        return migrator
    }()

    private static let keys = """
        CREATE TABLE meta (
            name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE key_slots (
            name TEXT PRIMARY KEY NOT NULL, wrapped BLOB NOT NULL CHECK (length(wrapped) = 89)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE rooms (
            room INTEGER PRIMARY KEY, room_id TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE owners (
            owner INTEGER PRIMARY KEY, sender_key BLOB NOT NULL, ed25519 BLOB NOT NULL,
            UNIQUE (sender_key, ed25519)
        ) STRICT;
        CREATE TABLE sources (
            source INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            made_at INTEGER, signer BLOB, bundle BLOB, added_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE journal (
            entry INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, at INTEGER NOT NULL,
            source INTEGER REFERENCES sources, target INTEGER REFERENCES journal,
            new INTEGER NOT NULL DEFAULT 0, improved INTEGER NOT NULL DEFAULT 0,
            same INTEGER NOT NULL DEFAULT 0, worse INTEGER NOT NULL DEFAULT 0,
            conflicting INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0,
            affected INTEGER NOT NULL DEFAULT 0,
            undone_by INTEGER REFERENCES journal, confirmed_at INTEGER
        ) STRICT;
        CREATE TABLE candidates (
            room INTEGER NOT NULL REFERENCES rooms,
            session BLOB NOT NULL CHECK (length(session) = 32),
            number INTEGER NOT NULL, first_index INTEGER NOT NULL,
            entry INTEGER NOT NULL REFERENCES journal, hidden_by INTEGER REFERENCES journal,
            fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 16),
            sealed BLOB NOT NULL CHECK (length(sealed) = 205),
            PRIMARY KEY (room, session, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE claims (
            session BLOB NOT NULL, room INTEGER NOT NULL, number INTEGER NOT NULL,
            source INTEGER NOT NULL REFERENCES sources, entry INTEGER NOT NULL REFERENCES journal,
            owner INTEGER NOT NULL REFERENCES owners, flag INTEGER NOT NULL,
            quarantined INTEGER NOT NULL,
            PRIMARY KEY (session, room, number, source, entry, owner, flag, quarantined),
            FOREIGN KEY (room, session, number) REFERENCES candidates
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE proofs (
            session BLOB NOT NULL, room INTEGER NOT NULL, number INTEGER NOT NULL,
            entry INTEGER NOT NULL REFERENCES journal, opens_at INTEGER,
            PRIMARY KEY (session, room, number, entry),
            FOREIGN KEY (room, session, number) REFERENCES candidates
        ) STRICT, WITHOUT ROWID;
        """

    private static let handOvers = """
        CREATE TABLE seen (
            bundle BLOB PRIMARY KEY NOT NULL CHECK (length(bundle) = 16),
            manifest BLOB NOT NULL CHECK (length(manifest) = 32), at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE hand_overs (
            hand_over INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
            bundle BLOB NOT NULL UNIQUE CHECK (length(bundle) = 16), room_id TEXT NOT NULL,
            override TEXT
        ) STRICT;
        CREATE TABLE hand_over_recipients (
            hand_over INTEGER NOT NULL REFERENCES hand_overs, identity BLOB NOT NULL,
            name TEXT NOT NULL, PRIMARY KEY (hand_over, identity)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE hand_over_sessions (
            hand_over INTEGER NOT NULL REFERENCES hand_overs, session BLOB NOT NULL,
            from_index INTEGER NOT NULL, PRIMARY KEY (hand_over, session)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE receipts (
            bundle BLOB NOT NULL CHECK (length(bundle) = 16),
            signer BLOB NOT NULL CHECK (length(signer) = 32), received_at INTEGER NOT NULL,
            bytes BLOB NOT NULL, added_at INTEGER NOT NULL, PRIMARY KEY (bundle, signer)
        ) STRICT, WITHOUT ROWID;
        """
}
