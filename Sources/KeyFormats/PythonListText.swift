package import Bytes
import Secrets

/// The JSON that was meant by what Python prints for a list of dictionaries.
///
/// Some tools wrote `str(keys)` into a key file where `json.dumps(keys)` was meant: single quotes,
/// `True`, `False`, `None`, Python's escapes. What is no such list comes out as it is, and is then no
/// JSON either.
package final class PythonListText: ByteSource {
    private enum State {
        case outside
        /// In a word, and its letters so far.
        case word([UInt8])
        case string(quote: UInt8)
        case escape(quote: UInt8)
        /// In an escape of so many more hexadecimal digits.
        case digits(Int, value: UInt32, quote: UInt8)
    }

    private static let readByteCount = 1 << 14
    /// What comes of a byte is at most this many: `\xHH` becomes `\u00HH`.
    private static let growth = 3
    private static let wordLimit = 5

    private let source: any ByteSource
    private var input = SecretBytes(byteCount: readByteCount)
    private var output = CipherPiece(byteCount: readByteCount * growth + 16)
    private var state = State.outside
    private var isAtEnd = false

    package init(_ source: any ByteSource) {
        self.source = source
    }

    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        while output.isSpent, !isAtEnd { try refill() }
        return output.give(into: &buffer)
    }

    private func refill() throws(StreamError) {
        output.hold(0)
        let source = self.source
        var piece = SecretBytes(byteCount: 0)
        swap(&piece, &input)
        defer { swap(&piece, &input) }
        var span = piece.mutableBytes
        let count = try source.read(into: &span)
        for index in 0..<count { take(piece.bytes[index]) }
        guard count == 0 else { return }
        isAtEnd = true
        if case .word(let letters) = state { put(Self.meaning(of: letters)) }
    }

    private func take(_ byte: UInt8) {
        switch state {
        case .outside: takeOutside(byte)
        case .word(let letters):
            if Self.isLetter(byte), letters.count < Self.wordLimit {
                state = .word(letters + [byte])
            } else {
                // Python 2 wrote u'text'.
                let isPrefix = letters == [UInt8(ascii: "u")] && Self.isQuote(byte)
                if !isPrefix { put(Self.meaning(of: letters)) }
                state = .outside
                takeOutside(byte)
            }
        case .string(let quote):
            switch byte {
            case quote:
                output.put(UInt8(ascii: "\""))
                state = .outside
            case UInt8(ascii: "\\"): state = .escape(quote: quote)
            case UInt8(ascii: "\""): put(Array("\\\"".utf8))
            default: output.put(byte)
            }
        case .escape(let quote): takeEscape(byte, quote)
        case .digits(let left, let value, let quote):
            guard let digit = Self.digit(byte) else {
                // No escape of Python's: the quote it stands in is then no JSON string.
                put([UInt8(ascii: "\\"), byte])
                state = .string(quote: quote)
                return
            }
            let value = value << 4 | digit
            if left > 1 {
                state = .digits(left - 1, value: value, quote: quote)
            } else {
                put(Self.escape(value))
                state = .string(quote: quote)
            }
        }
    }

    private func takeOutside(_ byte: UInt8) {
        if Self.isQuote(byte) {
            output.put(UInt8(ascii: "\""))
            state = .string(quote: byte)
        } else if Self.isLetter(byte) {
            state = .word([byte])
        } else {
            output.put(byte)
        }
    }

    private func takeEscape(_ byte: UInt8, _ quote: UInt8) {
        state = .string(quote: quote)
        switch byte {
        case UInt8(ascii: "x"): state = .digits(2, value: 0, quote: quote)
        case UInt8(ascii: "u"): state = .digits(4, value: 0, quote: quote)
        case UInt8(ascii: "U"): state = .digits(8, value: 0, quote: quote)
        case UInt8(ascii: "'"): output.put(byte)
        case UInt8(ascii: "a"): put(Self.escape(0x07))
        case UInt8(ascii: "v"): put(Self.escape(0x0b))
        // The others are JSON's too.
        default: put([UInt8(ascii: "\\"), byte])
        }
    }

    private func put(_ bytes: [UInt8]) {
        for byte in bytes { output.put(byte) }
    }

    private static func meaning(of word: [UInt8]) -> [UInt8] {
        switch String(decoding: word, as: UTF8.self) {
        case "True": Array("true".utf8)
        case "False": Array("false".utf8)
        case "None": Array("null".utf8)
        default: word
        }
    }

    /// A scalar as JSON's `\uXXXX`, above U+FFFF as two of them.
    private static func escape(_ value: UInt32) -> [UInt8] {
        func unit(_ value: UInt32) -> [UInt8] {
            let high = UInt8(truncatingIfNeeded: value >> 8)
            return Array("\\u".utf8)
                + Array(hexadecimal([high, UInt8(truncatingIfNeeded: value)]).utf8)
        }
        guard value > 0xffff else { return unit(value) }
        let offset = value &- 0x10000
        return unit(0xd800 | (offset >> 10 & 0x3ff)) + unit(0xdc00 | (offset & 0x3ff))
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
