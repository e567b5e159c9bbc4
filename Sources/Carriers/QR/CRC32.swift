/// The CRC-32 of IEEE 802.3, as zlib, gzip and PNG compute it.
package enum CRC32 {
    /// The remainder of each byte; reflected polynomial 0xEDB88320.
    private static let table: [UInt32] = (0..<256).map { (byte: UInt32) in
        var remainder = byte
        for _ in 0..<8 {
            remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
        }
        return remainder
    }

    /// The checksum of `bytes`.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let table = table
        var remainder = UInt32.max
        for byte in bytes {
            remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ remainder >> 8
        }
        return ~remainder
    }
}
