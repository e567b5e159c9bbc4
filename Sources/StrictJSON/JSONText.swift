import Bytes

extension UInt8 {
    /// Space, tab, line feed, carriage return: what JSON takes for white space.
    var isJSONSpace: Bool { self == 0x20 || self == 0x0a || self == 0x0d || self == 0x09 }
}

extension Span<UInt8> {
    /// The length of the well-formed UTF-8 scalar at `offset` (Unicode table 3-7); `nil` for none.
    func utf8ScalarLength(at offset: Int) -> Int? {
        let first = self[offset]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0..<0x80: return 1
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if first == 0xe0 { second = 0xa0...0xbf }
            if first == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            length = 4
            if first == 0xf0 { second = 0x90...0xbf }
            if first == 0xf4 { second = 0x80...0x8f }
        default: return nil
        }
        guard offset + length <= count, second.contains(self[offset + 1]) else { return nil }
        for index in offset + 2..<Swift.max(offset + length, offset + 2)
        where self[index] & 0xc0 != 0x80 {
            return nil
        }
        return length
    }

    /// The number that four hexadecimal digits at `offset` spell.
    func hexadecimalUnit(at offset: Int) -> UInt32? {
        guard offset + 4 <= count else { return nil }
        var unit: UInt32 = 0
        for index in offset..<offset + 4 {
            let digit: UInt8
            switch self[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = self[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = self[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = self[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// The text of a string value as a `String`, for what is not secret.
    package func text(of value: JSONObject.Value) -> String {
        var bytes = [UInt8](extracting(value.range))
        guard value.hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        var span = bytes.mutableSpan
        let count = span.unescape(0..<span.count)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

extension MutableSpan<UInt8> {
    /// Turns the inside of a JSON string into its text, in place.
    ///
    /// Returns the text's length in bytes. The string must have been read by `JSONObject`, which refused what is malformed.
    package mutating func unescape(_ range: Range<Int>) -> Int {
        var from = range.lowerBound
        var to = range.lowerBound
        while from < range.upperBound {
            guard self[from] == UInt8(ascii: "\\") else {
                self[to] = self[from]
                from += 1
                to += 1
                continue
            }
            let kind = self[from + 1]
            if kind == UInt8(ascii: "u") {
                var scalar = span.hexadecimalUnit(at: from + 2) ?? 0xfffd
                from += 6
                if (0xd800..<0xdc00).contains(scalar) {
                    let low = span.hexadecimalUnit(at: from + 2) ?? 0xdc00
                    scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
                    from += 6
                }
                to = put(scalar, at: to)
            } else {
                self[to] = Self.escaped(kind)
                from += 2
                to += 1
            }
        }
        return to - range.lowerBound
    }

    private static func escaped(_ kind: UInt8) -> UInt8 {
        switch kind {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: kind
        }
    }

    private mutating func put(_ scalar: UInt32, at offset: Int) -> Int {
        var end = offset
        let encoded = UTF8.encode(Unicode.Scalar(scalar) ?? "\u{fffd}")
        for byte in encoded ?? UTF8.encodedReplacementCharacter {
            self[end] = byte
            end += 1
        }
        return end
    }
}
