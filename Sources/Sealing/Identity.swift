package import Secrets

/// A person's own secrets: what opens hand-overs and what signs them.
///
/// Two independent seeds, so that neither key says anything about the other; never a Matrix
/// device's.
package struct Identity: ~Copyable {
    /// Opens what is sealed to the identity.
    package let encryptionKey: AgeSecretKey
    /// Signs what the identity hands over.
    package let signingKey: Ed25519.SigningKey
    /// What the signing key is made of, 32 bytes, for the identity file.
    let signingSeed: SecretBytes
    /// When it was made, in milliseconds since 1970.
    package let createdAt: UInt64
    /// What to show to others.
    package let publicIdentity: PublicIdentity

    /// - Parameters:
    ///   - encryptionSeed: 32 bytes.
    ///   - signingSeed: 32 bytes.
    ///   - createdAt: milliseconds since 1970.
    init(
        encryptionSeed: consuming SecretBytes, signingSeed: consuming SecretBytes,
        createdAt: UInt64
    ) {
        encryptionKey = AgeSecretKey(secret: encryptionSeed)
        signingKey = Ed25519.SigningKey(seed: signingSeed)
        publicIdentity = PublicIdentity(
            derived: encryptionKey.recipient.key, signingKey.publicKey)
        self.signingSeed = signingSeed
        self.createdAt = createdAt
    }

    /// A new identity.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func generate(random: inout some RandomSource, now: UInt64) -> Identity {
        let encryptionSeed = SecretBytes(byteCount: 32, from: &random)
        let signingSeed = SecretBytes(byteCount: 32, from: &random)
        return Identity(
            encryptionSeed: encryptionSeed, signingSeed: signingSeed, createdAt: now)
    }
}
