import Bytes
package import Secrets

/// Somebody a file can be sealed to: an X25519 public key, written `age1…`.
package struct Recipient: Hashable, Sendable {
    static let prefix = "age"

    package let key: X25519.PublicKey

    /// - Throws: `unsoundEncryptionKey` for a low-order or non-canonical key, to which sealing would
    ///   keep nothing secret or could not be compared.
    package init(key: X25519.PublicKey) throws(SealingError) {
        guard key.isCanonicalAndSound else { throw .unsoundEncryptionKey }
        self.key = key
    }

    /// For a key that was derived from its secret and needs no check.
    init(derived key: X25519.PublicKey) {
        self.key = key
    }

    /// Reads `age1…`, in lower case as age has it; white space around it is passed over.
    package init(_ text: String) throws(SealingError) {
        let bytes = try KeyText.recipient.decode(
            text, prefix: Self.prefix, as: .bech32, letters: .lower)
        guard let key = Bytes32(bytes) else {
            throw .wrongKeyByteCount(.recipient, expected: 32, actual: bytes.count)
        }
        try self.init(key: X25519.PublicKey(bytes: key))
    }

    /// `age1…`, 62 characters.
    package var text: String {
        KeyText.encode(key.bytes.array, prefix: Self.prefix, as: .bech32)
    }
}
