import Bundles
import HistoryRules
import KeyFormats
import MatrixTypes
import Megolm
import RoomTimelines
import Selection

/// The keys a receiver already holds of a room.
struct HeldKeys {
    var keys: [SessionID: RoomKey] = [:]
    /// Sessions whose held copies contradict each other.
    var contested: Set<SessionID> = []
    /// Sessions that are held under another room.
    var elsewhere: Set<SessionID> = []
    var reports: [KeyFileReport] = []
}

extension Receive {
    /// Reads the receiver's own saved history, if there is any.
    func gather(_ roomID: RoomID) throws(HeirloomError) -> Gathered? {
        let history = History(request.historyFiles, fetched: request.fetched, report: report)
        guard !history.isEmpty else { return nil }
        guard let text = request.judgedFor else {
            throw HeirloomError(
                .judge, .unknownUser,
                "nobody says which Matrix user you are, whose rights the history is to be judged by"
            )
        }
        let user = try UserID(argument: text)
        let (timeline, files) = try history.timeline(of: roomID, users: [user])
        let evidence = Evidence(
            timeline: timeline, recipient: Recipient(user: user, isJoining: request.asJoining),
            reader: user)
        return Gathered(timeline: timeline, evidence: [evidence], files: files)
    }

    /// Reads the receiver's own keys of the room.
    func held(
        of roomID: RoomID, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> HeldKeys {
        var held = HeldKeys()
        guard !request.heldKeyFiles.isEmpty else { return held }
        var selection = RoomSelection(roomID: roomID)
        let wish = RoomKeyEntries.Wish(roomID: roomID)
        for (place, path) in request.heldKeyFiles.enumerated() {
            let reader = KeyFile(path: path, roundsLimit: request.roundsLimit, report: report)
            var tally = KeyFileReport(path: path)
            var elsewhere: Set<SessionID> = []
            try reader.read(wish, passphrases, report: &tally) { entry in
                switch entry {
                case .roomKey(let key, _): selection.add(key, source: place)
                case .otherRoom(let id?): elsewhere.insert(SessionID(bytes: id))
                case .otherRoom(nil), .withheld, .invalid: break
                }
            }
            held.elsewhere.formUnion(elsewhere)
            held.reports.append(tally)
        }
        let merged = try comparing(.collect) { () throws(MegolmError) in try selection.merged() }
        for session in merged {
            switch session {
            case .key(let selected): held.keys[session.sessionID] = selected.key
            case .conflict: held.contested.insert(session.sessionID)
            }
        }
        return held
    }

    /// Judges, proves and compares every session of the bundle.
    func judge(
        _ records: BundleRecords, _ gathered: Gathered?, _ held: HeldKeys
    ) throws(HeirloomError) -> [ReceivedSession] {
        let judge = Judge(
            overrides: request.acceptsOverrides ? .acceptedByReceiver : .none,
            evidence: gathered?.evidence.first)
        let prover = Prover(gathered?.timeline)
        var sessions: [ReceivedSession] = []
        sessions.reserveCapacity(records.sessions.count)
        for session in records.sessions {
            let key = RoomKey(
                roomID: records.manifest.roomID, sessionKey: session.sessionKey,
                claims: session.sender.claims,
                sharedHistory: session.marks.contains(.sharedHistory) ? .shareable : .unstated)
            let reason = session.marks.contains(.override) ? records.manifest.overrideReason : nil
            let facts = SessionFacts(
                sessionID: key.sessionID, firstKnownIndex: key.firstKnownIndex,
                sharedHistory: key.sharedHistory, overrideReason: reason)
            let judgement = judge.judge(facts)
            let proof = prover.prove(key)
            var received = ReceivedSession(
                key: key, judgement: judgement, proof: proof,
                fate: try fate(of: key, judgement, proof, held, prover))
            if let timeline = gathered?.timeline {
                received.sight = SessionSight(
                    timeline.messages(of: key.sessionID), from: received.start)
                received.senders = timeline.senders(of: key.sessionID)
            }
            sessions.append(received)
        }
        return sessions
    }

    /// What becomes of a session: what the rules forbid is refused, what messages contradict is kept
    /// apart, and a held key that they do not contradict is replaced only by one that connects to it.
    private func fate(
        of key: RoomKey, _ judgement: Judgement, _ proof: SessionProof, _ held: HeldKeys,
        _ prover: Prover
    ) throws(HeirloomError) -> ReceivedSession.Fate {
        guard case .allow(let allowed) = judgement.verdict else { return .refused }
        if case .contradicted = proof { return .conflicting }
        if held.elsewhere.contains(key.sessionID) { return .conflicting }
        var from = allowed
        var provenFrom: MessageIndex?
        if case .proven(let index, _) = proof {
            provenFrom = index
            from = max(from, index)
        }
        if held.contested.contains(key.sessionID), provenFrom == nil { return .conflicting }
        if let mine = held.keys[key.sessionID] {
            let merge = try merge(key, provenFrom, into: mine)
            switch merge {
            case .same: return .same
            case .worse: return .worse
            case .unproven: return .quarantined
            case .improved(let index):
                from = max(allowed, index)
                return from < mine.firstKnownIndex ? .improved(from: from) : .worse
            case .conflict:
                // Of two that disagree, a real message decides: what is held may be the false one.
                guard provenFrom != nil, case .contradicted = prover.prove(mine) else {
                    return .conflicting
                }
            }
        }
        if request.requiresProof, provenFrom == nil { return .quarantined }
        return .new(from: from)
    }

    /// What a key does to the one that is held: an owner that contradicts is a conflict too.
    private func merge(
        _ key: RoomKey, _ provenFrom: MessageIndex?, into mine: RoomKey
    ) throws(HeirloomError) -> KeyMerge {
        if mine.claims.merged(with: key.claims) == nil { return .conflict }
        return try comparing(.judge) { () throws(MegolmError) in
            try KeyMerge(key.sessionKey, provenFrom: provenFrom, into: mine.sessionKey)
        }
    }
}
