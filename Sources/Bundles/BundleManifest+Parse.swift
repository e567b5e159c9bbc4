import Bytes
import MatrixTypes

extension BundleManifest {
    /// Reads a manifest frame's body, whose signature has been verified.
    ///
    /// What is accepted encodes to the same bytes again.
    ///
    /// - Throws: `BundleError.malformed` with the part that is not as the format has it.
    package init(parsing body: Span<UInt8>) throws(BundleError) {
        var reader = FieldReader(body)
        guard try reader.integer(of: .suite) == Self.suite else { throw .malformed(.suite) }
        guard let purpose = BundlePurpose(rawValue: try reader.integer(of: .purpose)) else {
            throw .malformed(.purpose)
        }
        guard let id = BundleID(try reader.bytes(BundleID.byteCount, of: .bundleID)) else {
            throw .malformed(.bundleID)
        }
        let created: UInt64 = try reader.integer(of: .created)
        let expires: UInt64 = try reader.integer(of: .expires)
        let signerUserID = try reader.identifier(of: .signerUserID, UserID.init)
        let signerDeviceID = try reader.identifier(of: .signerDeviceID, DeviceID.init)
        var audience: [AudienceHash] = []
        for _ in 0..<(try reader.integer(of: .audience, as: UInt8.self)) {
            audience.append(AudienceHash(bytes: try reader.bytes32(of: .audience)))
        }
        guard let roomID = try reader.identifier(of: .room, RoomID.init) else {
            throw .malformed(.room)
        }
        let window = BundleWindow(
            fromMilliseconds: try reader.integer(of: .window),
            toMilliseconds: try reader.integer(of: .window))
        guard let window else { throw .malformed(.window) }
        let visibility = try Self.visibility(code: try reader.integer(of: .visibilityBasis))
        let visibilityEventID = try reader.identifier(of: .visibilityEvent, EventID.init)
        let overrideCount: UInt32 = try reader.integer(of: .overrides)
        let overrideReason = try reader.text(of: .overrideReason)
        let archiveLink = purpose == .archive ? try ArchiveLink(from: &reader) : nil
        try reader.end(as: .manifestEnd)
        try self.init(
            purpose: purpose, id: id, createdMilliseconds: created, expiresMilliseconds: expires,
            signerUserID: signerUserID, signerDeviceID: signerDeviceID, audience: audience,
            roomID: roomID, window: window, visibilityBasis: visibility,
            visibilityEventID: visibilityEventID, overrideCount: overrideCount,
            overrideReason: overrideReason, archiveLink: archiveLink)
    }

    private static func visibility(code: UInt8) throws(BundleError) -> HistoryVisibility? {
        switch code {
        case 0: nil
        case 1: .worldReadable
        case 2: .shared
        case 3: .invited
        case 4: .joined
        default: throw .malformed(.visibilityBasis)
        }
    }
}
