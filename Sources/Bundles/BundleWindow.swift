/// The stretch of time a bundle was made for, both ends included, in milliseconds since 1970.
///
/// The signer's statement only: a session handed over opens everything after its first index, also
/// what lies beyond the window's end.
package struct BundleWindow: Hashable, Sendable {
    /// 0 is the room's beginning.
    package let fromMilliseconds: UInt64
    /// `UInt64.max` is open.
    package let toMilliseconds: UInt64

    /// The whole of a room's time.
    package static let whole = BundleWindow(from: 0, to: .max)

    private init(from: UInt64, to: UInt64) {
        fromMilliseconds = from
        toMilliseconds = to
    }

    /// `nil` for a window that ends before it begins.
    package init?(fromMilliseconds: UInt64, toMilliseconds: UInt64) {
        guard fromMilliseconds <= toMilliseconds else { return nil }
        self.init(from: fromMilliseconds, to: toMilliseconds)
    }
}
