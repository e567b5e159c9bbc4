import Bytes
package import Secrets

/// The key of one archive: 32 random bytes, made with the archive and never changed.
///
/// What seals the ratchets and what tells equal ratchets apart are two keys derived from it (HKDF,
/// the archive's id as salt). It rests in the archive only wrapped: see `WrappedArchiveKey`.
package struct ArchiveKey: Sendable {
    package static let byteCount = 32

    /// The archive it belongs to.
    package let archive: ArchiveID
    let secret: SharedSecret

    /// A fresh key for a fresh archive.
    package init(from random: inout some RandomSource) {
        archive = ArchiveID(from: &random)
        let bytes = SecretBytes(byteCount: Self.byteCount, from: &random)
        secret = SharedSecret(copying: bytes.bytes)
    }

    init(archive: ArchiveID, secret: SharedSecret) {
        self.archive = archive
        self.secret = secret
    }

    /// A key of its own for one purpose.
    func derived(for purpose: String) -> SharedSecret {
        let info = Array("heirloom/v1/archive/\(purpose)".utf8)
        do throws(SecretsError) {
            let bytes = try HKDFSHA256.derive(
                from: secret.bytes, salt: archive.array, info: info, byteCount: Self.byteCount)
            return SharedSecret(copying: bytes.bytes)
        } catch {
            preconditionFailure("HKDF gives 32 bytes")
        }
    }

    /// What an archive keeps to recognise its key by: 16 bytes that tell nothing else of it.
    var check: [UInt8] {
        let key = derived(for: "check")
        return Array(BLAKE2b.hash(key.bytes, byteCount: 16))
    }
}

/// An archive's random id, 16 bytes.
package struct ArchiveID: Hashable, Sendable {
    package static let byteCount = 16

    /// The bytes, first to last.
    package let array: [UInt8]

    /// Takes exactly 16 bytes; any other count gives `nil`.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        array = bytes
    }

    init(from random: inout some RandomSource) {
        array = random.bytes(Self.byteCount)
    }
}

extension ArchiveID: CustomStringConvertible {
    /// 32 hexadecimal digits.
    package var description: String { hexadecimal(array) }
}
