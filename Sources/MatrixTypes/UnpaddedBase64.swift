package import Bytes

/// Base64 as Matrix writes it (appendices, "Unpadded Base64"): the standard alphabet, no `=`.
///
/// For public values; secrets go through `SecretBase64`.
package enum UnpaddedBase64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// What each byte stands for; 0xff where it stands for nothing.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var pending: UInt32 = 0
        var bitCount: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(alphabet[Int(pending >> bitCount & 63)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(pending << (6 - bitCount) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` spells, `nil` unless it is their only spelling: no padding, no white
    /// space, unused bits zero.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var pending: UInt32 = 0
        var bitCount: UInt32 = 0
        for index in text.indices {
            let value = values[Int(text[index])]
            if value == 0xff { return nil }
            pending = pending << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> bitCount))
            }
        }
        guard pending & (1 << bitCount - 1) == 0 else { return nil }
        return bytes
    }

    /// The 32 bytes that 43 characters spell; `nil` for anything else.
    package static func decode32(_ text: Span<UInt8>) -> Bytes32? {
        guard text.count == 43, let bytes = decode(text) else { return nil }
        return Bytes32(bytes)
    }

    /// The 32 bytes that 43 characters spell; `nil` for anything else.
    package static func decode32(_ text: String) -> Bytes32? {
        decode32(Array(text.utf8).span)
    }
}
