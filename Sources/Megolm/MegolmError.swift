/// Why a session key or a message is refused.
///
/// No key bytes are repeated.
package enum MegolmError: Error, Equatable, Sendable {
    /// A session key has not its exact size, in bytes.
    case wrongByteCount(expected: Int, actual: Int)
    /// The first byte names another version of the format.
    case wrongVersion(expected: UInt8, actual: UInt8)
    /// Not strict unpadded base64.
    case notBase64
    /// The session's Ed25519 key is not a canonical point of the prime-order group: under a
    /// small-order key one signature verifies for every message.
    case invalidSigningKey
    /// The first known index is above what is accepted.
    case indexTooHigh(index: UInt32, limit: UInt32)
    /// The signature of a shared session key or of a message does not verify.
    case badSignature
    /// The key does not reach back to the index asked for.
    case unknownIndex(asked: UInt32, firstKnown: UInt32)
    /// The message is not of the wire format (Matrix spec, Megolm, "Message format").
    case malformedMessage
    /// The message's MAC does not verify under this key: the key's ratchet is not the session's.
    case badMAC
    /// The plaintext is not the JSON object an event has.
    case malformedPlaintext
    /// The plaintext names another room than the event came from.
    case otherRoom
    /// libolm refused for a reason of its own; `code` is its error number.
    case library(code: UInt32)
}

extension MegolmError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongByteCount(let expected, let actual):
            "the session key has \(actual) bytes, expected \(expected)"
        case .wrongVersion(let expected, let actual):
            "the session key is of version \(actual), expected \(expected)"
        case .notBase64: "the session key is not strict unpadded base64"
        case .invalidSigningKey: "the session's Ed25519 key is not a valid point"
        case .indexTooHigh(let index, let limit):
            "the key's first index is \(index), expected at most \(limit)"
        case .badSignature: "the signature does not verify"
        case .unknownIndex(let asked, let firstKnown):
            "the key opens messages from index \(firstKnown), not \(asked)"
        case .malformedMessage: "the message is not in the Megolm format"
        case .badMAC: "the message does not verify under this key"
        case .malformedPlaintext: "the message's plaintext is not an event"
        case .otherRoom: "the message's plaintext names another room"
        case .library(let code): "libolm refused it (error \(code))"
        }
    }
}
