import Bytes
package import MatrixTypes
import Secrets

/// A Megolm session in the signed session-sharing format, as `m.room_key` carries it (Matrix spec,
/// Megolm, "Session sharing format").
///
/// ```
/// offset  0    1                                             165        229
///         0x02 index, ratchet, public key as in an export    Ed25519 signature of bytes 0–164
/// ```
package enum SessionKey {
    package static let byteCount = 229
    package static let version: UInt8 = 2
    /// Its length in unpadded base64.
    package static let characterCount = 306

    /// Decodes 306 characters of unpadded base64 strictly, then does as `export(bytes:)`.
    ///
    /// - Throws: what `export(bytes:)` throws, or `notBase64`.
    package static func export(
        base64 text: Span<UInt8>, indexLimit: MessageIndex = .usualLimit
    ) throws(MegolmError) -> ExportedSessionKey {
        let bytes: SecretBytes
        do throws(SecretsError) {
            bytes = try SecretBase64.decode(text)
        } catch {
            throw .notBase64
        }
        return try export(bytes: bytes.bytes, indexLimit: indexLimit)
    }

    /// Verifies a signed key and turns it into the export at the same index: byte 0 becomes 1, the
    /// signature, which would not survive winding forward, is dropped.
    ///
    /// - Throws: what `ExportedSessionKey.init` throws, or `badSignature`.
    package static func export(
        bytes: Span<UInt8>, indexLimit: MessageIndex = .usualLimit
    ) throws(MegolmError) -> ExportedSessionKey {
        guard bytes.count == byteCount else {
            throw .wrongByteCount(expected: byteCount, actual: bytes.count)
        }
        guard bytes[0] == version else {
            throw .wrongVersion(expected: version, actual: bytes[0])
        }
        let signed = bytes.extracting(first: ExportedSessionKey.byteCount)
        var exported = SecretBytes(copying: signed)
        var first = exported.mutableBytes
        first[0] = ExportedSessionKey.version
        let key = try ExportedSessionKey(bytes: exported.bytes, indexLimit: indexLimit)
        let signature = bytes.extracting(ExportedSessionKey.byteCount..<byteCount)
        let signer = Ed25519.PublicKey(bytes: key.sessionID.bytes)
        guard signer.verifies(signature, of: signed) else { throw .badSignature }
        return key
    }
}
