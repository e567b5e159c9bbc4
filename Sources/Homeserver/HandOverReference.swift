package import Bytes
package import MatrixTypes
package import StrictJSON

/// What an event says of a sealed file that lies in the media repository (`formats/invite.md`).
///
/// No key material, and nothing that is believed: the sealed file is authenticated by itself.
package struct HandOverReference: Hashable, Sendable {
    /// The member of an invite's content, and the type of an event of its own.
    package static let name = "dev.heirloom.hand_over"
    private static let version: Int64 = 1

    package let media: MediaAddress
    /// The sealed file's size.
    package let byteCount: Int
    /// BLAKE2b-256 of the sealed file.
    package let digest: Bytes32
    /// The bundle's id, 32 lower-case hexadecimal digits.
    package let bundleID: String
    /// The room that the keys are of; only events of another room say it.
    package let roomID: RoomID?

    package init(
        media: MediaAddress, byteCount: Int, digest: Bytes32, bundleID: String,
        roomID: RoomID? = nil
    ) {
        self.media = media
        self.byteCount = byteCount
        self.digest = digest
        self.bundleID = bundleID
        self.roomID = roomID
    }

    /// Reads the member's value; `nil` for anything else, such as a later version.
    package init?(_ value: JSONValue) {
        guard value["v"]?.integer == Self.version,
            let media = value["url"]?.text.flatMap(MediaAddress.init),
            let size = value["size"]?.integer, size > 0,
            let digest = value["blake2b"]?.text.flatMap(UnpaddedBase64.decode32),
            let bundle = value["bundle"]?.text, bundle.utf8.count == 32,
            bundle.utf8.allSatisfy({
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            })
        else { return nil }
        var room: RoomID?
        if let text = value["room_id"]?.text {
            guard let named = try? RoomID(text) else { return nil }
            room = named
        }
        self.init(
            media: media, byteCount: Int(size), digest: digest, bundleID: bundle, roomID: room)
    }

    /// The member's value.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "v": .integer(Self.version), "url": .string(media.text),
            "size": .integer(Int64(byteCount)),
            "blake2b": .string(UnpaddedBase64.encode(digest.array)), "bundle": .string(bundleID),
        ]
        if let roomID { members["room_id"] = .string(roomID.text) }
        return .object(members)
    }
}
