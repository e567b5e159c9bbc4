import Megolm

/// Why one entry of a key file is not taken, though the entries beside it are.
package enum EntryFault: Error, Hashable, Sendable {
    /// A member that an entry must have.
    package enum Field: String, Hashable, Sendable {
        case algorithm
        case roomID = "room_id"
        case sessionID = "session_id"
        case sessionKey = "session_key"
        case code
        case sessionData = "session_data"
    }

    /// Not a JSON object, or not a strict one.
    case notAnObject
    /// Longer than accepted, in bytes.
    case tooLong(byteCount: Int)
    /// A member is not there.
    case missing(Field)
    /// A member is not the string it should be.
    case notText(Field)
    /// Another algorithm than `m.megolm.v1.aes-sha2`.
    case otherAlgorithm
    /// The room id is not one.
    case badRoomID
    /// The session key is not a sound export; `kind` says how.
    case badSessionKey(kind: SessionKeyFault)
    /// A backup's encrypted session cannot be opened; `kind` says how.
    case badSessionData(SessionDataFault)
    /// The stated session id is not the Ed25519 key inside the session key.
    case sessionIDMismatch
}

/// Why a backup's encrypted session cannot be opened, by kind, for counting.
package enum SessionDataFault: Hashable, Sendable {
    /// A member is missing or is no base64 of its size.
    case notBase64
    /// The ephemeral key gives everybody the same secret.
    case lowOrderPoint
    /// It is encrypted to another key than the backup's.
    case otherKey
    /// The ciphertext's size or padding is wrong.
    case padding
}

/// What is wrong with a session key, by kind, for counting.
package enum SessionKeyFault: Hashable, Sendable {
    case byteCount(Int)
    case version(UInt8)
    case notBase64
    case signingKey
    case index(UInt32)
    case signature

    init(_ error: MegolmError) {
        self =
            switch error {
            case .wrongByteCount(_, let actual): .byteCount(actual)
            case .wrongVersion(_, let actual): .version(actual)
            case .invalidSigningKey: .signingKey
            case .indexTooHigh(let index, _): .index(index)
            case .badSignature: .signature
            default: .notBase64
            }
    }
}

extension EntryFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAnObject: "not a JSON object"
        case .tooLong(let byteCount): "\(byteCount) bytes long"
        case .missing(let field): "no \(field.rawValue)"
        case .notText(let field): "\(field.rawValue) is not a string"
        case .otherAlgorithm: "another algorithm than m.megolm.v1.aes-sha2"
        case .badRoomID: "room_id is not a room's id"
        case .badSessionKey(let kind): "session_key \(kind)"
        case .badSessionData(let kind): "session_data \(kind)"
        case .sessionIDMismatch: "session_id is not the key's own"
        }
    }
}

extension SessionDataFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notBase64: "is not three members of strict base64"
        case .lowOrderPoint: "has an ephemeral key of low order"
        case .otherKey: "is encrypted to another key than the backup's"
        case .padding: "is damaged"
        }
    }
}

extension SessionKeyFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .byteCount(let count): "has \(count) bytes, expected 165"
        case .version(let version): "is of version \(version), expected 1"
        case .notBase64: "is not strict base64"
        case .signingKey: "holds an invalid Ed25519 key"
        case .index(let index): "begins at index \(index), beyond what is accepted"
        case .signature: "is signed, but the signature does not verify"
        }
    }
}
