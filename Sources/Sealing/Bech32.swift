import Bytes
package import Secrets

/// Bech32 (BIP 173) and Bech32m (BIP 350): bytes as text that notices typing mistakes.
///
/// The 90-character ceiling of BIP 173 is not kept: age's strings and ours are keys, not addresses,
/// and a key's fingerprint is the real check. Works on secret buffers, so that the text of a secret
/// key never becomes a `String`.
package enum Bech32 {
    /// The constant that the checksum is mixed with.
    package enum Variant: UInt32, Sendable {
        case bech32 = 1
        case bech32m = 0x2bc8_30a3
    }

    /// Which letters a text may be spelled in; never both in one text.
    package enum LetterCase: Sendable {
        case lower, upper, either
    }

    /// What is wrong with a text; positions are characters from 0.
    package enum Fault: Error, Equatable, Sendable {
        case wrongPrefix
        case wrongCase
        case character(position: Int)
        case checksum
        case padding
    }

    static let checksumCount = 6
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// The text of `bytes` behind `prefix` and `1`, in ASCII.
    package static func encode(
        _ bytes: Span<UInt8>, prefix: String, as variant: Variant, inUpperCase: Bool = false
    ) -> SecretBytes {
        let start = Array((prefix + "1").utf8)
        let count = (bytes.count * 8 + 4) / 5
        var text = SecretBytes(byteCount: start.count + count + checksumCount)
        var output = text.mutableBytes
        output.copy(start.span, to: 0)
        var checksum = Checksum(prefix: prefix)
        var regroup = BitQueue()
        var next = 0
        for position in 0..<count {
            if regroup.count < 5, next < bytes.count {
                regroup.push(bytes[next], bits: 8)
                next += 1
            }
            if regroup.count < 5 { regroup.push(0, bits: 5 - regroup.count) }
            let group = regroup.pop(bits: 5)
            checksum.add(group)
            output[start.count + position] = alphabet[Int(group)]
        }
        let sum = checksum.sum(as: variant)
        for position in 0..<checksumCount {
            let group = sum >> UInt32(5 * (checksumCount - 1 - position)) & 31
            output[start.count + count + position] = alphabet[Int(group)]
        }
        if inUpperCase {
            for index in output.indices { output[index] = uppercased(output[index]) }
        }
        return text
    }

    /// The bytes that `text` spells, if it is their one spelling under `prefix`.
    ///
    /// - Throws: `Fault`, for the first thing found wrong.
    package static func decode(
        _ text: Span<UInt8>, prefix: String, as variant: Variant, letters: LetterCase
    ) throws(Fault) -> SecretBytes {
        try checkCase(of: text, letters: letters)
        let start = Array((prefix + "1").utf8)
        guard text.count >= start.count + checksumCount else { throw .wrongPrefix }
        for index in start.indices where lowercased(text[index]) != start[index] {
            throw .wrongPrefix
        }
        let count = text.count - start.count - checksumCount
        var bytes = SecretBytes(byteCount: count * 5 / 8)
        var output = bytes.mutableBytes
        var checksum = Checksum(prefix: prefix)
        var regroup = BitQueue()
        var written = 0
        for position in 0..<count + checksumCount {
            let index = start.count + position
            guard let group = alphabet.firstIndex(of: lowercased(text[index])) else {
                throw .character(position: index)
            }
            checksum.add(UInt8(group))
            if position >= count { continue }
            regroup.push(UInt8(group), bits: 5)
            if regroup.count >= 8 {
                output[written] = regroup.pop(bits: 8)
                written += 1
            }
        }
        guard checksum.value == variant.rawValue else { throw .checksum }
        let rest = regroup.count
        guard rest < 5, regroup.pop(bits: rest) == 0 else { throw .padding }
        return bytes
    }

    private static func checkCase(
        of text: Span<UInt8>, letters: LetterCase
    ) throws(Fault) {
        var hasLower = false
        var hasUpper = false
        for index in text.indices {
            let byte = text[index]
            if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) { hasLower = true }
            if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { hasUpper = true }
        }
        let isWrong =
            switch letters {
            case .lower: hasUpper
            case .upper: hasLower
            case .either: hasLower && hasUpper
            }
        if isWrong { throw .wrongCase }
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

/// The checksum of BIP 173: a remainder modulo a polynomial over groups of five bits.
private struct Checksum {
    private(set) var value: UInt32 = 1

    init(prefix: String) {
        for byte in prefix.utf8 { add(byte >> 5) }
        add(0)
        for byte in prefix.utf8 { add(byte & 31) }
    }

    mutating func add(_ group: UInt8) {
        let generator: [UInt32] = [
            0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3,
        ]
        let top = value >> 25
        value = (value & 0x1ff_ffff) << 5 ^ UInt32(group)
        for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 { value ^= generator[bit] }
    }

    /// The thirty bits that bring the value to the variant's constant.
    func sum(as variant: Bech32.Variant) -> UInt32 {
        var closed = self
        for _ in 0..<Bech32.checksumCount { closed.add(0) }
        return closed.value ^ variant.rawValue
    }
}

/// A few bits on their way from groups of one size to groups of another, highest first.
private struct BitQueue {
    private var bits: UInt32 = 0
    private(set) var count = 0

    mutating func push(_ value: UInt8, bits width: Int) {
        bits = bits << UInt32(width) | UInt32(value)
        count += width
    }

    mutating func pop(bits width: Int) -> UInt8 {
        count -= width
        let value = bits >> UInt32(count)
        bits &= (1 << UInt32(count)) - 1
        return UInt8(value)
    }
}

extension Bech32.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongPrefix: "it does not begin as such a text does"
        case .wrongCase: "its letters are not of the one case that is asked for"
        case .character(let position): "character \(position + 1) cannot be in it"
        case .checksum: "a character is wrong, missing or too many"
        case .padding: "its last character holds bits that stand for nothing"
        }
    }
}
