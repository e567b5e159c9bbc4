import Bytes
package import MatrixTypes
package import Megolm
package import Secrets
package import StrictJSON

/// One session as a server-side key backup takes it: `KeyBackupData` (client-server API,
/// "Server-side key backups").
package struct BackedUpKey: Hashable, Sendable {
    package let sessionID: SessionID
    /// The object to be sent, its `session_data` encrypted.
    package let json: JSONValue

    /// Encrypts a room key to a backup.
    ///
    /// Beside the encrypted text stand three facts in the clear, which the server goes by when it
    /// has a copy already. We verified no device, and the key came by way of somebody: it is said so.
    ///
    /// - Throws: `KeyFormatError.cipherRefused` where `publicKey` is of low order.
    package init(
        _ key: RoomKey, for publicKey: X25519.PublicKey, random: inout some RandomSource
    ) throws(KeyFormatError) {
        var text = EntryText()
        text.putBackedUp(key)
        let data = try BackupKey.seal(text.bytes, to: publicKey, random: &random)
        sessionID = key.sessionID
        json = .object([
            "first_message_index": .integer(Int64(key.firstKnownIndex.value)),
            "forwarded_count": .integer(1), "is_verified": .boolean(false),
            "session_data": .object([
                "ephemeral": .string(UnpaddedBase64.encode(data.ephemeral.array)),
                "ciphertext": .string(UnpaddedBase64.encode(data.ciphertext)),
                "mac": .string(UnpaddedBase64.encode(data.mac)),
            ]),
        ])
    }
}
