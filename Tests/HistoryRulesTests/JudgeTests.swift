import Bytes
import MatrixTypes
import Testing

@testable import HistoryRules

/// The rules, one by one and with overrides.
@Suite struct JudgeTests {
    static let index = MessageIndex(7)

    static func facts(_ flag: SharedHistory, override: String? = nil) -> SessionFacts {
        SessionFacts(
            sessionID: SessionID(bytes: .zero), firstKnownIndex: index, sharedHistory: flag,
            overrideReason: override)
    }

    @Test(arguments: [
        (SharedHistory.shareable, Verdict.allow(from: index), Rule.flagAlone),
        (.notShareable, .withhold, .noWordOfSharing),
        (.unstated, .withhold, .noWordOfSharing),
    ])
    func theFlagAloneDecides(flag: SharedHistory, verdict: Verdict, rule: Rule) {
        let judgement = Judge().judge(Self.facts(flag))
        #expect(judgement == Judgement(verdict, by: rule))
        #expect(Judge.flagRule(Self.facts(flag)) == judgement)
    }

    @Test(arguments: [SharedHistory.notShareable, .unstated])
    func theGiverMayOverrideWithAReason(flag: SharedHistory) {
        let judge = Judge(overrides: .byGiver(reason: "asked to"))
        let expected = Judgement(
            .allow(from: Self.index), by: .override(reason: "asked to"))
        #expect(judge.judge(Self.facts(flag)) == expected)
    }

    @Test func whatIsAllowedAnywayIsNoOverride() {
        let judge = Judge(overrides: .byGiver(reason: "asked to"))
        #expect(judge.judge(Self.facts(.shareable)).rule == .flagAlone)
    }

    @Test(arguments: [SharedHistory.shareable, .notShareable, .unstated])
    func whatWasOverriddenWaitsForTheReceiver(flag: SharedHistory) {
        let facts = Self.facts(flag, override: "asked to")
        let refused = Judge().judge(facts)
        #expect(refused == Judgement(.withhold, by: .overrideNotAccepted(reason: "asked to")))
        let accepted = Judge(overrides: .acceptedByReceiver).judge(facts)
        #expect(
            accepted == Judgement(.allow(from: Self.index), by: .override(reason: "asked to")))
    }

    @Test func acceptingOverridesAllowsNothingElse() {
        let judge = Judge(overrides: .acceptedByReceiver)
        #expect(judge.judge(Self.facts(.unstated)).verdict == .withhold)
    }

    @Test func everyRuleHasAName() {
        let rules: [Rule] = [
            .flagAlone, .noWordOfSharing, .override(reason: "r"), .overrideNotAccepted(reason: "r"),
        ]
        #expect(Set(rules.map(\.name)).count == rules.count)
        #expect(rules.allSatisfy { !$0.description.isEmpty })
    }
}
