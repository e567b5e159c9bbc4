package import Secrets

extension Identity {
    /// A key of the identity's own for one purpose, 32 bytes: HKDF-SHA-256 of the signing seed.
    ///
    /// Whoever holds the identity can make it again; it tells nothing of the seed or of other
    /// purposes' keys.
    ///
    /// - Parameter purpose: a word that no other use has.
    package borrowing func derivedKey(for purpose: String) -> SecretBytes {
        let info = Array("heirloom/v1/identity/\(purpose)".utf8)
        do throws(SecretsError) {
            return try HKDFSHA256.derive(
                from: signingSeed.bytes, salt: publicIdentity.bytes, info: info, byteCount: 32)
        } catch {
            preconditionFailure("HKDF gives 32 bytes")
        }
    }
}
