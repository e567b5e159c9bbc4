import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

/// An event opens only under its session's true key, from that key's index on, in its own room.
@Suite struct DecryptionTests {
    struct Opening: Sendable, CustomTestStringConvertible {
        let what: String
        let key: String
        let message: String
        let index: UInt32
        let room: String
        let plaintext: String
        var testDescription: String { what }
    }

    private static func made(_ what: String, _ key: String, _ message: String, _ index: UInt32)
        -> Opening
    {
        Opening(
            what: what, key: key, message: message, index: index, room: MadeSession.roomID,
            plaintext: MadeSession.plaintext)
    }

    static let openings = [
        made("0 by 0", MadeSession.exportAt0, MadeSession.messageAt0, 0),
        made("130 by 0", MadeSession.exportAt0, MadeSession.messageAt130, 130),
        made("130 by 1", MadeSession.exportAt1, MadeSession.messageAt130, 130),
        made("130 by 130", MadeSession.exportAt130, MadeSession.messageAt130, 130),
        made("255 by 0", MadeSession.exportAt0, MadeSession.messageAt255, 255),
        made("256 by 256", MadeSession.exportAt256, MadeSession.messageAt256, 256),
        made("300 by 0", MadeSession.exportAt0, MadeSession.messageAt300, 300),
        made("300 by 256", MadeSession.exportAt256, MadeSession.messageAt300, 300),
        Opening(
            what: "the JavaScript SDK's event", key: JavaScriptSession.exportAt0,
            message: JavaScriptSession.messageAt0, index: 0, room: JavaScriptSession.roomID,
            plaintext: JavaScriptSession.plaintext),
    ]

    @Test("A message opens under a key from its index or before", arguments: openings)
    func opens(_ opening: Opening) throws {
        let key = try roomKey(ExportedSessionKey(opening.key), room: opening.room)
        let opened = try Opened(opening.message, key)
        #expect(opened.plaintext == opening.plaintext)
        #expect(opened.index == opening.index)
    }

