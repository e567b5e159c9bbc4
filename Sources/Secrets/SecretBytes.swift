import Bytes
import CSodium

/// Secret bytes with one owner, wiped when the owner lets go.
///
/// The memory comes from `sodium_malloc`: guard pages around it, locked where the system allows,
/// left out of core dumps. The type cannot be copied, printed, interpolated or encoded. Use it for
/// what has one owner: a passphrase, an identity's seed, a file key, a buffer of decrypted text.
@safe
package struct SecretBytes: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt8>
    package let byteCount: Int

    /// Zero bytes to be filled.
    ///
    /// Traps when the system has no memory left.
    package init(byteCount: Int) {
        _ = Sodium.ready
        guard let memory = unsafe sodium_malloc(max(byteCount, 1)) else {
            preconditionFailure("no memory left for \(byteCount) secret bytes")
        }
        unsafe sodium_memzero(memory, byteCount)
        unsafe base = memory.assumingMemoryBound(to: UInt8.self)
        self.byteCount = byteCount
    }

    /// A copy of bytes that are secret from here on; the caller wipes the original.
    package init(copying bytes: Span<UInt8>) {
        self.init(byteCount: bytes.count)
        for index in bytes.indices { unsafe base[index] = bytes[index] }
    }

    /// Bytes drawn from `random`.
    package init(byteCount: Int, from random: inout some RandomSource) {
        self.init(byteCount: byteCount)
        var span = mutableBytes
        random.fill(&span)
    }

    deinit {
        unsafe sodium_free(base)
    }

    /// The bytes, for reading.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe Span(_unsafeStart: base, count: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The bytes, for writing.
    package var mutableBytes: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get {
            let span = unsafe MutableSpan(_unsafeStart: base, count: byteCount)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    /// Overwrites the bytes from `offset` on with all of `source`.
    package mutating func copy(_ source: Span<UInt8>, to offset: Int) {
        var span = mutableBytes
        span.copy(source, to: offset)
    }

    /// The first `count` bytes as a secret of their own.
    package borrowing func prefix(_ count: Int) -> SecretBytes {
        SecretBytes(copying: bytes.extracting(first: count))
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
package func constantTimeEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return left.withPointer { leftBase, count in
        right.withPointer { rightBase, _ in
            unsafe sodium_memcmp(leftBase, rightBase, count) == 0
        }
    }
}

/// Overwrites bytes that were secret and lie in memory this room does not own.
package func wipe(_ bytes: inout MutableSpan<UInt8>) {
    bytes.withPointer { base, count in unsafe sodium_memzero(base, count) }
}
