package import MatrixTypes

/// The answer to: may this person hold this session, and from which message on.
package enum Verdict: Hashable, Sendable {
    /// Yes, from this index.
    case allow(from: MessageIndex)
    /// Not on what is known; a person may decide otherwise and say why.
    case withhold
    /// No, whatever anybody says.
    case refuse
}

/// A verdict with the rule that gave it and what it rests on.
///
/// There is one for every session.
package struct Judgement: Hashable, Sendable {
    package let verdict: Verdict
    package let rule: Rule
    /// The events it rests on; empty where it rests on none.
    package let evidence: [EventID]
    /// Messages that are theirs to see and that no key can open without opening what is not: Megolm
    /// goes one way only.
    package let lost: [EventID]

    package init(
        _ verdict: Verdict, by rule: Rule, evidence: [EventID] = [], lost: [EventID] = []
    ) {
        self.verdict = verdict
        self.rule = rule
        self.evidence = evidence
        self.lost = lost
    }
}
