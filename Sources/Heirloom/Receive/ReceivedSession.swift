import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines

/// One session of a bundle, and what is to become of it.
struct ReceivedSession: Sendable {
    /// What becomes of it; every session has exactly one of these.
    enum Fate: Hashable, Sendable {
        /// Not held before: taken from this index on.
        case new(from: MessageIndex)
        /// Held before from a later index on: taken from this one.
        case improved(from: MessageIndex)
        /// Held just so.
        case same
        /// Held from an earlier index on.
        case worse
        /// Contradicts what is held, or what real messages say.
        case conflicting
        /// Kept out until a message proves it.
        case quarantined
        /// Not taken in, by the rules.
        case refused
    }

    let key: RoomKey
    let judgement: Judgement
    let proof: SessionProof
    let fate: Fate
    /// What it opens of the room's known messages.
    var sight = SessionSight()
    var senders: [UserID] = []

    /// From where on it is taken; `nil` where it is not.
    var start: MessageIndex? {
        switch fate {
        case .new(let from), .improved(let from): from
        case .same: key.firstKnownIndex
        case .worse, .conflicting, .quarantined, .refused: nil
        }
    }

    /// Verdict, rule and reason for the account.
    var told: (String, String, String) {
        let rule = judgement.rule
        switch fate {
        case .new, .improved: return ("allow", rule.name, rule.description)
        case .same: return ("same", "held", "you hold it just so")
        case .worse: return ("worse", "held", "you hold it from an earlier message on")
        case .refused:
            return (
                judgement.verdict == .refuse ? "refuse" : "withhold", rule.name, rule.description
            )
        case .quarantined:
            return ("quarantine", "not-proven", "no message proves what it adds")
        case .conflicting:
            if case .contradicted(let contradiction) = proof {
                return ("conflict", contradiction.name, contradiction.description)
            }
            return ("conflict", "held-key-differs", "it does not belong with the key you hold")
        }
    }
}

extension ReceivePlan {
    /// The keys that are taken, each from the index it is allowed and proven from.
    func taken() throws(HeirloomError) -> [RoomKey] {
        try takenSessions().map(\.key)
    }

    /// The same, each with the session it comes of.
    func takenSessions() throws(HeirloomError) -> [(key: RoomKey, session: ReceivedSession)] {
        var taken: [(key: RoomKey, session: ReceivedSession)] = []
        for session in sessions {
            guard let start = session.start else { continue }
            do throws(MegolmError) {
                taken.append((try session.key.wound(to: start), session))
            } catch {
                throw HeirloomError(
                    .deliver, .brokenLibrary, "a key cannot be wound forward: \(error)")
            }
        }
        return taken
    }
}
