import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Secrets

extension KeyFile {
    /// Reads a saved server-side key backup, session by session.
    ///
    /// Read twice: what it says of itself may stand behind its sessions.
    func readBackup(
        _ file: InputFile, _ wish: RoomKeyEntries.Wish, _ passphrases: any PassphraseSource,
        report tally: inout KeyFileReport, _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) {
        let version = try collecting(path) { () throws(KeyFormatError) in
            try SavedBackup.version(in: file)
        }
        try readBackup(file, version, room: nil, wish, passphrases, report: &tally, body)
    }

    /// Reads a backup whose version is known.
    ///
    /// - Parameter room: which room's sessions they are where the answer itself does not say.
    func readBackup(
        _ file: any RewindableByteSource, _ version: BackupVersion, room: RoomID?,
        _ wish: RoomKeyEntries.Wish, _ passphrases: any PassphraseSource,
        report tally: inout KeyFileReport, _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) {
        let key = try unlock(version, passphrases)
        let opened = try readBackup(
            file, key: key, room: room, wish, report: &tally, body)
        // A saved answer without its version does not say which key it belongs to: its sessions do.
        if opened == 0, tally.entries > 0, version.publicKey == nil {
            throw HeirloomError(collecting: .wrongRecoveryKey, from: path)
        }
    }

    /// Finds the backup's private key in what the person has.
    ///
    /// - Throws: `wrongRecoveryKey`, `tooMuchWork`.
    func unlock(
        _ version: BackupVersion, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> BackupKey {
        let rounds = try permittedRounds(version.rounds, passphrases)
        let passphrase = try passphrases.passphrase(for: .backup(path: path))
        return try collecting(path) { () throws(KeyFormatError) in
            try version.unlock(with: passphrase.bytes.bytes, roundsLimit: rounds)
        }
    }

    /// Reads a backup whose key is known.
    ///
    /// - Returns: how many sessions the key opened, sound or not.
    func readBackup(
        _ file: any RewindableByteSource, key: BackupKey, room: RoomID?,
        _ wish: RoomKeyEntries.Wish, report tally: inout KeyFileReport,
        _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) -> Int {
        try moving(.collect, path) { () throws(StreamError) in try file.rewind() }
        var entries = BackupEntries(reporting(file), key: key, room: room, wish: wish)
        var opened = 0
        while let entry = try next(&entries) {
            tally.count(entry, number: entries.count)
            if entry.isOpened { opened += 1 }
            body(entry)
        }
        return opened
    }

    private func next(
        _ entries: inout BackupEntries
    ) throws(HeirloomError) -> KeyFileEntry? {
        do throws(KeyFormatError) {
            return try entries.next()
        } catch {
            throw HeirloomError(collecting: error, from: path)
        }
    }
}

extension KeyFileEntry {
    /// Whether a backup's session was opened, sound or not.
    fileprivate var isOpened: Bool {
        if case .invalid(.badSessionData(.otherKey)) = self { return false }
        return true
    }
}
