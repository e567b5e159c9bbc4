package import MatrixTypes

/// How much of a stranger's numbers is borne.
package struct BundleLimits: Sendable {
    /// The most sessions any bundle may have, whatever is asked for.
    package static let hardRecordCount = 6_000_000

    /// The most sessions, and the most withheld entries.
    package let recordCount: Int
    /// The highest first index of a session.
    package let firstIndex: MessageIndex
    /// The longest a hand-over may live from making to expiry.
    package let lifetimeMilliseconds: UInt64

    /// How far ahead of the clock here a bundle's clock may be.
    package static let clockSkewMilliseconds: UInt64 = 10 * 60_000
    /// How long a hand-over lives unless told otherwise.
    package static let usualLifetimeMilliseconds: UInt64 = 30 * 86_400_000
    /// A clock before 2024-01-01T00:00:00Z is wrong: this format is younger.
    package static let earliestClockMilliseconds: UInt64 = 1_704_067_200_000

    /// - Parameter recordCount: the most sessions, and the most withheld entries; at most
    ///   `hardRecordCount` counts.
    package init(
        recordCount: Int = 200_000, firstIndex: MessageIndex = .usualLimit,
        lifetimeMilliseconds: UInt64 = 90 * 86_400_000
    ) {
        self.recordCount = min(recordCount, Self.hardRecordCount)
        self.firstIndex = firstIndex
        self.lifetimeMilliseconds = lifetimeMilliseconds
    }

    /// Refuses a hand-over that lives too long; an archive may live for ever.
    func checkLifetime(of manifest: BundleManifest) throws(BundleError) {
        guard manifest.purpose == .handover else { return }
        let lifetime = manifest.expiresMilliseconds - manifest.createdMilliseconds
        guard lifetime <= lifetimeMilliseconds else {
            throw .lifetimeTooLong(milliseconds: lifetime, limit: lifetimeMilliseconds)
        }
    }
}
