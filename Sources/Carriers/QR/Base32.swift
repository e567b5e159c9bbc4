/// Base32 of RFC 4648 §6, upper case, without `=`: letters that a QR code packs two in eleven bits.
package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The number of characters that `byteCount` bytes give.
    package static func characterCount(byteCount: Int) -> Int {
        (byteCount * 8 + 4) / 5
    }

    /// The text of `bytes`.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(characterCount(byteCount: bytes.count))
        var buffer: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                text.append(alphabet[Int(buffer >> UInt32(bitCount) & 31)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bitCount) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` spells; one text for one run of bytes.
    ///
    /// Throws `alphabet` with a position counted from the start of `text`, `danglingCharacter` or
    /// `unusedBits`. The caller has bounded the length.
    package static func decode(_ text: some Collection<UInt8>) throws(QRFrameError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 5 / 8)
        var buffer: UInt32 = 0
        var bitCount = 0
        var position = 0
        for character in text {
            guard let value = value(of: character) else {
                throw .alphabet(position: position)
            }
            buffer = buffer << 5 | value
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bitCount)))
            }
            position += 1
        }
        // Five bits or more left are a whole character that gave nothing.
        guard bitCount < 5 else { throw .danglingCharacter }
        guard buffer & (1 << UInt32(bitCount) - 1) == 0 else { throw .unusedBits }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt32(character - UInt8(ascii: "2") + 26)
        default: nil
        }
    }
}
