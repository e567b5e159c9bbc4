import Bytes
package import Secrets

/// Passphrases for identity files: what is asked of typed ones, and how good ones are made.
package enum Passphrase {
    /// The fewest characters of a typed passphrase.
    package static let minimumCharacterCount = 12
    /// The words of a generated passphrase: 110 bits.
    package static let wordCount = 10

    /// Refuses a typed passphrase that is too short.
    ///
    /// - Parameter typed: UTF-8. Its characters are counted as Unicode scalars, because counting what
    ///   a person sees would take a `String`, which cannot be wiped.
    /// - Throws: `passphraseTooShort`.
    package static func check(typed: borrowing SecretBytes) throws(SealingError) {
        let bytes = typed.bytes
        var count = 0
        for index in bytes.indices where bytes[index] & 0xc0 != 0x80 { count += 1 }
        if count < minimumCharacterCount {
            throw .passphraseTooShort(minimum: minimumCharacterCount)
        }
    }

    /// Ten random words joined by hyphens, in ASCII.
    package static func generate(random: inout some RandomSource) -> SecretBytes {
        let words = FingerprintWords.all
        // The list has 2^11 words, so 11 bits of each pair of bytes choose evenly.
        let drawn = SecretBytes(byteCount: wordCount * 2, from: &random)
        let longest = words.map(\.utf8.count).max() ?? 0
        var text = SecretBytes(byteCount: wordCount * (longest + 1))
        var span = text.mutableBytes
        var count = 0
        for index in 0..<wordCount {
            let number = drawn.bytes.bigEndian(at: index * 2, as: UInt16.self) & 2047
            if index > 0 {
                span[count] = UInt8(ascii: "-")
                count += 1
            }
            for byte in words[Int(number)].utf8 {
                span[count] = byte
                count += 1
            }
        }
        return text.prefix(count)
    }
}
