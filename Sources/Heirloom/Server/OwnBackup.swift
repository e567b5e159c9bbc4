import Bytes
import Homeserver
import KeyFormats
import MatrixTypes
import Megolm
import StrictJSON

/// A person's own key backup on their homeserver, with the private key that opens it.
///
/// Having that key is what shows that the backup is theirs; nothing is written to any other.
struct OwnBackup: Sendable {
    let session: ServerSession
    let version: BackupVersion
    /// The server's name for it.
    let name: String
    let key: BackupKey

    /// How to call it in a sentence.
    var title: String { PulledBackup.name(of: session.user) }
}

extension Home {
    /// Finds the current key backup, and opens it with what the person has.
    ///
    /// - Throws: `noBackup`; `wrongRecoveryKey`.
    func openBackup(
        _ session: ServerSession, roundsLimit: UInt32, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> OwnBackup {
        let (version, name) = try await backupVersion(session)
        guard version.publicKey != nil else {
            throw HeirloomError(.server, .noBackup, "the key backup does not say its public key")
        }
        let reader = KeyFile(
            path: PulledBackup.name(of: session.user), roundsLimit: roundsLimit, report: { _ in })
        let key = try reader.unlock(version, passphrases)
        return OwnBackup(session: session, version: version, name: name, key: key)
    }
}

extension OwnBackup {
    /// What it holds of a room now, and what became of its entries.
    ///
    /// - Throws: `backupReplaced` where another backup has become the current one.
    func held(
        of room: RoomID, in home: Home, report: @escaping (Progress) -> Void
    ) async throws(HeirloomError) -> ([SessionID: RoomKey], KeyFileReport) {
        let pulled = try await home.pull(room, session)
        guard pulled.version.version == version.version,
            pulled.version.publicKey == version.publicKey
        else {
            throw HeirloomError(
                .server, .backupReplaced,
                "\(session.name.shown): its key backup has been replaced by another one meanwhile")
        }
        let reader = KeyFile(path: title, roundsLimit: KeyFileLimits.usualRounds, report: report)
        var tally = KeyFileReport(path: title)
        tally.kind = .serverBackup
        var held: [SessionID: RoomKey] = [:]
        _ = try reader.readBackup(
            pulled.sessions, key: key, room: room, .init(roomID: room), report: &tally
        ) { entry in
            if case .roomKey(let key, _) = entry { held[key.sessionID] = key }
        }
        return (held, tally)
    }

    /// Adds sessions of one room; the server keeps its own where it thinks that better.
    func add(
        _ sessions: [String: JSONValue], of room: RoomID
    ) async throws(HeirloomError) {
        let body: JSONValue = .object([
            "rooms": .object([room.text: .object(["sessions": .object(sessions)])])
        ])
        let name = self.name
        try await session.asking { client async throws(HomeserverError) in
            try await client.putBackupKeys(version: name, body.canonical ?? [])
        }
    }
}
