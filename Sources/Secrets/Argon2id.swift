import CSodium

/// Argon2id version 1.3 (RFC 9106), one lane, as libsodium has it.
package enum Argon2id {
    package static let saltByteCount = 16

    /// How much work a guess costs.
    package struct Cost: Equatable, Sendable {
        /// Passes over the memory.
        package let passes: UInt32
        /// Memory in KiB.
        package let kibibytes: UInt32

        package init(passes: UInt32, kibibytes: UInt32) {
            self.passes = passes
            self.kibibytes = kibibytes
        }
    }

    /// Derives `byteCount` secret bytes from a passphrase.
    ///
    /// The caller bounds `cost` first when a stranger wrote it.
    ///
    /// - Throws: `SecretsError.outOfMemory`.
    package static func derive(
        from passphrase: borrowing SecretBytes, salt: [UInt8], cost: Cost, byteCount: Int
    ) throws(SecretsError) -> SecretBytes {
        precondition(salt.count == saltByteCount)
        _ = Sodium.ready
        var output = SecretBytes(byteCount: byteCount)
        var span = output.mutableBytes
        let status = span.withPointer { output, count in
            passphrase.bytes.withPointer { passphrase, passphraseCount in
                salt.span.withPointer { salt, _ in
                    unsafe passphrase.withMemoryRebound(to: CChar.self, capacity: passphraseCount) {
                        unsafe crypto_pwhash(
                            output, UInt64(count), $0, UInt64(passphraseCount), salt,
                            UInt64(cost.passes), Int(cost.kibibytes) * 1024,
                            crypto_pwhash_ALG_ARGON2ID13)
                    }
                }
            }
        }
        guard status == 0 else { throw .outOfMemory(kibibytes: Int(cost.kibibytes)) }
        return output
    }
}
