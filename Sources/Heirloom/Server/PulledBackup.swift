import Bytes
import Carriers
import Homeserver
import KeyFormats
import MatrixTypes
import StrictJSON

/// A server-side key backup as the homeserver gave it, still encrypted.
///
/// All of it is a stranger's word: whoever knows the backup's public key, the server first, can add
/// to it.
public final class PulledBackup {
    let user: UserID
    let version: BackupVersion
    /// The room asked for; `nil` for all.
    let room: RoomID?
    let sessions: SpoolFile

    /// How to call it in a sentence.
    public var name: String { Self.name(of: user) }

    static func name(of user: UserID) -> String { "the key backup of \(user.text)" }

    init(user: UserID, version: BackupVersion, room: RoomID?, sessions: SpoolFile) {
        self.user = user
        self.version = version
        self.room = room
        self.sessions = sessions
    }
}

extension Home {
    /// Fetches the current key backup of a stored login, or one room of it, or single sessions.
    ///
    /// Nothing is decrypted, and nothing but encrypted sessions touches the disk.
    ///
    /// - Parameter sessions: the ids of those wanted of `room`; empty for all.
    /// - Throws: `noBackup` where there is none; `nothingMatched` where it lacks a session.
    public func pullBackup(
        room: String?, sessions: [String] = [], user: String?
    ) async throws(HeirloomError) -> PulledBackup {
        let room = try room.map { text throws(HeirloomError) in try RoomID(argument: text) }
        let wanted = try sessions.map { text throws(HeirloomError) in
            try SessionID(argument: text)
        }
        guard let room, !wanted.isEmpty else { return try await pull(room, session(of: user)) }
        return try await pull(wanted, of: room, session(of: user))
    }

    func pull(
        _ room: RoomID?, _ session: ServerSession
    ) async throws(HeirloomError) -> PulledBackup {
        let (version, name) = try await backupVersion(session)
        let spool = try spool()
        try await session.asking { client async throws(HomeserverError) in
            try await client.backupKeys(version: name, room: room, into: spool)
        }
        return PulledBackup(user: session.user, version: version, room: room, sessions: spool)
    }

    /// Single sessions, put together as the server would have answered for the room.
    private func pull(
        _ sessions: [SessionID], of room: RoomID, _ session: ServerSession
    ) async throws(HeirloomError) -> PulledBackup {
        let (version, name) = try await backupVersion(session)
        var found: [String: JSONValue] = [:]
        for id in sessions {
            let data = try await session.asking { client async throws(HomeserverError) in
                try await client.backupKey(version: name, room: room, session: id)
            }
            guard let data else {
                throw HeirloomError(
                    .server, .nothingMatched,
                    "the key backup of \(session.user.text.shown) has no session \(id)")
            }
            found[id.text] = data
        }
        guard let text = JSONValue.object(["sessions": .object(found)]).canonical else {
            throw HeirloomError(
                .server, .malformedAnswer,
                "\(session.name.shown): it holds a session with numbers that JSON has not")
        }
        let spool = try spool()
        try moving(.server, name) { () throws(StreamError) in try spool.write(text) }
        return PulledBackup(user: session.user, version: version, room: room, sessions: spool)
    }

    private func spool() throws(HeirloomError) -> SpoolFile {
        try makeData()
        let folder = data
        return try carrying(.server, folder) { () throws(CarrierError) in
            try SpoolFile(in: folder)
        }
    }

    /// What the server says of the current backup, with the person's secret storage.
    func backupVersion(
        _ session: ServerSession
    ) async throws(HeirloomError) -> (BackupVersion, name: String) {
        let answer = try await session.asking { client async throws(HomeserverError) in
            try await client.backupVersion()
        }
        guard let answer else {
            throw HeirloomError(
                .server, .noBackup, "\(session.user.text.shown) has no key backup")
        }
        var version = try collecting("the key backup") { () throws(KeyFormatError) in
            try BackupVersion(answer)
        }
        guard let name = version.version, !name.isEmpty else {
            throw HeirloomError(
                .server, .malformedAnswer, "\(session.name.shown): its key backup has no version")
        }
        version.secretStorage = SecretStorage(accountData: try await secrets(session))
        return (version, name)
    }

    /// The account data that leads to the backup's key, by type.
    private func secrets(
        _ session: ServerSession
    ) async throws(HeirloomError) -> [String: JSONValue] {
        let user = session.user
        var found: [String: JSONValue] = [:]
        func fetch(_ types: [String]) async throws(HeirloomError) {
            for type in types {
                found[type] = try await session.asking { client async throws(HomeserverError) in
                    try await client.accountData(type, of: user)
                }
            }
        }
        try await fetch([SecretStorage.backupSecret, SecretStorage.defaultKey])
        try await fetch(SecretStorage.keyIDs(in: found).map { SecretStorage.keyPrefix + $0 })
        return found
    }
}

extension SessionID {
    init(argument text: String) throws(HeirloomError) {
        do throws(MatrixTypeError) {
            try self.init(text)
        } catch {
            throw HeirloomError(
                .select, .badArgument, "\(text.shown) is no session's id: \(error)")
        }
    }
}

extension KeyFile {
    /// Reads all sessions of a backup that was fetched.
    func read(
        _ pulled: PulledBackup, _ wish: RoomKeyEntries.Wish, _ passphrases: any PassphraseSource,
        report tally: inout KeyFileReport, _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) {
        tally.kind = .serverBackup
        try readBackup(
            pulled.sessions, pulled.version, room: pulled.room, wish, passphrases, report: &tally,
            body)
    }
}
