import Bytes
import MatrixTypes
import Megolm
import Testing

/// A message shows its index and its session's signature without any key.
@Suite struct MessageTests {
    @Test(
        "The index is read from the message",
        arguments: [
            (MadeSession.messageAt0, 0), (MadeSession.messageAt130, 130),
            (MadeSession.messageAt255, 255), (MadeSession.messageAt256, 256),
            (MadeSession.messageAt300, 300), (LibolmSession.messageAt0, 0),
            (JavaScriptSession.messageAt0, 0),
        ] as [(String, UInt32)])
    func index(_ text: String, _ index: UInt32) throws {
        #expect(try MegolmMessage(ciphertext: text).index.value == index)
        #expect(try MegolmMessage(ciphertext: text + "==").index.value == index)
    }

    @Test(
        "A message is signed by its own session and by no other",
        arguments: [
            (MadeSession.messageAt0, MadeSession.sessionID),
            (MadeSession.messageAt300, MadeSession.sessionID),
            (LibolmSession.messageAt0, LibolmSession.sessionID),
            (JavaScriptSession.messageAt0, JavaScriptSession.sessionID),
        ])
    func signature(_ text: String, _ sessionID: String) throws {
        let message = try MegolmMessage(ciphertext: text)
        for id in [
            MadeSession.sessionID, LibolmSession.sessionID, JavaScriptSession.sessionID,
        ] {
            #expect(try message.isSigned(by: SessionID(id)) == (id == sessionID))
        }
    }

    @Test("A message that libolm opens under a small-order key is not signed by it")
    func forged() throws {
        let message = try MegolmMessage(ciphertext: ForgedSession.message)
        let identity = try SessionID("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        #expect(!message.isSigned(by: identity))
    }

    @Test("A message with one bit changed is malformed or not signed", arguments: 0..<173)
    func changed(_ offset: Int) throws {
        var bytes = try decoded(MadeSession.messageAt0)
        try #require(bytes.count == 173)
        bytes[offset] ^= 0x01
        let session = try SessionID(MadeSession.sessionID)
        let message = try? MegolmMessage(ciphertext: UnpaddedBase64.encode(bytes))
        #expect(message?.isSigned(by: session) != true)
    }

    @Test("A signature with the group's order added to S, which libolm accepts, is refused")
    func malleable() throws {
        var bytes = try decoded(MadeSession.messageAt0)
        let order = try #require(
            bytesOf("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        var carry = 0
        for offset in 0..<32 {
            let sum = Int(bytes[bytes.count - 32 + offset]) + Int(order[offset]) + carry
            bytes[bytes.count - 32 + offset] = UInt8(sum & 0xff)
            carry = sum >> 8
        }
        try #require(carry == 0)
        let text = UnpaddedBase64.encode(bytes)
        let session = try SessionID(MadeSession.sessionID)
        #expect(try !MegolmMessage(ciphertext: text).isSigned(by: session))
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0))
        #expect(throws: MegolmError.badSignature) { try Opened(text, key) }
        // libolm by itself opens it: this is why the check stands before libolm.
        let libolm = try InboundGroupSession(ExportedSessionKey(MadeSession.exportAt0))
        #expect(throws: Never.self) { _ = try libolm.decrypt(Array(text.utf8).span) }
    }

    // MARK: Form

    struct Form: Sendable, CustomTestStringConvertible {
        let what: String
        let fields: [UInt8]
        let version: UInt8
        let index: UInt32?

        init(_ what: String, _ fields: [UInt8], version: UInt8 = 3, index: UInt32? = nil) {
            self.what = what
            self.fields = fields
            self.version = version
            self.index = index
        }

        var text: String {
            UnpaddedBase64.encode([version] + fields + [UInt8](repeating: 9, count: 72))
        }

        var testDescription: String { what }
    }

    private static let body: [UInt8] = [0x12, 16] + [UInt8](repeating: 5, count: 16)

