import Bytes

/// One part of a transfer, as one QR code carries it (`formats/qr-frames.md`).
///
/// ```
/// text = "HEIR1:" base32(frame)
///  0  1  version 1 in the high four bits, zeros in the low
///  1  8  transfer id
///  9  2  k, the number of data parts
/// 11  2  index: below k a data part, from k on a parity part
/// 13  3  total, the payload's length in bytes
/// 16  L  body
///  …  4  CRC-32 of everything before
/// ```
package struct QRFrame: Hashable, Sendable {
    package let transfer: QRTransferHeader
    /// Below `transfer.partCount` a data part; parity part j lies j above it.
    package let index: Int
    /// The part, `transfer.bodyByteCount` bytes.
    package let body: [UInt8]

    package static let prefix = "HEIR1:"
    package static let version = 1
    package static let maximumIndex = 65_535
    /// What the largest QR code holds in capitals and digits.
    package static let maximumCharacterCount = 4296
    /// The longest body that a text of `maximumCharacterCount` has room for.
    package static let maximumBodyByteCount = 2660
    /// Header and checksum.
    package static let overheadByteCount = 20
    private static let bodyStart = 16

    /// Throws `index` or `bodyLength`.
    package init(
        transfer: QRTransferHeader, index: Int, body: [UInt8]
    ) throws(QRFrameError) {
        guard 0...Self.maximumIndex ~= index else {
            throw .index(index, limit: Self.maximumIndex)
        }
        guard body.count == transfer.bodyByteCount, body.count <= Self.maximumBodyByteCount else {
            throw .bodyLength(
                byteCount: body.count,
                expected: min(transfer.bodyByteCount, Self.maximumBodyByteCount))
        }
        self.transfer = transfer
        self.index = index
        self.body = body
    }

    /// Reads the text of a code; nothing is taken that `text` would not give again.
    ///
    /// Throws the errors of a single text, the first in their order.
    package init(text: String) throws(QRFrameError) {
        // Before all else, for the length of a text bounds the memory of everything after.
        let characters = text.utf8
        guard characters.count <= Self.maximumCharacterCount else {
            throw .tooLong(
                characterCount: characters.count, limit: Self.maximumCharacterCount)
        }
        guard characters.starts(with: Self.prefix.utf8) else { throw .otherPrefix }
        let bytes: [UInt8]
        do throws(QRFrameError) {
            bytes = try Base32.decode(characters.dropFirst(Self.prefix.utf8.count))
        } catch .alphabet(let position) {
            throw .alphabet(position: position + Self.prefix.utf8.count)
        } catch {
            throw error
        }
        try self.init(bytes: bytes)
    }

    private init(bytes: [UInt8]) throws(QRFrameError) {
        // Every part has two bytes or more.
        let minimum = Self.overheadByteCount + 2
        guard bytes.count >= minimum else {
            throw .tooShort(byteCount: bytes.count, minimum: minimum)
        }
        let end = bytes.count - 4
        let checksum = bytes.span.bigEndian(at: end, as: UInt32.self)
        guard checksum == CRC32.checksum(bytes[..<end]) else { throw .checksum }
        guard bytes[0] >> 4 == Self.version else { throw .otherVersion(Int(bytes[0] >> 4)) }
        guard bytes[0] & 15 == 0 else { throw .reservedBits(Int(bytes[0] & 15)) }
        let total = bytes.span.bigEndian(at: 12, as: UInt32.self) & 0xFF_FFFF
        let transfer = try QRTransferHeader(
            id: bytes.span.bigEndian(at: 1, as: UInt64.self),
            partCount: Int(bytes.span.bigEndian(at: 9, as: UInt16.self)),
            total: Int(total))
        try self.init(
            transfer: transfer,
            index: Int(bytes.span.bigEndian(at: 11, as: UInt16.self)),
            body: Array(bytes[Self.bodyStart..<end]))
    }

    /// What the code holds: capitals, digits and one colon, which is QR's alphanumeric mode.
    package var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.overheadByteCount + body.count)
        bytes.append(UInt8(Self.version) << 4)
        bytes.append(bigEndian: transfer.id)
        bytes.append(bigEndian: UInt16(transfer.partCount))
        bytes.append(bigEndian: UInt16(index))
        bytes.append(UInt8(transfer.total >> 16))
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: transfer.total))
        bytes += body
        bytes.append(bigEndian: CRC32.checksum(bytes))
        return Self.prefix + Base32.encode(bytes)
    }

    /// The number of characters in the text of a frame with a body of `byteCount` bytes.
    package static func characterCount(bodyByteCount byteCount: Int) -> Int {
        prefix.utf8.count + Base32.characterCount(byteCount: overheadByteCount + byteCount)
    }
}
