import Bytes
package import Secrets

/// What a person shows to others: the key to seal to and the key that signs, written `heir1…`.
///
/// ```
/// 32  X25519 public key
/// 32  Ed25519 public key
/// ```
package struct PublicIdentity: Hashable, Sendable {
    package static let byteCount = 64
    private static let prefix = "heir"

    package let encryptionKey: X25519.PublicKey
    package let signingKey: Ed25519.PublicKey

    /// - Throws: `unsoundEncryptionKey`, `invalidSigningKey`. One person must have one spelling, and
    ///   no key under which others can sign or open.
    package init(
        encryptionKey: X25519.PublicKey, signingKey: Ed25519.PublicKey
    ) throws(SealingError) {
        guard encryptionKey.isCanonicalAndSound else { throw .unsoundEncryptionKey }
        guard signingKey.isValidPoint else { throw .invalidSigningKey }
        self.encryptionKey = encryptionKey
        self.signingKey = signingKey
    }

    /// For keys that were derived from their secrets and need no check.
    init(derived encryptionKey: X25519.PublicKey, _ signingKey: Ed25519.PublicKey) {
        self.encryptionKey = encryptionKey
        self.signingKey = signingKey
    }

    /// Reads `heir1…`, in lower or in upper case; white space around it is passed over.
    ///
    /// - Throws: `SealingError` of the layer identity.
    package init(_ text: String) throws(SealingError) {
        let bytes = try KeyText.publicIdentity.decode(
            text, prefix: Self.prefix, as: .bech32m, letters: .either)
        guard bytes.count == Self.byteCount,
            let encryptionKey = Bytes32(bytes.span.extracting(first: 32)),
            let signingKey = Bytes32(bytes.span.extracting(32..<64))
        else {
            throw .wrongKeyByteCount(
                .publicIdentity, expected: Self.byteCount, actual: bytes.count)
        }
        try self.init(
            encryptionKey: X25519.PublicKey(bytes: encryptionKey),
            signingKey: Ed25519.PublicKey(bytes: signingKey))
    }

    /// Both keys, 64 bytes.
    package var bytes: [UInt8] {
        encryptionKey.bytes.array + signingKey.bytes.array
    }

    /// `heir1…`, 114 characters.
    ///
    /// In upper case it means the same and makes a smaller QR code.
    package var text: String {
        KeyText.encode(bytes, prefix: Self.prefix, as: .bech32m)
    }

    /// The half that files are sealed to, which any age tool understands.
    package var recipient: Recipient {
        Recipient(derived: encryptionKey)
    }

    /// What two people compare to know that they hold the same identity.
    package var fingerprint: Fingerprint {
        Fingerprint(of: self)
    }
}

extension PublicIdentity: CustomStringConvertible {
    package var description: String { text }
}
