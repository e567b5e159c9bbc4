package import Secrets

/// An archive's key sealed under another: what the archive keeps of it, one for each way to unlock.
///
/// ```
/// offset  0     1           17     41                    89
///         0x01  archive id  nonce  XChaCha20-Poly1305 of the key, with its tag
///               16          24     48
/// ```
///
/// The wrapping key is 32 secret bytes that the caller derives: from an identity's secret, or those
/// of a key file.
package struct WrappedArchiveKey: Hashable, Sendable {
    package static let byteCount = 89
    private static let version: UInt8 = 1
    private static let idRange = 1..<17
    private static let nonceRange = 17..<41

    /// The bytes, first to last.
    package let array: [UInt8]
    /// The archive whose key it is.
    package let archive: ArchiveID

    /// Takes exactly 89 bytes of version 1; anything else gives `nil`.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes[0] == Self.version,
            let archive = ArchiveID(Array(bytes[Self.idRange]))
        else { return nil }
        array = bytes
        self.archive = archive
    }

    /// Seals `key` under 32 secret bytes.
    package init(
        _ key: ArchiveKey, under wrappingKey: Span<UInt8>, random: inout some RandomSource
    ) {
        precondition(wrappingKey.count == ArchiveKey.byteCount)
        let nonce = random.bytes(XChaCha20Poly1305.nonceByteCount)
        let sealed = XChaCha20Poly1305.seal(
            key.secret.bytes, authenticating: Self.context(key.archive), nonce: nonce,
            key: wrappingKey)
        array = [Self.version] + key.archive.array + nonce + sealed
        archive = key.archive
    }

    /// The archive's key.
    ///
    /// - Throws: `wrongKey`.
    package func unwrapped(
        under wrappingKey: Span<UInt8>
    ) throws(ArchiveError) -> ArchiveKey {
        guard wrappingKey.count == ArchiveKey.byteCount else { throw .wrongKey }
        do throws(SecretsError) {
            let bytes = try XChaCha20Poly1305.open(
                Array(array[Self.nonceRange.upperBound...]).span,
                authenticating: Self.context(archive), nonce: Array(array[Self.nonceRange]),
                key: wrappingKey)
            return ArchiveKey(archive: archive, secret: SharedSecret(copying: bytes.bytes))
        } catch {
            throw .wrongKey
        }
    }

    private static func context(_ archive: ArchiveID) -> [UInt8] {
        Array("heirloom/v1/archive/key\0".utf8) + archive.array
    }
}
