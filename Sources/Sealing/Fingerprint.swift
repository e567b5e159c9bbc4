import Bytes
import Secrets

/// What two people compare to know that they hold the same public identity: 132 bits.
///
/// The first 132 bits of BLAKE2b-256 over `heirloom/v1/fingerprint`, a zero byte and the 64 bytes of
/// the identity; as 12 words of 11 bits or as 40 decimal digits. It is static, so an attacker may
/// search for a match at leisure: anything shorter would be searched, and no shorter form exists.
package struct Fingerprint: Hashable, Sendable {
    private static let context = Array("heirloom/v1/fingerprint".utf8) + [0]
    private static let wordCount = 12
    private static let digitCount = 40
    /// Words may be cut to this many letters, in which they all differ.
    private static let shortestPrefix = 4

    /// Twelve numbers of 11 bits, the first bits first.
    private let numbers: [UInt16]

    init(of identity: PublicIdentity) {
        let digest = BLAKE2b.hash((Self.context + identity.bytes).span, byteCount: 32)
        numbers = (0..<Self.wordCount).map { word in
            (0..<11).reduce(0) { number, offset in
                let bit = word * 11 + offset
                return number << 1 | UInt16(digest[bit / 8] >> UInt8(7 - bit % 8) & 1)
            }
        }
    }

    /// Twelve words with a space between.
    package var words: String {
        numbers.map { FingerprintWords.all[Int($0)] }.joined(separator: " ")
    }

    /// Forty digits in eight groups of five.
    package var digits: String {
        let digits = plainDigits
        return stride(from: 0, to: digits.count, by: 5)
            .map { String(decoding: digits[$0..<$0 + 5], as: UTF8.self) }
            .joined(separator: " ")
    }

    /// Whether what a person typed or pasted is this fingerprint, in whole.
    ///
    /// Taken are the words, in any case, each in full or cut to four or more of its letters; the
    /// digits in any grouping; and the `heir1…` string itself. Spaces, ends of lines and hyphens
    /// separate.
    package func matches(typed text: String) -> Bool {
        if let identity = try? PublicIdentity(text) { return identity.fingerprint == self }
        let pieces = text.lowercased().utf8.split { [9, 10, 13, 32, 45].contains($0) }
        if pieces.joined().elementsEqual(plainDigits) { return true }
        guard pieces.count == Self.wordCount else { return false }
        return zip(pieces, numbers).allSatisfy { piece, number in
            let word = FingerprintWords.all[Int(number)].utf8
            if piece.elementsEqual(word) { return true }
            return piece.count >= Self.shortestPrefix && word.starts(with: piece)
        }
    }

    /// The 132 bits as a decimal number with leading zeros, in ASCII.
    private var plainDigits: [UInt8] {
        var rest = numbers.map(Int.init)
        var digits: [UInt8] = []
        for _ in 0..<Self.digitCount {
            // One long division by ten of a number in base 2,048; the remainder is the next digit.
            var remainder = 0
            for index in rest.indices {
                let value = remainder << 11 | rest[index]
                rest[index] = value / 10
                remainder = value % 10
            }
            digits.append(UInt8(ascii: "0") + UInt8(remainder))
        }
        return digits.reversed()
    }
}

extension Fingerprint: CustomStringConvertible {
    package var description: String { words }
}
