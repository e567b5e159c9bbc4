import Bytes
package import MatrixTypes
import StrictJSON

/// The key to a room key bundle, and who is said to have sent it (MSC4268; Matrix spec 1.19,
/// `m.room_key_bundle`).
///
/// Read from the decrypted to-device event, or from the bare `EncryptedFile` object. The event's device
/// keys must verify and be the sender's; that the event came through the sender's Olm channel is
/// something only the client knows that decrypted it.
package struct KeyBundleEvent: Sendable {
    /// Who sent the bundle, by their own device's signature.
    package struct Sender: Hashable, Sendable {
        /// The device's keys, verified.
        package let device: SignedDeviceKeys
        /// The room that the bundle is said to be of.
        package let roomID: RoomID
    }

    /// What opens the attachment.
    package let file: EncryptedFile
    /// `nil` for a bare `EncryptedFile`.
    package let sender: Sender?

    private static let types = [
        Array("m.room_key_bundle".utf8), Array("io.element.msc4268.room_key_bundle".utf8),
    ]

    /// Reads either form; `text` holds the attachment's key, and escapes are undone in it.
    ///
    /// - Throws: `KeyFormatError.notAnAttachmentKey`, `.unknownAttachmentVersion`, `.badDeviceKeys`.
    package static func read(
        _ text: inout MutableSpan<UInt8>
    ) throws(KeyFormatError) -> KeyBundleEvent {
        guard let event = try? JSONObject(text.span) else { throw .notAnAttachmentKey }
        guard let content = event.value("content", in: text.span) else {
            return KeyBundleEvent(file: try EncryptedFile.read(&text), sender: nil)
        }
        guard let type = text.string("type", of: event), types.contains(type),
            content.kind == .object
        else { throw .notAnAttachmentKey }
        let device = try device(&text, of: event)
        var inner = text.slice(content.range)
        guard let object = try? JSONObject(inner.span) else { throw .notAnAttachmentKey }
        guard let room = inner.string("room_id", of: object),
            let roomID = try? RoomID(String(decoding: room, as: UTF8.self)),
            let place = object.value("file", in: inner.span), place.kind == .object
        else { throw .notAnAttachmentKey }
        var fileText = inner.slice(place.range)
        return KeyBundleEvent(
            file: try EncryptedFile.read(&fileText),
            sender: Sender(device: device, roomID: roomID))
    }

    /// The sender's device keys; an event without them is to be ignored.
    private static func device(
        _ text: inout MutableSpan<UInt8>, of event: JSONObject
    ) throws(KeyFormatError) -> SignedDeviceKeys {
        guard let keys = event.value("sender_device_keys", in: text.span) else {
            throw .badDeviceKeys
        }
        guard let object = try? JSONValue([UInt8](text.span.extracting(keys.range)).span) else {
            throw .badDeviceKeys
        }
        let device = try SignedDeviceKeys(object)
        guard let sender = text.string("sender", of: event),
            sender.elementsEqual(device.userID.utf8),
            let claimed = event.value("keys", in: text.span), claimed.kind == .object
        else { throw .badDeviceKeys }
        let claimedText = [UInt8](text.span.extracting(claimed.range))
        guard let claimedKeys = try? JSONValue(claimedText.span),
            claimedKeys["ed25519"]?.text.flatMap(UnpaddedBase64.decode32) == device.ed25519
        else { throw .badDeviceKeys }
        return device
    }
}