    static let good = [
        Form("index 0", [0x08, 0] + body, index: 0),
        Form("index 127", [0x08, 0x7f] + body, index: 127),
        Form("index 128", [0x08, 0x80, 1] + body, index: 128),
        Form("index 16384", [0x08, 0x80, 0x80, 1] + body, index: 16384),
        Form("the highest index", [0x08, 0xff, 0xff, 0xff, 0xff, 0x0f] + body, index: .max),
        Form("the ciphertext first", body + [0x08, 5], index: 5),
        Form("an unknown number", [0x18, 0x96, 0x01, 0x08, 5] + body, index: 5),
        Form("unknown bytes", [0x1a, 3, 0x08, 1, 2, 0x08, 5] + body, index: 5),
        Form("an unknown field behind", [0x08, 5] + body + [0x1a, 0], index: 5),
    ]

    @Test("A well-formed message is read", arguments: good)
    func wellFormed(_ form: Form) throws {
        #expect(try MegolmMessage(ciphertext: form.text).index.value == form.index)
    }

    static let malformedForms = [
        Form("nothing", []),
        Form("version 2", [0x08, 0] + body, version: 2),
        Form("version 4", [0x08, 0] + body, version: 4),
        Form("no index", body),
        Form("no ciphertext", [0x08, 0]),
        Form("the index twice", [0x08, 0, 0x08, 0] + body),
        Form("the index twice, ciphertext between", [0x08, 0] + body + [0x08, 1]),
        Form("the ciphertext twice", [0x08, 0] + body + body),
        Form("an empty ciphertext", [0x08, 0, 0x12, 0]),
        Form("a ciphertext of 15 bytes", [0x08, 0, 0x12, 15] + [UInt8](repeating: 5, count: 15)),
        Form("a ciphertext of 17 bytes", [0x08, 0, 0x12, 17] + [UInt8](repeating: 5, count: 17)),
        Form("a count beyond the end", [0x08, 0, 0x12, 32] + [UInt8](repeating: 5, count: 16)),
        Form(
            "a count beyond everything",
            [0x08, 0, 0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f] + body),
        Form("an index above 32 bits", [0x08, 0x80, 0x80, 0x80, 0x80, 0x10] + body),
        Form("an index in too many bytes", [0x08, 0x85, 0x00] + body),
        Form("an index in six bytes", [0x08, 0x85, 0x80, 0x80, 0x80, 0x80, 0x00] + body),
        Form("a tag in too many bytes", [0x88, 0x00, 5] + body),
        Form("an endless number", [0x08] + [UInt8](repeating: 0x80, count: 40) + body),
        Form("a cut number", body + [0x08, 0x80]),
        Form("a cut tag", [0x08, 0] + body + [0x80]),
        Form("a tag without its value", [0x08, 0] + body + [0x18]),
        Form("an index given as bytes", [0x0a, 1, 0] + body),
        Form("a fixed 64-bit field", [0x08, 0] + body + [0x19, 1, 2, 3, 4, 5, 6, 7, 8]),
        Form("a fixed 32-bit field", [0x08, 0] + body + [0x1d, 1, 2, 3, 4]),
        Form("a group", [0x08, 0] + body + [0x1b, 0x1c]),
    ]

    @Test("A malformed message is refused", arguments: malformedForms)
    func malformed(_ form: Form) {
        #expect(throws: MegolmError.malformedMessage) { try MegolmMessage(ciphertext: form.text) }
    }

    @Test("A message cut anywhere is refused or not signed", arguments: 0..<173)
    func cut(_ count: Int) throws {
        let bytes = try decoded(MadeSession.messageAt0)
        let session = try SessionID(MadeSession.sessionID)
        let message = try? MegolmMessage(
            ciphertext: UnpaddedBase64.encode(Array(bytes.prefix(count))))
        #expect(message?.isSigned(by: session) != true)
    }

    @Test(
        "Text that is not base64 is no message",
        arguments: [
            "", "=", "Aw", "!" + MadeSession.messageAt0, MadeSession.messageAt0 + "\n",
            " " + MadeSession.messageAt0, MadeSession.messageAt0.replacing("+", with: "-"),
            MadeSession.messageAt0 + "A", "=" + MadeSession.messageAt0,
        ])
    func notBase64(_ text: String) {
        #expect(throws: MegolmError.malformedMessage) { try MegolmMessage(ciphertext: text) }
    }
}
