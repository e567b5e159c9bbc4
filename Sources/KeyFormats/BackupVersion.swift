import Bytes
package import Secrets
package import StrictJSON

/// What is said of a server-side key backup beside its sessions: its public key, and how its private
/// key is found.
package struct BackupVersion: Hashable, Sendable {
    /// The one algorithm that is read and written.
    package static let algorithm = "m.megolm_backup.v1.curve25519-aes-sha2"

    /// The server's name for it; `nil` where that was not saved.
    package var version: String?
    /// `nil` where it was not saved.
    package var publicKey: X25519.PublicKey?
    /// The person's secret storage, where it was saved and holds the backup's key.
    package var secretStorage: SecretStorage?
    /// How old clients made the private key of a passphrase.
    private var derivation: SecretStorage.Slot.Derivation?

    /// Nothing is known.
    package init() {}

    /// Reads the answer to `GET /room_keys/version`.
    ///
    /// - Throws: `KeyFormatError.unknownBackup` for another algorithm, or a key that is none.
    package init(_ answer: JSONValue) throws(KeyFormatError) {
        guard answer["algorithm"]?.text == Self.algorithm, let data = answer["auth_data"],
            let key = data.base64("public_key").flatMap(Bytes32.init)
        else { throw .unknownBackup }
        version = answer["version"]?.text
        publicKey = X25519.PublicKey(bytes: key)
        if let salt = data["private_key_salt"]?.text,
            let rounds = data["private_key_iterations"]?.integer.flatMap(UInt32.init(exactly:)),
            rounds > 0, salt.utf8.count <= 1024, (data["private_key_bits"]?.integer ?? 256) == 256
        {
            derivation = .init(salt: Array(salt.utf8), rounds: rounds)
        }
    }

    /// The most PBKDF2 rounds that a passphrase costs.
    package var rounds: UInt32 { max(secretStorage?.rounds ?? 0, derivation?.rounds ?? 0) }

    /// Finds the backup's private key in what a person holds: the recovery key of the backup or of
    /// secret storage, the private key in base64, or a passphrase.
    ///
    /// - Parameter secret: UTF-8 text.
    /// - Throws: `KeyFormatError.wrongRecoveryKey`, `.misspelledRecoveryKey`, `.tooManyRounds`.
    package func unlock(
        with secret: Span<UInt8>, roundsLimit: UInt32
    ) throws(KeyFormatError) -> BackupKey {
        if let key = RecoveryKey.decode(secret) ?? secret.base64Key {
            if let stored = secretStorage?.backupKey(storageKey: key) {
                return try checked(BackupKey(stored))
            }
            return try checked(BackupKey(key))
        }
        if RecoveryKey.resembles(secret) { throw .misspelledRecoveryKey }
        if let derivation {
            guard derivation.rounds <= roundsLimit else {
                throw .tooManyRounds(rounds: derivation.rounds, limit: roundsLimit)
            }
            let key = BackupKey(
                try PBKDF2SHA512.derive(
                    from: secret, salt: derivation.salt, rounds: derivation.rounds, byteCount: 32))
            if key.publicKey == publicKey { return key }
        }
        if let stored = try secretStorage?.backupKey(
            passphrase: secret, roundsLimit: roundsLimit)
        {
            return try checked(BackupKey(stored))
        }
        throw .wrongRecoveryKey
    }

    /// A backup whose public key is another one is not the one this key belongs to.
    private func checked(_ key: BackupKey) throws(KeyFormatError) -> BackupKey {
        if let publicKey, key.publicKey != publicKey { throw .wrongRecoveryKey }
        return key
    }
}
