import Bytes
package import Secrets

/// An X25519 secret key, which opens what was sealed to its recipient: age's own kind of identity.
///
/// A class, so that several can be tried on one file; the secret itself stays in guarded memory and
/// is wiped when the last holder lets go.
package final class AgeSecretKey: Sendable {
    private static let prefix = "age-secret-key-"

    /// The secret scalar, 32 bytes.
    package let secret: SecretBytes
    /// Whom to seal to so that this key opens it.
    package let recipient: Recipient

    /// - Parameter secret: 32 bytes.
    package init(secret: consuming SecretBytes) {
        recipient = Recipient(derived: X25519.publicKey(of: secret))
        self.secret = secret
    }

    /// Reads `AGE-SECRET-KEY-1…`, in upper case as age has it.
    ///
    /// - Throws: `SealingError` of the layer identity.
    package init(text: Span<UInt8>) throws(SealingError) {
        let secret: SecretBytes
        do throws(Bech32.Fault) {
            secret = try Bech32.decode(text, prefix: Self.prefix, as: .bech32, letters: .upper)
        } catch {
            throw .malformedKeyText(.ageSecretKey, error)
        }
        guard secret.byteCount == 32 else {
            throw .wrongKeyByteCount(.ageSecretKey, expected: 32, actual: secret.byteCount)
        }
        recipient = Recipient(derived: X25519.publicKey(of: secret))
        self.secret = secret
    }

    /// `AGE-SECRET-KEY-1…`, 74 ASCII bytes, for paper and for age itself.
    package func text() -> SecretBytes {
        encoded(secret)
    }

    /// Puts the 32 secret bytes into a buffer that is secret too.
    func copySecret(into buffer: inout MutableSpan<UInt8>, at offset: Int) {
        copy(secret, into: &buffer, at: offset)
    }

    // The compiler lets a class lend its secret to a function, but not to a span.

    private func copy(
        _ secret: borrowing SecretBytes, into buffer: inout MutableSpan<UInt8>, at offset: Int
    ) {
        buffer.copy(secret.bytes, to: offset)
    }

    private func encoded(_ secret: borrowing SecretBytes) -> SecretBytes {
        Bech32.encode(secret.bytes, prefix: Self.prefix, as: .bech32, inUpperCase: true)
    }
}
