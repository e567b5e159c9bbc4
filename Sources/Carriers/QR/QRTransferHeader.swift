import Bytes
import Crypto
import Foundation

/// What all frames of one transfer say alike; frames that differ in any of it never meet.
package struct QRTransferHeader: Hashable, Sendable {
    /// The first 8 bytes of SHA-256 of `heirloom-qr-1` and the payload, big-endian.
    package let id: UInt64
    /// The number of data parts, and of parts it takes; k in the format.
    package let partCount: Int
    /// The payload's length in bytes.
    package let total: Int

    package static let maximumPartCount = 1024
    package static let maximumTotal = 1 << 20

    /// Throws `partCount`, `total` or `morePartsThanBytes`.
    package init(id: UInt64, partCount: Int, total: Int) throws(QRFrameError) {
        guard 1...Self.maximumPartCount ~= partCount else {
            throw .partCount(partCount, limit: Self.maximumPartCount)
        }
        guard 1...Self.maximumTotal ~= total else {
            throw .total(byteCount: total, limit: Self.maximumTotal)
        }
        guard partCount <= total else {
            throw .morePartsThanBytes(partCount: partCount, byteCount: total)
        }
        self.id = id
        self.partCount = partCount
        self.total = total
    }

    /// The length of each part in bytes: an equal share, rounded up to an even number.
    package var bodyByteCount: Int {
        let share = (total + partCount - 1) / partCount
        return share + share % 2
    }

    /// The id of the transfer of `payload`.
    package static func id(of payload: [UInt8]) -> UInt64 {
        var hash = SHA256()
        hash.update(data: Array("heirloom-qr-1".utf8))
        hash.update(data: payload)
        return Array(hash.finalize()).span.bigEndian(at: 0, as: UInt64.self)
    }
}
