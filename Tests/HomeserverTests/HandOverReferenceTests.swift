import Bytes
import Homeserver
import MatrixTypes
import StrictJSON
import Testing

/// The one field of an invite (`formats/invite.md`).
@Suite struct HandOverReferenceTests {
    static let text = """
        {"blake2b":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","bundle":"00112233445566778899aabbccddeeff",\
        "size":4321,"url":"mxc://example.org/abc","v":1}
        """

    @Test func isReadAndWritten() throws {
        let value = try JSONValue(Array(Self.text.utf8).span)
        let reference = try #require(HandOverReference(value))
        #expect(reference.media.text == "mxc://example.org/abc")
        #expect(reference.byteCount == 4321)
        #expect(reference.digest.array == Array(0..<32))
        #expect(reference.bundleID == "00112233445566778899aabbccddeeff")
        #expect(reference.roomID == nil)
        #expect(reference.json.canonical == Array(Self.text.utf8))
    }

    @Test(
        "what is none",
        arguments: [
            ("\"v\":1", "\"v\":2"), ("\"v\":1", "\"v\":\"1\""), ("\"v\":1", "\"w\":1"),
            ("4321", "0"), ("4321", "-1"), ("4321", "1.5"), ("4321", "\"4321\""),
            ("mxc://example.org/abc", "https://example.org/abc"),
            ("AAECAw", "AAEC"), ("AAECAw", "!AECAw"), ("aabbccddeeff", "AABBCCDDEEFF"),
            ("aabbccddeeff", "aabbccddeef"), ("\"v\":1", "\"v\":1,\"room_id\":\"no room\""),
        ])
    func refuses(part: String, other: String) throws {
        let text = Self.text.replacing(part, with: other)
        #expect(text != Self.text)
        let value = try JSONValue(Array(text.utf8).span)
        #expect(HandOverReference(value) == nil)
    }
}
