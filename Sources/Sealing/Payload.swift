import Bytes
import Secrets

/// The payload of a sealed file: 64 KiB chunks, each under ChaCha20-Poly1305.
///
/// ```
/// nonce = 11 bytes of counter, from 0 | 1 byte: 1 for the last chunk, 0 for the others
/// ```
enum Payload {
    /// Plaintext in a full chunk, in bytes.
    static let chunkByteCount = 1 << 16
    /// Ciphertext of a full chunk, tag and all.
    static let sealedByteCount = chunkByteCount + ChaCha20Poly1305.tagByteCount

    /// Seals the first bytes of `plaintext` into the front of `ciphertext`.
    ///
    /// - Returns: how many bytes of ciphertext there are.
    static func seal(
        _ plaintext: borrowing SecretBytes, count: Int, into ciphertext: inout [UInt8],
        nonce: [UInt8], key: borrowing SecretBytes
    ) -> Int {
        let sealedCount = count + ChaCha20Poly1305.tagByteCount
        var span = ciphertext.mutableSpan
        var output = span.slice(0..<sealedCount)
        ChaCha20Poly1305.seal(
            plaintext.bytes.extracting(first: count), into: &output, nonce: nonce, key: key.bytes)
        return sealedCount
    }

    /// Opens the first bytes of `ciphertext`, at least a tag, into the front of `plaintext`.
    ///
    /// - Returns: how many bytes of plaintext there are.
    static func open(
        _ ciphertext: [UInt8], count: Int, into plaintext: inout SecretBytes, nonce: [UInt8],
        key: borrowing SecretBytes
    ) throws(SecretsError) -> Int {
        let openedCount = count - ChaCha20Poly1305.tagByteCount
        var span = plaintext.mutableBytes
        var output = span.slice(0..<openedCount)
        try ChaCha20Poly1305.open(
            ciphertext.span.extracting(first: count), into: &output, nonce: nonce, key: key.bytes)
        return openedCount
    }

    static func nonce(chunk index: UInt64, isLast: Bool) -> [UInt8] {
        var nonce: [UInt8] = [0, 0, 0]
        nonce.append(bigEndian: index)
        nonce.append(isLast ? 1 : 0)
        return nonce
    }
}
