import Heirloom

/// Verdicts in words: one line a session in a plan, one line a reason otherwise.
struct SessionsText {
    private struct Group: Hashable {
        let verdict: String
        let reason: String
    }

    /// Verdicts of sessions that nobody asked for.
    private static let unasked = ["outside-window", "not-requested"]

    private let sessions: [SessionReport]

    init(_ sessions: [SessionReport]) {
        self.sessions = sessions
    }

    func tell(isPlan: Bool) {
        if isPlan {
            // What was not asked for is only counted.
            let uninteresting = sessions.filter { Self.unasked.contains($0.verdict) }
            for session in sessions where !Self.unasked.contains(session.verdict) { tell(session) }
            tellGroups(uninteresting)
        } else {
            tellGroups(sessions)
        }
    }

    private func tell(_ session: SessionReport) {
        Output.talk("  \(session.verdict)  \(session.sessionID)  \(session.reason.shown)")
        var facts: [String] = []
        if let index = session.firstKnownIndex {
            let isWound = session.keyIndex.map { $0 < index } ?? false
            facts.append(isWound ? "wound forward to \(index)" : "from \(index)")
        }
        if !session.senders.isEmpty {
            facts.append("by \(session.senders.map(\.shown).joined(separator: " and "))")
        }
        if let first = session.firstAt, let last = session.lastAt {
            facts.append("opens \(session.opens) messages, \(first) to \(last)")
        }
        if let window = session.window, window.pastEnd > 0 {
            facts.append(
                "\(window.pastEnd) of them past the end, until \(window.pastEndUntil ?? "")")
        }
        facts.append(session.proof)
        Output.talk("      \(facts.joined(separator: ", "))")
        for event in session.evidence { Output.talk("      rests on \(event.shown)") }
        for event in session.lost { Output.talk("      stays closed: \(event.shown)") }
    }

    private func tellGroups(_ sessions: [SessionReport]) {
        var order: [Group] = []
        var counts: [Group: Int] = [:]
        for session in sessions {
            let group = Group(verdict: session.verdict, reason: session.reason)
            if counts[group] == nil { order.append(group) }
            counts[group, default: 0] += 1
        }
        for group in order {
            Output.talk("  \(group.verdict) \(counts[group] ?? 0): \(group.reason.shown)")
        }
    }
}
