import Bytes
package import Secrets

/// A recipient's signed word that a hand-over arrived and how much of it was taken in.
///
/// ```
///   8   "heirrcpt"
///   1   version, 0x01
///  32   the recipient's Ed25519 public key
///  16   bundle id
///   8   received at, ms since 1970
///   4   sessions taken in
///   4   sessions in the bundle
///  64   Ed25519 signature of "heirloom/v1/" "receipt" 0x00 and the BLAKE2b-512 of all before
/// ```
///
/// 137 bytes; names no room. See `formats/receipt.md`.
package struct HandOverReceipt: Hashable, Sendable {
    package static let magic = Array("heirrcpt".utf8)
    package static let version: UInt8 = 1
    package static let byteCount = 137
    private static let bodyByteCount = byteCount - Ed25519.signatureByteCount

    package let signer: Ed25519.PublicKey
    package let bundle: BundleID
    /// Milliseconds since 1970.
    package let receivedMilliseconds: UInt64
    package let takenCount: UInt32
    package let totalCount: UInt32

    /// A signed receipt.
    package static func signed(
        by key: borrowing Ed25519.SigningKey, bundle: BundleID, receivedMilliseconds: UInt64,
        takenCount: UInt32, totalCount: UInt32
    ) -> [UInt8] {
        var bytes = magic + [version] + key.publicKey.bytes.array + bundle.array
        bytes.append(bigEndian: receivedMilliseconds)
        bytes.append(bigEndian: takenCount)
        bytes.append(bigEndian: totalCount)
        return bytes + key.sign(signedBytes(bytes).span)
    }

    private static func signedBytes(_ body: [UInt8]) -> [UInt8] {
        BundleFormat.context + Array("receipt\0".utf8)
            + BLAKE2b.hash(body.span, byteCount: BundleFormat.digestByteCount)
    }

    /// Reads a receipt, its signature before its content.
    ///
    /// - Throws: `notAReceipt`, `wrongVersion`, `truncated`, `trailingBytes`, `invalidSignerKey`,
    ///   `badSignature`, or `malformed(.receipt)` where more was taken than there was.
    package init(_ bytes: Span<UInt8>) throws(BundleError) {
        guard bytes.count >= Self.magic.count,
            Self.magic.indices.allSatisfy({ bytes[$0] == Self.magic[$0] })
        else { throw .notAReceipt }
        guard bytes.count > Self.magic.count else { throw .truncated }
        guard bytes[Self.magic.count] == Self.version else {
            throw .wrongVersion(expected: Self.version, actual: bytes[Self.magic.count])
        }
        guard bytes.count >= Self.byteCount else { throw .truncated }
        guard bytes.count == Self.byteCount else { throw .trailingBytes }
        let body = bytes.extracting(first: Self.bodyByteCount)
        var reader = FieldReader(body)
        _ = try reader.bytes(Self.magic.count + 1, of: .receipt)
        signer = Ed25519.PublicKey(bytes: try reader.bytes32(of: .signer))
        guard signer.isValidPoint else { throw .invalidSignerKey }
        guard
            signer.verifies(
                bytes.extracting(Self.bodyByteCount..<Self.byteCount),
                of: Self.signedBytes([UInt8](body)).span)
        else { throw .badSignature(frame: 0) }
        guard let bundle = BundleID(try reader.bytes(BundleID.byteCount, of: .bundleID)) else {
            throw .malformed(.bundleID)
        }
        self.bundle = bundle
        receivedMilliseconds = try reader.integer(of: .receipt)
        takenCount = try reader.integer(of: .receipt)
        totalCount = try reader.integer(of: .receipt)
        guard takenCount <= totalCount else { throw .malformed(.receipt) }
    }
}
