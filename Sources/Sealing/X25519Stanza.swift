import Bytes
package import Secrets

/// A stanza that wraps the file key for one X25519 recipient.
package struct X25519Stanza: Equatable, Sendable {
    static let type = "X25519"
    private static let info = Array("age-encryption.org/v1/X25519".utf8)
    private static let bodyByteCount = FileKey.byteCount + ChaCha20Poly1305.tagByteCount
    /// Each wrapping key is used once, so the nonce may be fixed.
    private static let nonce = [UInt8](repeating: 0, count: 12)

    /// The public half of the key pair that was made for this stanza alone.
    package let share: X25519.PublicKey
    private let wrapped: [UInt8]
    /// Its place among all stanzas of the header, from 1.
    private let position: Int

    /// Takes a stanza of this type apart.
    ///
    /// The body's length is checked before anything is decrypted, so that no ciphertext can be made
    /// which opens under many keys.
    init(_ stanza: Stanza, position: Int) throws(SealingError) {
        guard stanza.arguments.count == 1,
            let bytes = Base64.decode(Array(stanza.arguments[0].utf8)[...]),
            let share = Bytes32(bytes), stanza.body.count == Self.bodyByteCount
        else { throw .malformedX25519Stanza(position: position) }
        self.share = X25519.PublicKey(bytes: share)
        wrapped = stanza.body
        self.position = position
    }

    /// The stanza that wraps `fileKey` for `recipient`.
    static func wrapping(
        _ fileKey: borrowing FileKey, for recipient: Recipient, random: inout some RandomSource
    ) throws(SealingError) -> Stanza {
        let ephemeral = SecretBytes(byteCount: 32, from: &random)
        let share = X25519.publicKey(of: ephemeral)
        let shared: SecretBytes
        do throws(SecretsError) {
            shared = try X25519.agree(ephemeral, with: recipient.key)
        } catch {
            throw .unsoundEncryptionKey
        }
        let key = wrappingKey(from: shared, share: share, recipient: recipient.key)
        var body = [UInt8](repeating: 0, count: bodyByteCount)
        var output = body.mutableSpan
        ChaCha20Poly1305.seal(fileKey.secret.bytes, into: &output, nonce: nonce, key: key.bytes)
        let argument = String(decoding: Base64.encode(share.bytes.array), as: UTF8.self)
        return Stanza(type: type, arguments: [argument], body: body)
    }

    /// The file key, or `nil` where the stanza is for somebody else.
    ///
    /// - Throws: `lowOrderShare`, which makes the whole file unacceptable.
    func unwrapped(with key: AgeSecretKey) throws(SealingError) -> FileKey? {
        let shared: SecretBytes
        do throws(SecretsError) {
            shared = try X25519.agree(key.secret, with: share)
        } catch {
            throw .lowOrderShare(position: position)
        }
        let wrappingKey = Self.wrappingKey(
            from: shared, share: share, recipient: key.recipient.key)
        var fileKey = SecretBytes(byteCount: FileKey.byteCount)
        var output = fileKey.mutableBytes
        do throws(SecretsError) {
            try ChaCha20Poly1305.open(
                wrapped.span, into: &output, nonce: Self.nonce, key: wrappingKey.bytes)
        } catch {
            return nil
        }
        return FileKey(fileKey)
    }

    private static func wrappingKey(
        from shared: borrowing SecretBytes, share: X25519.PublicKey, recipient: X25519.PublicKey
    ) -> SecretBytes {
        FileKey.derive(
            from: shared, salt: share.bytes.array + recipient.bytes.array, info: info)
    }
}
