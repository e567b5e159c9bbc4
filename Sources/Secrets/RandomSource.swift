import Bytes
import CSodium

/// Where randomness comes from; an argument everywhere, so that tests need not guess.
package protocol RandomSource {
    /// Overwrites all of `buffer`.
    mutating func fill(_ buffer: inout MutableSpan<UInt8>)
}

extension RandomSource {
    /// Public random bytes: a salt, a nonce, an id.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        fill(&span)
        return bytes
    }

    /// A number below `bound`, each with the same likelihood.
    package mutating func number(below bound: Int) -> Int {
        let limit = UInt64.max - UInt64.max % UInt64(bound)
        while true {
            let drawn = bytes(8).span.bigEndian(at: 0, as: UInt64.self)
            if drawn < limit { return Int(drawn % UInt64(bound)) }
        }
    }
}

/// The system's random numbers.
///
/// libsodium ends the program where the system has none.
package struct SystemRandomSource: RandomSource {
    package init() {
        _ = Sodium.ready
    }

    package mutating func fill(_ buffer: inout MutableSpan<UInt8>) {
        buffer.withPointer { base, count in
            unsafe randombytes_buf(base, count)
        }
    }
}

/// The same bytes at every run: for tests and for the samples in `formats/`, never for keys in use.
package struct FixedRandomSource: RandomSource {
    private var seed: [UInt8]

    /// - Parameter number: tells one fixed stream from another.
    package init(number: UInt64) {
        seed = []
        for _ in 0..<4 { seed.append(bigEndian: number) }
    }

    package mutating func fill(_ buffer: inout MutableSpan<UInt8>) {
        buffer.withPointer { base, count in
            seed.span.withPointer { key, _ in
                unsafe randombytes_buf_deterministic(base, count, key)
            }
        }
        seed = BLAKE2b.hash(seed.span, byteCount: 32)
    }
}
