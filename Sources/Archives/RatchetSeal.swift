import Bytes
import MatrixTypes
import Megolm
import Secrets

/// Where a sealed ratchet belongs: all of it is authenticated with the ratchet, so that no row can
/// stand in for another.
struct RatchetPlace: Hashable, Sendable {
    let roomID: RoomID
    let sessionID: SessionID
    /// The candidate's number within its session.
    let number: Int64
    let firstIndex: MessageIndex
}

/// Seals ratchets and opens them: XChaCha20-Poly1305 under a key derived from the archive's.
///
/// ```
/// offset  0      24                                  189   205
///         nonce  the 165-byte session export, sealed  tag
/// ```
struct RatchetSeal: Sendable {
    static let byteCount =
        XChaCha20Poly1305.nonceByteCount + ExportedSessionKey.byteCount
        + XChaCha20Poly1305.tagByteCount
    static let fingerprintByteCount = 16

    private let archive: ArchiveID
    private let sealingKey: SharedSecret
    private let fingerprintKey: SharedSecret

    init(_ key: ArchiveKey) {
        archive = key.archive
        sealingKey = key.derived(for: "ratchet")
        fingerprintKey = key.derived(for: "fingerprint")
    }

    /// What equal ratchets have in common: HMAC-SHA-256 of the 165 bytes, its first 16.
    ///
    /// Equal copies are found without opening any, and without the key it tells nothing.
    func fingerprint(of key: ExportedSessionKey) -> [UInt8] {
        fingerprint(of: key.bytes)
    }

    /// The same of the 165 bytes themselves.
    func fingerprint(of bytes: Span<UInt8>) -> [UInt8] {
        let code = HMACSHA256.publicCode(of: bytes, key: fingerprintKey.bytes)
        return Array(code.prefix(Self.fingerprintByteCount))
    }

    func seal(
        _ key: ExportedSessionKey, at place: RatchetPlace, random: inout some RandomSource
    ) -> [UInt8] {
        let nonce = random.bytes(XChaCha20Poly1305.nonceByteCount)
        return nonce
            + XChaCha20Poly1305.seal(
                key.bytes, authenticating: context(of: place), nonce: nonce, key: sealingKey.bytes)
    }

    /// The ratchet that stands at `place`.
    ///
    /// - Throws: `damagedRatchet`.
    func open(_ sealed: [UInt8], at place: RatchetPlace) throws(ArchiveError) -> ExportedSessionKey
    {
        var opened = SecretBytes(byteCount: ExportedSessionKey.byteCount)
        var output = opened.mutableBytes
        try open(sealed, at: place, into: &output)
        do throws(MegolmError) {
            return try ExportedSessionKey(uncheckedSigningKey: opened.bytes)
        } catch {
            throw .damagedRatchet(session: place.sessionID.text)
        }
    }

    /// Opens into 165 bytes that the caller holds, and checks that they are what `place` says; the
    /// curve point in them was checked before they were sealed.
    ///
    /// - Throws: `damagedRatchet`.
    func open(
        _ sealed: [UInt8], at place: RatchetPlace, into output: inout MutableSpan<UInt8>
    ) throws(ArchiveError) {
        let nonceByteCount = XChaCha20Poly1305.nonceByteCount
        guard sealed.count == Self.byteCount else {
            throw .damagedRatchet(session: place.sessionID.text)
        }
        do throws(SecretsError) {
            try XChaCha20Poly1305.open(
                sealed.span.extracting(nonceByteCount..<sealed.count), into: &output,
                authenticating: context(of: place), nonce: Array(sealed[..<nonceByteCount]),
                key: sealingKey.bytes)
        } catch {
            throw .damagedRatchet(session: place.sessionID.text)
        }
        let bytes = output.span
        guard bytes[0] == ExportedSessionKey.version,
            bytes.bigEndian(at: 1, as: UInt32.self) == place.firstIndex.value,
            Bytes32(bytes.extracting(133..<165)) == place.sessionID.bytes
        else { throw .damagedRatchet(session: place.sessionID.text) }
    }

    private func context(of place: RatchetPlace) -> [UInt8] {
        var context = Array("heirloom/v1/archive/ratchet\0".utf8) + archive.array
        let room = Array(place.roomID.text.utf8)
        context.append(bigEndian: UInt16(room.count))
        context += room + place.sessionID.bytes.array
        context.append(bigEndian: UInt64(bitPattern: place.number))
        context.append(bigEndian: place.firstIndex.value)
        return context
    }
}
