package import Bytes
package import StrictJSON

/// Why a whole key file cannot be read or written.
///
/// One bad entry is no error: see `EntryFault`.
package enum KeyFormatError: Error, Equatable, Sendable {
    /// The bytes could not be moved.
    case stream(StreamError)
    /// No `-----BEGIN MEGOLM SESSION DATA-----` anywhere.
    case noBeginLine
    /// The begin line is there, the end line is not: the file is cut short.
    case noEndLine(byteCount: Int)
    /// Something between the lines that base64 has not.
    case notBase64(byteOffset: Int)
    /// Too few bytes for a key export, which has 69 around its text.
    case tooShort(byteCount: Int)
    /// The first byte names another version of the format than 1.
    case unknownVersion(UInt8)
    /// The file asks for no work at all before its key is known: nothing honest does.
    case noRounds
    /// The file asks for more PBKDF2 rounds than are done unasked.
    case tooManyRounds(rounds: UInt32, limit: UInt32)
    /// The MAC does not verify: another passphrase, or damage; the format cannot tell which.
    case wrongPassphraseOrDamaged
    /// What stands inside is not JSON.
    case json(StrictJSONError)
    /// What stands inside is a list as Python prints it; some old tools wrote that for JSON.
    case pythonLiteral
    /// A session stands in both lists of a bundle to be written.
    case bothSharedAndWithheld
    /// A backup of another algorithm, or without a public key.
    case unknownBackup
    /// What was given does not lead to the backup's private key.
    case wrongRecoveryKey
    /// What was given looks like a recovery key with a typing error.
    case misspelledRecoveryKey
    /// Not the `EncryptedFile` object of an attachment, nor the event that brings one.
    case notAnAttachmentKey
    /// An attachment of another version than `v2`.
    case unknownAttachmentVersion
    /// The attachment is not the one its key belongs to: its hash differs.
    case attachmentDamaged
    /// Device keys that are missing, not the sender's, or whose signature does not verify.
    case badDeviceKeys
    /// A person's cross-signing keys do not hold.
    case badCrossSigning(CrossSigningFault)
    /// A key of the passphrase could not be derived.
    case derivationFailed
    /// AES refused a key, a vector or a padding.
    case cipherRefused
}

extension KeyFormatError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .stream(let error): error.description
        case .noBeginLine: "it has no “BEGIN MEGOLM SESSION DATA” line"
        case .noEndLine(let byteCount):
            "it is cut short: its “END MEGOLM SESSION DATA” line is missing after \(byteCount) bytes"
        case .notBase64(let offset): "it is damaged: byte \(offset) is not base64"
        case .tooShort(let byteCount):
            "it is cut short: \(byteCount) bytes inside, expected at least 69"
        case .unknownVersion(let version): "it is of version \(version), expected 1"
        case .noRounds: "it asks for zero rounds of key derivation"
        case .tooManyRounds(let rounds, let limit):
            "it asks for \(rounds) rounds of key derivation, expected at most \(limit)"
        case .wrongPassphraseOrDamaged: "the passphrase is wrong or the file is damaged"
        case .json(let error): "the keys inside are not readable: \(error)"
        case .pythonLiteral: "the keys inside are a list printed by Python, not JSON"
        case .bothSharedAndWithheld: "a session is listed both as shared and as withheld"
        case .unknownBackup:
            "it is a key backup of another algorithm than m.megolm_backup.v1.curve25519-aes-sha2"
        case .wrongRecoveryKey: "the recovery key or passphrase is not this backup's"
        case .misspelledRecoveryKey: "the recovery key has a typing error"
        case .notAnAttachmentKey: "it is not the key of an encrypted attachment"
        case .unknownAttachmentVersion: "the attachment is of another version than v2"
        case .attachmentDamaged: "the attachment is damaged or another one: its hash differs"
        case .badDeviceKeys:
            "the sender's device keys are missing, another's, or their signature does not verify"
        case .badCrossSigning(let fault): fault.rawValue
        case .derivationFailed: "the key could not be derived from the passphrase"
        case .cipherRefused: "the ciphertext has a wrong size or padding"
        }
    }
}
