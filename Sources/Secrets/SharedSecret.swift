import CSodium

/// Secret bytes that several values hold together, wiped when the last one lets go.
///
/// For secrets that travel in lists: a session key is grouped, sorted and merged. The memory is
/// ordinary heap, so that hundreds of thousands fit; it is zeroed in `deinit`. Printing, dumping and
/// interpolating show the length only.
@safe
package final class SharedSecret: @unchecked Sendable {
    private let base: UnsafeMutablePointer<UInt8>
    package let byteCount: Int

    /// A copy of bytes that are secret from here on; the caller wipes the original.
    package init(copying bytes: Span<UInt8>) {
        _ = Sodium.ready
        unsafe base = .allocate(capacity: max(bytes.count, 1))
        byteCount = bytes.count
        for index in bytes.indices { unsafe base[index] = bytes[index] }
    }

    /// The bytes that unpadded base64 spells, decoded strictly and straight into this memory.
    ///
    /// - Throws: `SecretsError.notBase64`.
    package init(base64 text: Span<UInt8>) throws(SecretsError) {
        guard let byteCount = SecretBase64.decodedByteCount(of: text.count) else {
            throw .notBase64
        }
        unsafe base = .allocate(capacity: max(byteCount, 1))
        self.byteCount = byteCount
        var output = unsafe MutableSpan(_unsafeStart: base, count: byteCount)
        guard SecretBase64.decode(text, into: &output) else { throw .notBase64 }
    }

    deinit {
        unsafe sodium_memzero(base, byteCount)
        unsafe base.deallocate()
    }

    /// The bytes, for reading while this object is held.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

extension SharedSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(byteCount) secret bytes" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
