import Bytes
import MatrixTypes
import Testing

/// Base64 has one spelling for each value, and no other is read.
@Suite struct UnpaddedBase64Tests {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    private func decode(_ text: String) -> [UInt8]? {
        UnpaddedBase64.decode(Array(text.utf8).span)
    }

    @Test(
        "The examples of RFC 4648 and of Matrix, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"), ("日", "5pel"),
        ])
    func examples(_ text: String, _ base64: String) {
        #expect(UnpaddedBase64.encode(Array(text.utf8)) == base64)
        #expect(decode(base64) == Array(text.utf8))
    }

    @Test("Every byte value survives, at every length", arguments: 0...66)
    func roundTrip(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count) }
        let text = UnpaddedBase64.encode(bytes)
        #expect(text.utf8.count == (count * 4 + 2) / 3)
        #expect(decode(text) == bytes)
    }

    @Test("Of the 64 last characters of a one-byte text, only those with unused bits zero are read")
    func tailOfOneByte() {
        for (value, character) in Self.alphabet.enumerated() {
            let decoded = decode("A" + String(character))
            #expect(decoded == (value % 16 == 0 ? [UInt8(value >> 4)] : nil))
        }
    }

    @Test("Of the 64 last characters of a two-byte text, only those with unused bits zero are read")
    func tailOfTwoBytes() {
        for (value, character) in Self.alphabet.enumerated() {
            let decoded = decode("AA" + String(character))
            #expect(decoded == (value % 4 == 0 ? [0, UInt8(value >> 2)] : nil))
        }
    }

    @Test("Of the 64 last characters of a 32-byte key, exactly sixteen are read")
    func tailOfKey() {
        let front = String(repeating: "A", count: 42)
        for (value, character) in Self.alphabet.enumerated() {
            let decoded = UnpaddedBase64.decode32(front + String(character))
            #expect((decoded != nil) == (value % 4 == 0))
        }
    }

    @Test(
        "Padding, white space, the URL alphabet and lengths that cannot be are refused",
        arguments: [
            "Zg==", "Zm8=", "Zg=", "=", "Zm9v=", " Zm9v", "Zm9v ", "Zm 9v", "Zm9v\n", "\tZm9v",
            "Zm9v\r\n", "-_-_", "Zm9-", "Zm9_", "A", "AAAAA", "Zm9!", "Zm9\u{0}", "Zm9é", "Ａg",
        ])
    func refused(_ text: String) {
        #expect(decode(text) == nil)
    }

    @Test("No byte outside the alphabet is read")
    func foreignBytes() {
        let alphabet = Set(Self.alphabet.compactMap(\.asciiValue))
        for byte in UInt8.min...UInt8.max {
            let isRead = UnpaddedBase64.decode([0x41, 0x41, 0x41, byte].span) != nil
            #expect(isRead == alphabet.contains(byte))
        }
    }
}

/// A session id is 32 bytes with one spelling, so that no second spelling becomes a second session.
@Suite struct SessionIDTests {
    private static let text = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"

    @Test("The canonical spelling is read and written back")
    func canonical() throws {
        let id = try SessionID(Self.text)
        #expect(id.text == Self.text)
        #expect(id.description == Self.text)
        #expect(
            hexadecimal(id.bytes.array)
                == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
    }

    @Test(
        "Every other spelling of the same bytes is refused",
        arguments: [
            text + "=", text.dropLast() + "h", text.dropLast() + "i", text.dropLast() + "j",
            text.replacing("/", with: "_"), " " + text, text + "\n", String(text.dropLast()),
            text + "A", "",
        ])
    func notCanonical(_ text: String) {
        #expect(throws: MatrixTypeError.notKeyBase64) { try SessionID(text) }
    }

    @Test("Session ids are ordered by their bytes, not by their text")
    func order() throws {
        // ‘/’ is 63 in base64 and sorts before letters as text.
        let high = try SessionID("/" + String(repeating: "A", count: 42))
        let low = try SessionID("z" + String(repeating: "A", count: 42))
        #expect(high.text < low.text)
        #expect(low < high)
    }
}
