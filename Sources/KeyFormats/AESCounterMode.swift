import Bytes
import Crypto
import CryptoExtras
import Foundation
import Secrets

/// AES-256 in counter mode, going on from piece to piece.
///
/// swift-crypto encrypts one piece at a time and knows only the 128-bit counter, so the counter is
/// kept here. Element counts 64 bits, which differs where the low half overflows.
package struct AESCounterMode: ~Copyable {
    package enum CounterWidth: Sendable { case bits128, bits64 }

    private let key: SymmetricKey
    private var high: UInt64
    private var low: UInt64
    private let width: CounterWidth

    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - initialCounter: the first counter block, 16 bytes.
    package init(key: Span<UInt8>, initialCounter: [UInt8], width: CounterWidth = .bits128) {
        precondition(key.count == 32 && initialCounter.count == 16)
        self.key = key.symmetricKey
        high = initialCounter.span.bigEndian(at: 0, as: UInt64.self)
        low = initialCounter.span.bigEndian(at: 8, as: UInt64.self)
        self.width = width
    }

    /// Whether the low half of the counter overflows within so many bytes, so that the two widths
    /// give different text.
    static func widthMatters(initialCounter: [UInt8], byteCount: Int) -> Bool {
        let low = initialCounter.span.bigEndian(at: 8, as: UInt64.self)
        return low.addingReportingOverflow(UInt64((byteCount + 15) / 16)).overflow
    }

    /// Encrypts or decrypts, which is the same, in place.
    ///
    /// - Parameter bytes: a multiple of 16, except in the last piece.
    package mutating func apply(to bytes: inout MutableSpan<UInt8>) {
        var position = 0
        while position < bytes.count {
            let blocksLeft = (bytes.count - position + 15) / 16
            // As far as the low half goes without overflowing.
            let blocks = Int(min(UInt64(blocksLeft) - 1, UInt64.max - low)) + 1
            let end = min(bytes.count, position + blocks * 16)
            var piece = bytes.slice(position..<end)
            Self.apply(to: &piece, key: key, counter: (high, low))
            let (next, overflow) = low.addingReportingOverflow(UInt64(blocks))
            low = next
            if overflow, width == .bits128 { high &+= 1 }
            position = end
        }
    }

    private static func apply(
        to piece: inout MutableSpan<UInt8>, key: SymmetricKey, counter: (UInt64, UInt64)
    ) {
        var block: [UInt8] = []
        block.append(bigEndian: counter.0)
        block.append(bigEndian: counter.1)
        do {
            let nonce = try AES._CTR.Nonce(nonceBytes: block)
            var output = try unsafe piece.span.withUnsafeBytes {
                try unsafe AES._CTR.encrypt($0, using: key, nonce: nonce)
            }
            // swift-crypto gives the text in memory of its own: it is copied out and wiped.
            var made = output.mutableSpan
            piece.copy(made.span, to: 0)
            wipe(&made)
        } catch {
            preconditionFailure("AES-CTR refuses only keys and counters of the wrong size")
        }
    }
}
