import MatrixTypes

/// Judges sessions one by one.
///
/// Never throws, never logs: every session gets an answer.
package struct Judge: Sendable {
    /// What is done about sessions that the rules would withhold.
    package enum Overrides: Hashable, Sendable {
        /// They are withheld.
        case none
        /// The giver hands them over all the same, and says why; the reason is signed.
        case byGiver(reason: String)
        /// The receiver takes what the giver overrode.
        case acceptedByReceiver
    }

    private let overrides: Overrides
    private let requiresFlag: Bool
    private let evidence: Evidence?

    /// - Parameters:
    ///   - requiresFlag: withhold sessions whose creator is not known to have allowed sharing, also
    ///     where their messages are the recipient's to see.
    ///   - evidence: the room's saved history as it bears on the recipient; `nil` for none.
    package init(
        overrides: Overrides = .none, requiresFlag: Bool = false, evidence: Evidence? = nil
    ) {
        self.overrides = overrides
        self.requiresFlag = requiresFlag
        self.evidence = evidence
    }

    /// The answer for one session.
    package func judge(_ session: SessionFacts) -> Judgement {
        if let reason = session.overrideReason { return overridden(session, reason) }
        let advice = advice(session)
        guard advice.verdict == .withhold, case .byGiver(let reason) = overrides else {
            return advice
        }
        // Only the flag is overridden: what messages say the key must not open stays closed.
        let known = evidence.flatMap { Self.messagesRule(session, $0) }
        return Judgement(
            known?.verdict ?? .allow(from: session.firstKnownIndex), by: .override(reason: reason),
            evidence: known?.evidence ?? advice.evidence, lost: known?.lost ?? [])
    }

    /// What the rules say, from the strongest evidence down.
    private func advice(_ session: SessionFacts) -> Judgement {
        guard let judgement = evidence.flatMap({ Self.messagesRule(session, $0) }) else {
            return Self.flagRule(session)
        }
        if requiresFlag, judgement.verdict != .refuse, session.sharedHistory != .shareable {
            return Judgement(.withhold, by: .flagRequired)
        }
        return judgement
    }

    /// What the giver overrode needs the receiver's yes, whatever flag it carries: the flag is the
    /// giver's word too.
    ///
    /// The yes does not reach messages that are known not to be the receiver's to see.
    private func overridden(_ session: SessionFacts, _ reason: String) -> Judgement {
        guard overrides == .acceptedByReceiver else {
            return Judgement(.withhold, by: .overrideNotAccepted(reason: reason))
        }
        if let judgement = evidence.flatMap({ Self.messagesRule(session, $0) }) {
            return judgement
        }
        return Judgement(.allow(from: session.firstKnownIndex), by: .override(reason: reason))
    }
}
