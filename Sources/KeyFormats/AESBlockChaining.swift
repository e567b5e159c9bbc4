import Crypto
import CryptoExtras
import Foundation
package import Secrets

/// AES in cipher block chaining mode with PKCS#7 padding, as server-side key backups use it.
package enum AESBlockChaining {
    /// The ciphertext: the next multiple of 16 bytes above the plaintext's length.
    ///
    /// - Parameters:
    ///   - key: 16, 24 or 32 bytes.
    ///   - initialVector: 16 bytes.
    /// - Throws: `KeyFormatError.cipherRefused` for other sizes.
    package static func encrypt(
        _ plaintext: Span<UInt8>, key: Span<UInt8>, initialVector: [UInt8]
    ) throws(KeyFormatError) -> [UInt8] {
        do {
            let vector = try AES._CBC.IV(ivBytes: initialVector)
            let sealed = try unsafe plaintext.withUnsafeBytes {
                try unsafe AES._CBC.encrypt($0, using: key.symmetricKey, iv: vector)
            }
            return [UInt8](sealed)
        } catch {
            throw .cipherRefused
        }
    }

    /// The plaintext, with every byte of the padding checked.
    ///
    /// - Throws: `KeyFormatError.cipherRefused` for wrong sizes or padding; authenticate first, or
    ///   this answer is an oracle.
    package static func decrypt(
        _ ciphertext: Span<UInt8>, key: Span<UInt8>, initialVector: [UInt8]
    ) throws(KeyFormatError) -> SecretBytes {
        do {
            let vector = try AES._CBC.IV(ivBytes: initialVector)
            var opened = try unsafe ciphertext.withUnsafeBytes {
                try unsafe AES._CBC.decrypt($0, using: key.symmetricKey, iv: vector)
            }
            var bytes = opened.mutableSpan
            let plaintext = SecretBytes(copying: bytes.span)
            wipe(&bytes)
            return plaintext
        } catch {
            throw .cipherRefused
        }
    }
}
