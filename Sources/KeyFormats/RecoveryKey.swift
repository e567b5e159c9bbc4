package import Secrets

/// The recovery key as people write it down (Matrix spec, appendices, "Cryptographic key
/// representation"): 35 bytes in Base58, in groups of four characters.
///
/// ```
/// 8b 01 | key, 32 bytes | parity: all 35 bytes XOR to zero
/// ```
///
/// By its form nobody can tell a key backup's own key from a secret storage key.
package enum RecoveryKey {
    private static let alphabet = Array(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let characterCount = 48
    private static let byteCount = 35

    /// The 32 bytes that this text spells, white space anywhere forgiven; `nil` where it is not a
    /// recovery key, or one with a typing error.
    package static func decode(_ text: Span<UInt8>) -> SecretBytes? {
        var number = SecretBytes(byteCount: byteCount)
        var bytes = number.mutableBytes
        var count = 0
        for index in text.indices {
            let character = text[index]
            if [0x20, 0x09, 0x0a, 0x0d].contains(character) { continue }
            guard var carry = alphabet.firstIndex(of: character), count < characterCount else {
                return nil
            }
            count += 1
            // The number so far times 58, plus this digit.
            for place in (0..<byteCount).reversed() {
                carry += Int(bytes[place]) * 58
                bytes[place] = UInt8(carry & 0xff)
                carry >>= 8
            }
            guard carry == 0 else { return nil }
        }
        guard count == characterCount, bytes[0] == 0x8b, bytes[1] == 0x01 else { return nil }
        var parity: UInt8 = 0
        for index in 0..<byteCount { parity ^= bytes[index] }
        guard parity == 0 else { return nil }
        return SecretBytes(copying: bytes.span.extracting(2..<34))
    }

    /// Whether text has the length and beginning of a recovery key, sound or not.
    package static func resembles(_ text: Span<UInt8>) -> Bool {
        var count = 0
        var beginning: [UInt8] = []
        for index in text.indices where ![0x20, 0x09, 0x0a, 0x0d].contains(text[index]) {
            if beginning.count < 2 { beginning.append(text[index]) }
            count += 1
        }
        return beginning == Array("Es".utf8) && (44...52).contains(count)
    }
}
