import CryptoExtras
package import Secrets

/// PBKDF2-HMAC-SHA-512 (RFC 8018), which key exports and secret storage use.
package enum PBKDF2SHA512 {
    /// - Parameter rounds: bounded by the caller when a stranger wrote it.
    /// - Throws: `KeyFormatError.derivationFailed`.
    package static func derive(
        from passphrase: Span<UInt8>, salt: [UInt8], rounds: UInt32, byteCount: Int
    ) throws(KeyFormatError) -> SecretBytes {
        do {
            let key = try unsafe passphrase.withUnsafeBytes { passphrase in
                try unsafe KDF.Insecure.PBKDF2.deriveKey(
                    from: passphrase, salt: salt, using: .sha512, outputByteCount: byteCount,
                    unsafeUncheckedRounds: Int(rounds))
            }
            var derived = SecretBytes(byteCount: byteCount)
            var bytes = derived.mutableBytes
            unsafe key.withUnsafeBytes { key in
                for index in 0..<byteCount { unsafe bytes[index] = key[index] }
            }
            return derived
        } catch {
            throw .derivationFailed
        }
    }
}
