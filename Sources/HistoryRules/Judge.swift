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

    package init(overrides: Overrides = .none) {
        self.overrides = overrides
    }

    /// The answer for one session.
    package func judge(_ session: SessionFacts) -> Judgement {
        if let reason = session.overrideReason { return overridden(session, reason) }
        let advice = Self.flagRule(session)
        guard advice.verdict == .withhold, case .byGiver(let reason) = overrides else {
            return advice
        }
        return Judgement(.allow(from: session.firstKnownIndex), by: .override(reason: reason))
    }

    /// What the giver overrode needs the receiver's yes, whatever flag it carries: the flag is the
    /// giver's word too.
    private func overridden(_ session: SessionFacts, _ reason: String) -> Judgement {
        guard overrides == .acceptedByReceiver else {
            return Judgement(.withhold, by: .overrideNotAccepted(reason: reason))
        }
        return Judgement(.allow(from: session.firstKnownIndex), by: .override(reason: reason))
    }
}
