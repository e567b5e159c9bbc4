import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Secrets

/// Whose device keys came with a room key bundle, their signature verified.
public struct BundleSenderReport: Encodable, Equatable, Sendable {
    /// The Matrix user, by the device's own word.
    public let user: String
    /// The device.
    public let device: String
    /// The device's Ed25519 key, unpadded base64: what to compare with the sender.
    public let ed25519: String
    /// The room that the bundle is said to be of.
    public let room: String
}

extension KeyFile {
    /// Reads a room key bundle that is an encrypted attachment.
    ///
    /// - Parameter keyPath: the `EncryptedFile` object, or the decrypted event that brought it.
    /// - Returns: who sent it, where the event says.
    func readAttachment(
        _ wish: RoomKeyEntries.Wish, key keyPath: String, report tally: inout KeyFileReport,
        _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) -> BundleSenderReport? {
        let file = try carrying(.collect, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: KeyFileLimits.fileByteCount)
        }
        let event = try self.event(keyPath)
        // Keys of other rooms than the event names are not its to bring.
        let named = event.sender?.roomID
        if let named, let wanted = wish.roomID, named != wanted {
            throw HeirloomError(
                .collect, .wrongRoom,
                "\(keyPath.shown): it is of room \(named.text.shown), not of \(wanted.text.shown)")
        }
        let wish = RoomKeyEntries.Wish(
            roomID: named ?? wish.roomID, indexLimit: wish.indexLimit)
        let source = reporting(file)
        let plaintext = try collecting(path) { () throws(KeyFormatError) in
            try Attachment.open(source, with: event.file)
        }
        tally.kind = .roomKeyBundle
        try read(plaintext, layout: .bundle, wish, report: &tally, body)
        return event.sender.map {
            BundleSenderReport(
                user: $0.device.userID, device: $0.device.deviceID,
                ed25519: UnpaddedBase64.encode($0.device.ed25519.array), room: $0.roomID.text)
        }
    }

    private func event(_ keyPath: String) throws(HeirloomError) -> KeyBundleEvent {
        let limit = 64 << 10
        let file = try carrying(.collect, keyPath) { () throws(CarrierError) in
            try InputFile(path: keyPath, rules: .pipesInMemory, limit: limit)
        }
        var text = try moving(.collect, keyPath) { () throws(StreamError) in
            try file.readSecret(upTo: limit)
        }
        do throws(KeyFormatError) {
            var span = text.mutableBytes
            return try KeyBundleEvent.read(&span)
        } catch {
            throw HeirloomError(collecting: error, from: keyPath)
        }
    }
}
