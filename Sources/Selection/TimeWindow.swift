/// A stretch of a room's time, both ends included, in milliseconds since 1970.
package struct TimeWindow: Hashable, Sendable {
    /// `nil` is the room's beginning.
    package let since: UInt64?
    /// `nil` is open.
    package let until: UInt64?

    /// `nil` for a window that ends before it begins.
    package init?(since: UInt64?, until: UInt64?) {
        if let since, let until, since > until { return nil }
        self.since = since
        self.until = until
    }

    /// Whether a time lies inside.
    package func contains(_ time: UInt64) -> Bool {
        (since.map { time >= $0 } ?? true) && (until.map { time <= $0 } ?? true)
    }
}
