/// Thirty-two public bytes held inline: a public key, a session id, a digest.
///
/// Ordered as unsigned bytes from the first to the last. Never used for secrets, which live in
/// `Secrets` types.
package struct Bytes32: Hashable, Comparable, Sendable {
    /// The bytes as four big-endian words, so that comparing words compares bytes.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32

    /// All thirty-two bytes zero.
    package static let zero = Bytes32(words: (0, 0, 0, 0))

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Takes exactly 32 bytes; any other count gives `nil`.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ start: Int) -> UInt64 {
            var value: UInt64 = 0
            for offset in start..<start + 8 { value = value &<< 8 | UInt64(bytes[offset]) }
            return value
        }
        self.init(words: (word(0), word(8), word(16), word(24)))
    }

    /// Takes exactly 32 bytes; any other count gives `nil`.
    package init?(_ bytes: [UInt8]) {
        self.init(bytes.span)
    }

    /// The bytes, first to last.
    package var array: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word &>> UInt64(shift)))
            }
        }
        return bytes
    }

    /// The first eight bytes as a number: enough to tell keys apart that nobody chose to collide.
    package var prefix: UInt64 { words.0 }

    package static func == (left: Bytes32, right: Bytes32) -> Bool {
        left.words == right.words
    }

    package static func < (left: Bytes32, right: Bytes32) -> Bool {
        left.words < right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
