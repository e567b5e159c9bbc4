import Bytes
import Foundation
import KeyFormats
import MatrixTypes
import Secrets
import StrictJSON
import TestSupport
import Testing

/// Room key bundles as encrypted attachments, and the device keys that come with one.
@Suite struct AttachmentTests {
    // MARK: Attachments

    @Test("the Rust SDK's vector: R-AT") func rustVector() throws {
        let ciphertext = hex("b39a767fba7f6e21cb2121864364ad2eeb1bd7ac241a4b2f21a0")
        let text = try opened(ciphertext, try CorpusFolder.bytes("R-AT.json"))
        #expect(text == Array("It's a secret to everybody".utf8))
    }

    @Test func whatTheRustSDKSentIsReadWhole() throws {
        let plaintext = try opened(
            try CorpusFolder.bytes("rust-sdk.bundle.bin"),
            try CorpusFolder.bytes("rust-sdk.bundle.event.json"))
        // The file beside it is the same JSON, laid out for people.
        let expected = try CorpusFolder.bytes("rust-sdk.bundle.json")
        #expect(try JSONValue(plaintext.span) == JSONValue(expected.span))
    }

    @Test func theSenderIsWhoseDeviceSigned() throws {
        let event = try read(try CorpusFolder.bytes("rust-sdk.bundle.event.json"))
        let sender = try #require(event.sender)
        #expect(sender.device.userID == "@carol:hs.test")
        #expect(sender.device.deviceID == "CAROLDEV")
        #expect(
            UnpaddedBase64.encode(sender.device.ed25519.array)
                == "SaufpdprO1tDMTCWM5P0GwVJyFTi4Z0i8C8AvqQB/k8")
        #expect(sender.roomID.text == "!DaoXyIGZ0GBJ57Ez8YZdU8r02QiAbwyANJVYDZT4q30")
    }

    @Test("what is written is read", arguments: [0, 1, 17, 70_000])
    func written(_ byteCount: Int) throws {
        let plaintext = FixedRandomSource.bytes(byteCount, number: 3)
        let sink = MemorySink()
        var random = FixedRandomSource(number: 4)
        let writer = AttachmentWriter(to: sink, random: &random)
        for piece in stride(from: 0, to: byteCount, by: 999) {
            try writer.write(Array(plaintext[piece..<min(piece + 999, byteCount)]))
        }
        let key = try writer.finish()
        let json = [UInt8](key.bytes)
        #expect(byteCount < 8 || sink.bytes != plaintext)
        #expect(try opened(sink.bytes, json) == plaintext)
        let object = try JSONValue(json.span)
        #expect(object["v"]?.text == "v2")
        #expect(object["key"]?["alg"]?.text == "A256CTR")
        #expect(object["key"]?["k"]?.text?.contains { "+/=".contains($0) } == false)
        #expect(object["iv"]?.text?.hasSuffix("AAAAAAAAAAA") == true)
    }

    @Test func aChangedAttachmentGivesNothing() throws {
        var ciphertext = try CorpusFolder.bytes("rust-sdk.bundle.bin")
        let key = try CorpusFolder.bytes("rust-sdk.bundle.event.json")
        ciphertext[100] ^= 1
        #expect(throws: KeyFormatError.attachmentDamaged) { _ = try opened(ciphertext, key) }
        #expect(throws: KeyFormatError.attachmentDamaged) {
            _ = try opened(Array(ciphertext.dropLast()), key)
        }
    }

    @Test(
        "keys that are none",
        arguments: [
            (#""v":"v2""#, #""v":"v1""#, KeyFormatError.unknownAttachmentVersion),
            (#""v":"v2""#, #""w":"v2""#, .notAnAttachmentKey),
            (#""alg":"A256CTR""#, #""alg":"A256GCM""#, .notAnAttachmentKey),
            (#""kty":"oct""#, #""kty":"RSA""#, .notAnAttachmentKey),
            (#""k":"V"#, #""k":"!"#, .notAnAttachmentKey),
            (#""iv":"i0"#, #""iv":"i"#, .notAnAttachmentKey),
            (#""sha256":"#, #""sha512":"#, .notAnAttachmentKey),
            ("{", "[", .notAnAttachmentKey),
        ])
    func malformed(_ what: String, _ by: String, _ error: KeyFormatError) throws {
        var text = try CorpusFolder.text("R-AT.json")
        let range = try #require(text.range(of: what))
        text.replaceSubrange(range, with: by)
        #expect(throws: error) { _ = try read(Array(text.utf8)) }
    }

    // MARK: The event's device keys

    @Test(
        "an event whose device keys are not the sender's",
        arguments: [
            // Signed by another, changed after signing, left out, or of somebody else.
            ("r8mXUCCb", "r8mXUCCc"),
            ("\"device_id\": \"CAROLDEV\"", "\"device_id\": \"OTHERDEV\""),
            ("Dcr6Ybm7", "Dcr6Ybm8"), ("\"sender_device_keys\"", "\"sender_device_kex\""),
            ("\"sender\": \"@carol", "\"sender\": \"@mallory"),
            ("\"ed25519\": \"Sauf", "\"ed25519\": \"Saug"),
            ("\"user_id\": \"@carol", "\"user_id\": \"@mallory"),
        ])
    func forged(_ what: String, _ by: String) throws {
        var text = try CorpusFolder.text("rust-sdk.bundle.event.json")
        let range = try #require(text.range(of: what))
        text.replaceSubrange(range, with: by)
        #expect(throws: KeyFormatError.badDeviceKeys) { _ = try read(Array(text.utf8)) }
    }

    @Test func anEventOfAnotherTypeBringsNothing() throws {
        let text = try CorpusFolder.text("rust-sdk.bundle.event.json")
            .replacing("m.room_key_bundle", with: "m.room_key")
        #expect(throws: KeyFormatError.notAnAttachmentKey) { _ = try read(Array(text.utf8)) }
    }

    @Test("device keys of other implementations: S-XS, J-XS", arguments: ["S-XS", "J-XS"])
    func deviceKeys(_ name: String) throws {
        let bytes = try CorpusFolder.bytes("\(name).json")
        let answer = try JSONValue(bytes.span)
        let object = answer["device_keys"]?["@bob:example.org"]?["BOBDEV"] ?? answer
        let keys = try SignedDeviceKeys(object)
        #expect(keys.userID == (name == "S-XS" ? "@bob:example.org" : "@alice:localhost"))
        guard case .object(var members) = object else { return }
        members["algorithms"] = .array([])
        #expect(throws: KeyFormatError.badDeviceKeys) {
            _ = try SignedDeviceKeys(.object(members))
        }
        // What is not signed may change.
        members = object.members ?? [:]
        members["unsigned"] = .object(["device_display_name": .string("another")])
        #expect(try SignedDeviceKeys(.object(members)) == keys)
    }

    // MARK: Reading

    private func read(_ json: [UInt8]) throws -> KeyBundleEvent {
        var text = json
        var span = text.mutableSpan
        return try KeyBundleEvent.read(&span)
    }

    private func opened(_ ciphertext: [UInt8], _ json: [UInt8]) throws -> [UInt8] {
        let event = try read(json)
        let source = try Attachment.open(MemorySource(ciphertext), with: event.file)
        return try source.readAll(limit: 1 << 20)
    }
}
