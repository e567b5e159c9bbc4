import CSodium

/// BLAKE2b (RFC 7693), at once or in pieces.
package enum BLAKE2b {
    /// The digest of `message`.
    ///
    /// - Parameters:
    ///   - key: 0 to 64 bytes; empty for the plain hash.
    ///   - byteCount: 16 to 64 bytes of output.
    package static func hash(
        _ message: Span<UInt8>, key: [UInt8] = [], byteCount: Int
    ) -> [UInt8] {
        var state = State(key: key, byteCount: byteCount)
        state.update(message)
        return state.finish()
    }

    /// A hash being computed.
    @safe
    package struct State: ~Copyable {
        private let state: OpaquePointer
        private let byteCount: Int

        /// - Parameters:
        ///   - key: 0 to 64 bytes; empty for the plain hash.
        ///   - byteCount: 16 to 64 bytes of output.
        package init(key: [UInt8] = [], byteCount: Int) {
            _ = Sodium.ready
            precondition((16...64).contains(byteCount) && key.count <= 64)
            // libsodium wants this state aligned to 64 bytes.
            let memory = UnsafeMutableRawPointer.allocate(
                byteCount: crypto_generichash_statebytes(), alignment: 64)
            unsafe state = OpaquePointer(memory)
            self.byteCount = byteCount
            let state = unsafe self.state
            _ = key.span.withPointer { base, count in
                unsafe crypto_generichash_init(state, base, count, byteCount)
            }
        }

        deinit {
            let memory = unsafe UnsafeMutableRawPointer(state)
            unsafe sodium_memzero(memory, crypto_generichash_statebytes())
            unsafe memory.deallocate()
        }

        /// Adds bytes to what is hashed.
        package mutating func update(_ bytes: Span<UInt8>) {
            let state = unsafe self.state
            _ = bytes.withPointer { base, count in
                unsafe crypto_generichash_update(state, base, UInt64(count))
            }
        }

        /// The digest of all bytes added; the state is spent.
        package consuming func finish() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: byteCount)
            let state = unsafe self.state
            var output = digest.mutableSpan
            _ = output.withPointer { output, count in
                unsafe crypto_generichash_final(state, output, count)
            }
            return digest
        }
    }
}
