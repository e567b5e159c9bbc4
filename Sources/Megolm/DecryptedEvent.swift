package import MatrixTypes
package import Secrets
import StrictJSON

/// A room event opened with a room key: signature, MAC and the room inside all checked.
package struct DecryptedEvent: ~Copyable {
    /// The plaintext: a JSON object with `type`, `content` and `room_id`.
    package let plaintext: SecretBytes
    package let index: MessageIndex

    /// Opens the `ciphertext` of an `m.room.encrypted` event that came from `key`'s room.
    ///
    /// libolm is given the message only after our own strict check of its form and signature,
    /// because libolm itself accepts malleable signatures and small-order keys.
    ///
    /// - Throws: `malformedMessage`, `badSignature`, `unknownIndex`, `badMAC`,
    ///   `malformedPlaintext`, or `otherRoom` where the plaintext names another room (Matrix spec,
    ///   `m.megolm.v1.aes-sha2`: clients must check it).
    package init(ciphertext: String, key: RoomKey) throws(MegolmError) {
        try self.init(MegolmMessage(ciphertext: ciphertext), key: key)
    }

    /// Opens a message that came from `key`'s room.
    ///
    /// - Throws: as `init(ciphertext:key:)`.
    package init(_ message: MegolmMessage, key: RoomKey) throws(MegolmError) {
        guard message.isSigned(by: key.sessionID) else { throw .badSignature }
        let text = Array(message.base64.utf8)
        let session = try InboundGroupSession(key.sessionKey)
        let plaintext = try session.decrypt(text.span)
        try Self.check(plaintext, isOf: key.roomID)
        self.plaintext = plaintext
        index = message.index
    }

    private static func check(
        _ plaintext: borrowing SecretBytes, isOf expected: RoomID
    ) throws(MegolmError) {
        let text = plaintext.bytes
        guard let object = try? JSONObject(text, maximumDepth: 64),
            let room = object.value("room_id", in: text), room.kind == .string
        else { throw .malformedPlaintext }
        // Byte for byte: `String` would call two spellings of é the same room.
        guard text.text(of: room).utf8.elementsEqual(expected.text.utf8) else { throw .otherRoom }
    }
}