    @Test("Padding behind a message is tolerated")
    func padding() throws {
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0))
        let opened = try Opened(MadeSession.messageAt0 + "==", key)
        #expect(opened.plaintext == MadeSession.plaintext)
    }

    @Test(
        "A message from before the key's first index does not open",
        arguments: [
            (MadeSession.exportAt256, MadeSession.messageAt255, 255, 256),
            (MadeSession.exportAt256, MadeSession.messageAt0, 0, 256),
            (MadeSession.exportAt1, MadeSession.messageAt0, 0, 1),
            (MadeSession.exportAt1000, MadeSession.messageAt300, 300, 1000),
        ] as [(String, String, UInt32, UInt32)])
    func tooEarly(_ key: String, _ message: String, asked: UInt32, first: UInt32) throws {
        let key = try roomKey(ExportedSessionKey(key))
        #expect(throws: MegolmError.unknownIndex(asked: asked, firstKnown: first)) {
            try Opened(message, key)
        }
    }

    @Test("A message does not open under another session's key")
    func otherSession() throws {
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0), room: "!room:id")
        #expect(throws: MegolmError.badSignature) { try Opened(JavaScriptSession.messageAt0, key) }
    }

    @Test("A message does not open under its session's id with another ratchet", arguments: 0..<4)
    func otherRatchet(part: Int) throws {
        let key = try ExportedSessionKey(MadeSession.exportAt0).altered(parts: [part])
        #expect(throws: MegolmError.badMAC) { try Opened(MadeSession.messageAt0, roomKey(key)) }
    }

    @Test("A key whose R3 is spoilt at 0 opens from 256 on and not before")
    func spoiltR3() throws {
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0).altered(parts: [3]))
        #expect(throws: MegolmError.badMAC) { try Opened(MadeSession.messageAt255, key) }
        #expect(try Opened(MadeSession.messageAt256, key).plaintext == MadeSession.plaintext)
    }

    @Test("A signed message with a false MAC does not open")
    func falseMAC() throws {
        var bytes = try decoded(MadeSession.messageAt0)
        bytes.removeLast(64)
        bytes[bytes.count - 1] ^= 1
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0))
        #expect(throws: MegolmError.badMAC) { try Opened(signedMessage(bytes), key) }
    }

    @Test("The true message, signed here again, opens: the helper signs rightly")
    func signedAgain() throws {
        var bytes = try decoded(MadeSession.messageAt0)
        bytes.removeLast(64)
        #expect(signedMessage(bytes) == MadeSession.messageAt0)
    }

    @Test(
        "A message in another room is refused, whatever its content says",
        arguments: [
            (MadeSession.messageAt0, "!q:example.org"), (MadeSession.messageAt0, "!R:example.org"),
            (MadeSession.messageAt0, "!r:example.org2"), (MadeSession.messageAt0, "!r"),
            (MadeSession.otherRoomAt8, "!r:example.org"),
            (MadeSession.decomposedRoomAt1, "!\u{e9}:example.org"),
        ])
    func otherRoom(_ message: String, _ room: String) throws {
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0), room: room)
        #expect(throws: MegolmError.otherRoom) { try Opened(message, key) }
    }

    @Test(
        "A room is recognised however JSON spells it",
        arguments: [
            (MadeSession.escapedRoomAt2, "!r:example.org"),
            (MadeSession.decomposedRoomAt1, "!e\u{301}:example.org"),
            (MadeSession.otherRoomAt8, "!q:example.org"),
        ])
    func sameRoom(_ message: String, _ room: String) throws {
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0), room: room)
        #expect(try Opened(message, key).plaintext.contains("room_id"))
    }

    @Test(
        "A plaintext that does not name one room is no event",
        arguments: [
            MadeSession.noRoomAt3, MadeSession.numberForRoomAt4, MadeSession.twoRoomsAt5,
            MadeSession.arrayAt6, MadeSession.emptyAt7,
        ])
    func noEvent(_ message: String) throws {
        let key = try roomKey(ExportedSessionKey(MadeSession.exportAt0))
        #expect(throws: MegolmError.malformedPlaintext) { try Opened(message, key) }
    }

    @Test("libolm's own message opens, and is no event")
    func libolm() throws {
        let signed = try decoded(LibolmSession.signed)
        let key = try SessionKey.export(bytes: signed.span)
        let session = try InboundGroupSession(key)
        let plaintext = try session.decrypt(Array(LibolmSession.messageAt0.utf8).span)
        #expect(String(decoding: [UInt8](plaintext.bytes), as: UTF8.self) == "Message")
        #expect(throws: MegolmError.malformedPlaintext) {
            try Opened(LibolmSession.messageAt0, roomKey(key))
        }
    }

    @Test("What a message is read from stays as it was, and opens again")
    func inputIsKept() throws {
        let text = Array(MadeSession.messageAt130.utf8)
        let copy = text.map { $0 }
        let session = try InboundGroupSession(ExportedSessionKey(MadeSession.exportAt0))
        for _ in 0..<2 {
            let plaintext = try session.decrypt(text.span)
            #expect(
                String(decoding: [UInt8](plaintext.bytes), as: UTF8.self) == MadeSession.plaintext)
            #expect(text == copy)
        }
        // An earlier message opens after a later one, and an export after both.
        _ = try session.decrypt(Array(MadeSession.messageAt0.utf8).span)
        #expect(try session.export(at: .zero).text == MadeSession.exportAt0)
        #expect(try session.export(at: MessageIndex(256)).text == MadeSession.exportAt256)
        #expect(try session.export(at: MessageIndex(1)).text == MadeSession.exportAt1)
    }

    @Test("Events of real clients open", arguments: RealEvent.all)
    func real(_ event: RealEvent) throws {
        let key = try ExportedSessionKey(event.key)
        #expect(key.sessionID.text == event.sessionID)
        let opened = try Opened(event.ciphertext, roomKey(key, room: RealEvent.roomID))
        #expect(opened.index == event.index)
        #expect(try PlainEvent(opened.plaintext).content.body == event.body)
        #expect(throws: MegolmError.otherRoom) { try Opened(event.ciphertext, roomKey(key)) }
    }
}
