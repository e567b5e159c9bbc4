package import Bytes
import Crypto
import Foundation
package import Secrets

/// The key pair of a server-side key backup, `m.megolm_backup.v1.curve25519-aes-sha2` (Matrix spec,
/// "Server-side key backups").
///
/// ```
/// shared  = X25519(ephemeral, backup key)
/// AES key 32 | MAC key 32 | IV 16 = HKDF-SHA-256(shared, salt: 32 zero bytes, info: "")
/// ciphertext = AES-256-CBC, PKCS#7     mac = first 8 bytes of HMAC-SHA-256(MAC key, "")
/// ```
///
/// The MAC is over the empty string, as every implementation has it: it shows that the shared secret
/// is right and nothing else. Whoever knows the public key can write to a backup.
package final class BackupKey: Sendable {
    /// What is known of the key to everybody.
    package let publicKey: X25519.PublicKey
    private let secret: SecretBytes

    /// - Parameter secret: 32 bytes.
    package init(_ secret: consuming SecretBytes) {
        publicKey = X25519.publicKey(of: secret)
        self.secret = secret
    }

    /// Opens one session's data.
    ///
    /// - Throws: `EntryFault.badSessionData`.
    package func open(_ data: SessionData) throws(EntryFault) -> SecretBytes {
        guard let shared = try? X25519.agree(secret, with: X25519.PublicKey(bytes: data.ephemeral))
        else { throw .badSessionData(.lowOrderPoint) }
        let keys = Self.keys(of: shared)
        guard constantTimeEqual(Self.mac(keys).span, data.mac.span) else {
            throw .badSessionData(.otherKey)
        }
        do throws(KeyFormatError) {
            return try AESBlockChaining.decrypt(
                data.ciphertext.span, key: keys.bytes.extracting(0..<32),
                initialVector: [UInt8](keys.bytes.extracting(64..<80)))
        } catch {
            throw .badSessionData(.padding)
        }
    }

    /// Encrypts one session's JSON to a backup.
    ///
    /// - Throws: `KeyFormatError.cipherRefused` where `publicKey` is of low order.
    package static func seal(
        _ text: Span<UInt8>, to publicKey: X25519.PublicKey, random: inout some RandomSource
    ) throws(KeyFormatError) -> SessionData {
        let ephemeral = SecretBytes(byteCount: 32, from: &random)
        guard let shared = try? X25519.agree(ephemeral, with: publicKey) else {
            throw .cipherRefused
        }
        let keys = Self.keys(of: shared)
        return SessionData(
            ephemeral: X25519.publicKey(of: ephemeral).bytes,
            ciphertext: try AESBlockChaining.encrypt(
                text, key: keys.bytes.extracting(0..<32),
                initialVector: [UInt8](keys.bytes.extracting(64..<80))),
            mac: mac(keys))
    }

    /// AES key, MAC key and vector, 80 bytes.
    ///
    /// By swift-crypto, in memory that it wipes: guarded memory for each step of the derivation would
    /// cost more than the derivation, a million times.
    private static func keys(of shared: borrowing SecretBytes) -> SecretBytes {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: shared.bytes.symmetricKey, salt: [UInt8](repeating: 0, count: 32),
            info: [UInt8](), outputByteCount: 80)
        var keys = SecretBytes(byteCount: 80)
        var bytes = keys.mutableBytes
        unsafe derived.withUnsafeBytes { derived in
            for index in 0..<80 { unsafe bytes[index] = derived[index] }
        }
        return keys
    }

    private static func mac(_ keys: borrowing SecretBytes) -> [UInt8] {
        Array(BulkHMAC(key: keys.bytes.extracting(32..<64)).code.prefix(8))
    }
}

/// `session_data`: what a backup holds of one session, encrypted.
package struct SessionData: Hashable, Sendable {
    package let ephemeral: Bytes32
    /// A multiple of 16 bytes.
    package let ciphertext: [UInt8]
    /// 8 bytes.
    package let mac: [UInt8]

    package init(ephemeral: Bytes32, ciphertext: [UInt8], mac: [UInt8]) {
        self.ephemeral = ephemeral
        self.ciphertext = ciphertext
        self.mac = mac
    }
}
