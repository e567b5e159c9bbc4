package import MatrixTypes
package import Secrets

/// What a reader will take: from whom it was opened, when, of which room, and what came before.
package struct BundleExpectation {
    /// The public half of the key that opened the seal.
    package let recipient: X25519.PublicKey
    /// The time now, in milliseconds since 1970.
    package let nowMilliseconds: UInt64
    /// The room asked for; `nil` where a person has been shown the manifest's room and agreed.
    package let roomID: RoomID?
    package let purpose: BundlePurpose
    package let limits: BundleLimits
    /// Whether a bundle of this id was taken in before.
    package let isSeen: (BundleID) -> Bool

    package init(
        recipient: X25519.PublicKey, nowMilliseconds: UInt64, roomID: RoomID?,
        purpose: BundlePurpose = .handover, limits: BundleLimits = BundleLimits(),
        isSeen: @escaping (BundleID) -> Bool
    ) {
        self.recipient = recipient
        self.nowMilliseconds = nowMilliseconds
        self.roomID = roomID
        self.purpose = purpose
        self.limits = limits
        self.isSeen = isSeen
    }

    /// Throws the first objection, in the order that `SignedBundle.accepted(by:)` promises.
    func check(_ manifest: BundleManifest) throws(BundleError) {
        // The key that opened the seal, and no other one of this reader's, must be named: else a
        // recipient could seal the bundle on as though its signer had.
        guard manifest.audience.contains(AudienceHash(of: recipient, bundle: manifest.id)) else {
            throw .notInAudience
        }
        guard manifest.purpose == purpose else {
            throw .otherPurpose(expected: purpose, actual: manifest.purpose)
        }
        try checkTimes(of: manifest)
        guard !isSeen(manifest.id) else { throw .alreadySeen(manifest.id) }
        if let roomID, manifest.roomID != roomID {
            throw .otherRoom(expected: roomID, actual: manifest.roomID)
        }
    }

    private func checkTimes(of manifest: BundleManifest) throws(BundleError) {
        let now = nowMilliseconds
        guard now >= BundleLimits.earliestClockMilliseconds else { throw .clockTooEarly(now: now) }
        let created = manifest.createdMilliseconds
        guard created <= now || created - now <= BundleLimits.clockSkewMilliseconds else {
            throw .notYetMade(created: created, now: now)
        }
        let expires = manifest.expiresMilliseconds
        let neverExpires = expires == 0 && manifest.purpose == .archive
        guard neverExpires || expires >= now else { throw .expired(expires: expires, now: now) }
        try limits.checkLifetime(of: manifest)
    }
}
