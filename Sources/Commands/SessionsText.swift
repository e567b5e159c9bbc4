import Heirloom

/// Verdicts in words: one line a session in a plan, one line a reason otherwise.
struct SessionsText {
    private struct Group: Hashable {
        let verdict: String
        let reason: String
    }

    private let sessions: [SessionReport]

    init(_ sessions: [SessionReport]) {
        self.sessions = sessions
    }

    func tell(isPlan: Bool) {
        if isPlan {
            for session in sessions { tell(session) }
        } else {
            tellGroups()
        }
    }

    private func tell(_ session: SessionReport) {
        let index = session.firstKnownIndex.map { " from \($0)" } ?? ""
        Output.talk("  \(session.verdict)  \(session.sessionID)\(index)  \(session.reason.shown)")
    }

    private func tellGroups() {
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
