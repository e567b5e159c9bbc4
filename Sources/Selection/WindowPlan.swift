package import MatrixTypes
package import RoomTimelines

/// Cuts sessions to a stretch of time, as far as Megolm allows.
///
/// The start is cut by winding the ratchet forward. The end cannot be cut: a session handed over
/// from message n opens everything after n. What runs past the end is counted, or left out whole.
package struct WindowPlan: Sendable {
    private let window: TimeWindow
    /// Whether sessions that run past the end are left out.
    private let isStrict: Bool

    package init(_ window: TimeWindow, isStrict: Bool = false) {
        self.window = window
        self.isStrict = isStrict
    }

    /// Whether messages are known and none of them lies inside: whatever the rules say of such a
    /// session, it was not asked for.
    package func excludes(_ messages: [SeenMessage]) -> Bool {
        !messages.isEmpty && !messages.contains { window.contains($0.timestamp) }
    }

    /// What becomes of one session whose key may open it from `start` on.
    ///
    /// - Parameter messages: all its known messages, ascending by index.
    package func cut(from start: MessageIndex, _ messages: [SeenMessage]) -> WindowCut {
        let reached = messages.filter { $0.index >= start }
        guard !reached.isEmpty else { return messages.isEmpty ? .unknownAge : .outside }
        // Nothing before the start may open. Where clocks and indices contradict each other, the
        // last message before it decides, not the first one after.
        var first = start
        if let since = window.since, let last = reached.last(where: { $0.timestamp < since }) {
            first = MessageIndex(last.index.value + 1)
        }
        let opened = reached.filter { $0.index >= first }
        let inside = opened.filter { window.contains($0.timestamp) }
        guard !inside.isEmpty else { return .outside }
        let past = opened.filter { message in window.until.map { message.timestamp > $0 } ?? false }
        let run = past.map(\.timestamp).max().map { PastEnd(messages: past.count, until: $0) }
        if run != nil, isStrict { return .leftOutForItsEnd }
        return .inside(WindowShare(start: first, inside: inside.count, pastEnd: run))
    }
}

/// What becomes of a session in a window.
package enum WindowCut: Hashable, Sendable {
    /// It goes, from an index on.
    case inside(WindowShare)
    /// None of its messages that the key may open lies inside.
    case outside
    /// It lies inside and runs past the end, which was ruled out.
    case leftOutForItsEnd
    /// No message of it is known, so nobody knows when it was used.
    case unknownAge
}

/// What a session gives to a window.
package struct WindowShare: Hashable, Sendable {
    /// The first message it opens.
    package let start: MessageIndex
    /// How many known messages it opens inside.
    package let inside: Int
    /// What it opens beyond the end.
    package let pastEnd: PastEnd?
}

/// How far a session runs past a window's end.
package struct PastEnd: Hashable, Sendable {
    /// How many known messages it opens there.
    package let messages: Int
    /// The time of the last of them, milliseconds since 1970.
    package let until: UInt64
}
