package import MatrixTypes

/// What a bundle's signer puts the signature to: who gives the keys of which room to whom, for which
/// time, and against which advice.
///
/// ```
///   1    suite = 1
///   1    purpose: 1 hand-over, 2 archive
///  16    bundle id
///   8    created, ms since 1970
///   8    expires, ms since 1970; 0 = never, in an archive only
///   2+n  signer's claimed user id, may be empty
///   2+n  signer's claimed device id, may be empty
///   1    audience count k, 1 … 32
///  32·k  audience hashes, strictly ascending
///   2+n  room id
///   8    window from, ms; 0 = the beginning
///   8    window to, ms; 2⁶⁴ − 1 = open
///   1    visibility basis: 0 unknown, 1 world_readable, 2 shared, 3 invited, 4 joined
///   2+n  event id of that m.room.history_visibility, may be empty
///   4    overrides: how many sessions carry the mark `override`
///   2+n  the reason for them, empty exactly when there are none
/// [ 72   archive only: see `ArchiveLink` ]
/// ```
package struct BundleManifest: Hashable, Sendable {
    package static let suite: UInt8 = 1

    package let purpose: BundlePurpose
    package let id: BundleID
    /// When the bundle was made, in milliseconds since 1970.
    package let createdMilliseconds: UInt64
    /// Until when it may be taken in, in milliseconds since 1970; 0 in an archive is for ever.
    package let expiresMilliseconds: UInt64
    /// The Matrix user that the signer claims to be.
    package let signerUserID: UserID?
    package let signerDeviceID: DeviceID?
    package let audience: [AudienceHash]
    package let roomID: RoomID
    package let window: BundleWindow
    /// The room's history visibility that the signer judged by; `nil` where it was not known.
    package let visibilityBasis: HistoryVisibility?
    package let visibilityEventID: EventID?
    package let overrideCount: UInt32
    package let overrideReason: String
    /// Present exactly in an archive.
    package let archiveLink: ArchiveLink?

    /// Takes the parts, if they fit together.
    ///
    /// - Parameters:
    ///   - audience: 1 to 32 hashes, strictly ascending, as `AudienceHash.list` gives them.
    ///   - overrideCount: how many sessions will carry the mark `override`.
    ///   - overrideReason: printable, at most 255 bytes; empty exactly when there are no overrides.
    /// - Throws: `BundleError.malformed` with the part that does not fit.
    package init(
        purpose: BundlePurpose = .handover, id: BundleID, createdMilliseconds: UInt64,
        expiresMilliseconds: UInt64, signerUserID: UserID? = nil, signerDeviceID: DeviceID? = nil,
        audience: [AudienceHash], roomID: RoomID, window: BundleWindow = .whole,
        visibilityBasis: HistoryVisibility? = nil, visibilityEventID: EventID? = nil,
        overrideCount: UInt32 = 0, overrideReason: String = "", archiveLink: ArchiveLink? = nil
    ) throws(BundleError) {
        let isEndless = expiresMilliseconds == 0
        guard isEndless ? purpose == .archive : expiresMilliseconds >= createdMilliseconds else {
            throw .malformed(.expires)
        }
        guard (1...BundleFormat.maximumAudienceCount).contains(audience.count),
            zip(audience, audience.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw .malformed(.audience) }
        guard overrideReason.isEmpty == (overrideCount == 0), overrideReason.isPrintable,
            overrideReason.utf8.count <= BundleFormat.maximumTextByteCount
        else { throw .malformed(.overrideReason) }
        guard (archiveLink != nil) == (purpose == .archive) else { throw .malformed(.archiveLink) }
        self.purpose = purpose
        self.id = id
        self.createdMilliseconds = createdMilliseconds
        self.expiresMilliseconds = expiresMilliseconds
        self.signerUserID = signerUserID
        self.signerDeviceID = signerDeviceID
        self.audience = audience
        self.roomID = roomID
        self.window = window
        self.visibilityBasis = visibilityBasis
        self.visibilityEventID = visibilityEventID
        self.overrideCount = overrideCount
        self.overrideReason = overrideReason
        self.archiveLink = archiveLink
    }
}
