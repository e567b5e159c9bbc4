import Bundles
import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Selection

extension Share {
    /// Proves, judges and cuts every session.
    func judge(
        _ sessions: [MergedSession], _ gathered: Gathered?, _ window: TimeWindow?,
        _ asked: AskedFor?
    ) -> [PlannedSession] {
        let overrides: Judge.Overrides =
            request.overrideReason.map { .byGiver(reason: $0) } ?? .none
        let evidences: [Evidence?] = gathered?.evidence.map { $0 } ?? [nil]
        let judges = evidences.map {
            Judge(overrides: overrides, requiresFlag: request.requiresFlag, evidence: $0)
        }
        let prover = Prover(gathered?.timeline)
        let plan = window.map { WindowPlan($0, isStrict: request.strictEnd) }
        return sessions.map { session in
            var planned: PlannedSession
            switch session {
            case .key(let selected):
                planned = self.plan(
                    selected, prover.prove(selected.key), judges, plan, gathered, asked)
            case .conflict(let conflict):
                if let decided = prover.decide(conflict) {
                    planned = self.plan(
                        decided.key, decided.proof, judges, plan, gathered, asked)
                } else {
                    planned = PlannedSession(
                        sessionID: conflict.sessionID, key: nil, copyCount: conflict.copyCount,
                        fate: .conflicting, judgement: nil,
                        conflict: ("conflicting-copies", conflict.reason.description),
                        proof: .vouched)
                }
            }
            if let timeline = gathered?.timeline {
                planned.sight = SessionSight(
                    timeline.messages(of: planned.sessionID), from: planned.start)
                planned.senders = timeline.senders(of: planned.sessionID)
            }
            return planned
        }
    }

    private func plan(
        _ selected: SelectedKey, _ proof: SessionProof, _ judges: [Judge],
        _ window: WindowPlan?, _ gathered: Gathered?, _ asked: AskedFor?
    ) -> PlannedSession {
        let key = selected.key
        func planned(_ fate: PlannedSession.Fate, _ judgement: Judgement?) -> PlannedSession {
            PlannedSession(
                sessionID: key.sessionID, key: key, copyCount: selected.copyCount, fate: fate,
                judgement: judgement, proof: proof)
        }
        let wanted = asked?.request.lowestMissing(of: key.sessionID)
        if asked != nil, wanted == nil { return planned(.notRequested, nil) }
        if case .contradicted(let contradiction) = proof {
            var session = planned(.conflicting, nil)
            session.conflict = (contradiction.name, contradiction.description)
            return session
        }
        let facts = SessionFacts(
            sessionID: key.sessionID, firstKnownIndex: key.firstKnownIndex,
            sharedHistory: key.sharedHistory)
        let judgement = judges.map { $0.judge(facts) }.strictest
        let messages = gathered?.timeline.messages(of: key.sessionID) ?? []
        if let window, window.excludes(messages) { return planned(.outsideWindow, judgement) }
        guard case .allow(var start) = judgement.verdict else {
            return planned(judgement.verdict == .refuse ? .refused : .withheld, judgement)
        }
        // What a message disproves is not passed on.
        if case .proven(let from, isContradictedBelow: true) = proof { start = max(start, from) }
        if let wanted { start = max(start, wanted) }
        var share: WindowShare?
        if let window {
            switch window.cut(from: start, messages) {
            case .outside: return planned(.outsideWindow, judgement)
            case .leftOutForItsEnd: return planned(.pastWindowEnd, judgement)
            case .unknownAge: return planned(.unknownAge, judgement)
            case .inside(let inside):
                start = inside.start
                share = inside
            }
        }
        var session: PlannedSession
        if case .override = judgement.rule {
            session = planned(.overridden(from: start), judgement)
        } else {
            session = planned(.allowed(from: start), judgement)
        }
        session.window = share
        return session
    }
}

extension [Judgement] {
    /// What holds for all of several recipients: one bundle opens the same for everybody.
    fileprivate var strictest: Judgement {
        func rank(_ judgement: Judgement) -> (Int, UInt32) {
            switch judgement.verdict {
            case .refuse: (2, 0)
            case .withhold: (1, 0)
            case .allow(let from): (0, from.value)
            }
        }
        guard let strictest = self.max(by: { rank($0) < rank($1) }) else {
            preconditionFailure("somebody is always judged for")
        }
        return strictest
    }
}
