import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

extension ExportedSessionKey {
    /// Reads base64 text, with no limit on the index unless told.
    init(_ text: String, limit: UInt32 = .max) throws(MegolmError) {
        try self.init(base64: Array(text.utf8).span, indexLimit: MessageIndex(limit))
    }

    /// Reads bytes, with no limit on the index unless told.
    init(_ bytes: [UInt8], limit: UInt32 = .max) throws(MegolmError) {
        try self.init(bytes: bytes.span, indexLimit: MessageIndex(limit))
    }

    /// An export made of its parts.
    init(
        ratchet: [UInt8], index: UInt32, signingKey: [UInt8] = madeSigningKey
    ) throws(MegolmError) {
        var bytes: [UInt8] = [1]
        bytes.append(bigEndian: index)
        try self.init(bytes + ratchet + signingKey)
    }

    var text: String {
        let text = base64
        return String(decoding: [UInt8](text.bytes), as: UTF8.self)
    }

    var array: [UInt8] { [UInt8](bytes) }

    /// The four ratchet parts, 128 bytes.
    var parts: [UInt8] { Array(array[5..<133]) }

    /// The same export with one bit changed in the ratchet parts named.
    func altered(parts: Set<Int>) throws(MegolmError) -> ExportedSessionKey {
        var bytes = array
        for part in parts { bytes[5 + part * 32 + 7] ^= 0x10 }
        return try ExportedSessionKey(bytes)
    }

    func wound(toIndex index: UInt32) throws(MegolmError) -> ExportedSessionKey {
        try wound(to: MessageIndex(index))
    }
}

/// The public key of the session made for these tests.
let madeSigningKey: [UInt8] =
    bytes(hexadecimal: "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8") ?? []

/// The bytes of strict base64.
func decoded(_ text: String) throws -> [UInt8] {
    let bytes = UnpaddedBase64.decode(Array(text.utf8).span)
    return try #require(bytes)
}

/// The bytes that hexadecimal digits spell.
func bytesOf(_ hexadecimal: String) -> [UInt8]? {
    bytes(hexadecimal: hexadecimal)
}

/// A message of the made session, signed as it should be, with everything before the signature given.
func signedMessage(_ bytes: [UInt8]) -> String {
    let seed = SecretBytes(copying: Array(UInt8(0)..<32).span)
    let key = Ed25519.SigningKey(seed: seed)
    return UnpaddedBase64.encode(bytes + key.sign(bytes.span))
}

func roomKey(
    _ key: ExportedSessionKey, room: String = MadeSession.roomID
) throws -> RoomKey {
    RoomKey(
        roomID: try RoomID(room), sessionKey: key, claims: .unknown, sharedHistory: .unstated)
}

/// What opening an event gave.
struct Opened: Equatable {
    let plaintext: String
    let index: UInt32

    init(_ ciphertext: String, _ key: RoomKey) throws(MegolmError) {
        let event = try DecryptedEvent(ciphertext: ciphertext, key: key)
        plaintext = String(decoding: [UInt8](event.plaintext.bytes), as: UTF8.self)
        index = event.index.value
    }
}
