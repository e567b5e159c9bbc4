import Bytes
import Secrets

/// Megolm's ratchet written again from its specification (Matrix spec, Megolm, "Ratchet"), slow and
/// plain, so that libolm and what is built on it have something to agree with.
struct ReferenceRatchet: Equatable {
    private(set) var index: UInt32
    /// R0 to R3, 32 bytes each.
    private(set) var parts: [[UInt8]]

    init(index: UInt32, bytes: [UInt8]) {
        precondition(bytes.count == 128)
        self.index = index
        parts = (0..<4).map { Array(bytes[$0 * 32..<$0 * 32 + 32]) }
    }

    var bytes: [UInt8] { parts.flatMap { $0 } }

    mutating func alter(_ part: Int) {
        parts[part][7] ^= 0x10
    }

    /// Goes on by one.
    mutating func step() {
        index &+= 1
        let borders: [UInt32] = [1 << 24, 1 << 16, 1 << 8]
        let slowest = borders.firstIndex { index % $0 == 0 } ?? 3
        for part in stride(from: 3, through: slowest, by: -1) {
            parts[part] = Self.hash(part, parts[slowest])
        }
    }

    /// Goes on to `target`, part by part.
    mutating func advance(to target: UInt32) {
        precondition(target >= index)
        for part in 0..<4 {
            let shift = UInt32(3 - part) * 8
            var steps = (target >> shift &- index >> shift) & 0xff
            if steps == 0 { continue }
            while steps > 1 {
                parts[part] = Self.hash(part, parts[part])
                steps -= 1
            }
            for faster in stride(from: 3, through: part, by: -1) {
                parts[faster] = Self.hash(faster, parts[part])
            }
            index = (target >> shift) << shift
        }
    }

    func advanced(to target: UInt32) -> ReferenceRatchet {
        var other = self
        other.advance(to: target)
        return other
    }

    private static func hash(_ part: Int, _ key: [UInt8]) -> [UInt8] {
        let code = HMACSHA256.code(of: [UInt8(part)].span, key: key.span)
        return [UInt8](code.bytes)
    }
}

/// The same numbers at every run.
struct FixedNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}
