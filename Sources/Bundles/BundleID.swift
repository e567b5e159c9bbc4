import Bytes
package import Secrets

/// A bundle's random id, 16 bytes: what the list of seen bundles remembers, and the key of the
/// audience hashes.
package struct BundleID: Hashable, Sendable {
    package static let byteCount = 16

    private let high: UInt64
    private let low: UInt64

    /// Takes exactly 16 bytes; any other count gives `nil`.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.bigEndian(at: 0, as: UInt64.self)
        low = bytes.bigEndian(at: 8, as: UInt64.self)
    }

    /// A fresh id.
    package init(from random: inout some RandomSource) {
        let bytes = random.bytes(Self.byteCount)
        high = bytes.span.bigEndian(at: 0, as: UInt64.self)
        low = bytes.span.bigEndian(at: 8, as: UInt64.self)
    }

    /// The bytes, first to last.
    package var array: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
        return bytes
    }
}

extension BundleID: CustomStringConvertible {
    /// 32 hexadecimal digits.
    package var description: String { hexadecimal(array) }
}
