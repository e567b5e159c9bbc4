import Bytes
import Carriers
import Homeserver
import KeyFormats
import MatrixTypes
import Megolm
import RoomTimelines
import Secrets
import Selection
import StrictJSON

/// What is to be added to the person's own key backup.
public struct BackupPushRequest: Sendable {
    /// The room's id.
    public var room: String
    /// Key files to take keys from; `-` is standard input.
    public var keyFiles: [String] = []
    /// An archive to take keys from as well; `nil` for none.
    public var archivePath: String?
    /// Saved history of the room: keys are tried on its messages, and what they contradict stays out.
    public var historyFiles: [String] = []
    /// Whose login to use; `nil` for the only one.
    public var user: String?
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds

    /// A request that names nothing but the room.
    public init(room: String) {
        self.room = room
    }
}

/// What became of each session.
///
/// new + improved + same + worse + conflicting + unproven + notTaken = sessions.
public struct BackupPushReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.backup-push.v1"
    /// The room's id.
    public let room: String
    /// Whose backup it is.
    public let user: String
    /// The server's name for the backup.
    public let version: String
    /// What became of the key files' entries.
    public internal(set) var files: [KeyFileReport] = []
    /// What became of the history files' events.
    public internal(set) var historyFiles: [HistoryFileReport] = []
    /// Sessions that a real message proves.
    public internal(set) var proven = 0
    /// Sessions looked at.
    public internal(set) var sessions = 0
    /// The backup did not have it; it has now.
    public internal(set) var new = 0
    /// The backup had it from a later message on; it has more now.
    public internal(set) var improved = 0
    /// The backup has it just so.
    public internal(set) var same = 0
    /// The backup has it from an earlier message on.
    public internal(set) var worse = 0
    /// Its copies contradict each other, messages contradict it, or it does not belong with the
    /// backup's; the backup's stays.
    public internal(set) var conflicting = 0
    /// It says to reach further back, and nothing proves that; the backup's stays.
    public internal(set) var unproven = 0
    /// It was sent, and the server kept what it had.
    public internal(set) var notTaken = 0

    /// Sessions that the backup has now.
    public var held: Int { new + improved + same + worse }
}

/// Adds keys to the person's own server-side key backup, so that all their clients get them.
///
/// Never without the backup's own private key, which shows that the backup is the person's and opens
/// what is there: a better key is never replaced. What was sent is read back.
public struct BackupPush {
    /// Sessions in one request.
    private static let batchCount = 200

    let home: Home
    let roundsLimit: UInt32
    let report: (Progress) -> Void
    var random = AnyRandomSource(SystemRandomSource())

    /// A key that nothing contradicts, and from where on a real message proves it.
    struct Candidate {
        let key: RoomKey
        let provenFrom: MessageIndex?

        /// What messages say of a key; `nil` where they contradict it.
        ///
        /// What a message disproves is left behind: the key is wound forward to where it is proven.
        init?(_ key: RoomKey, _ proof: SessionProof) throws(HeirloomError) {
            switch proof {
            case .contradicted: return nil
            case .vouched:
                self.key = key
                provenFrom = nil
            case .proven(let from, let isContradictedBelow):
                provenFrom = from
                guard isContradictedBelow else {
                    self.key = key
                    return
                }
                self.key = try comparing(.select) { () throws(MegolmError) in
                    try key.wound(to: from)
                }
            }
        }
    }

    /// Begins; nothing is asked yet.
    public init(
        home: Home, roundsLimit: UInt32 = KeyFileLimits.usualRounds,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.home = home
        self.roundsLimit = roundsLimit
        self.report = report
    }

    /// Adds a room's keys from key files and an archive.
    public mutating func push(
        _ request: BackupPushRequest, now: UInt64, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> BackupPushReport {
        let room = try RoomID(argument: request.room)
        let backup = try await home.openBackup(
            home.session(of: request.user), roundsLimit: roundsLimit, passphrases)
        var share = ShareRequest(keyFiles: request.keyFiles, room: request.room, recipients: [])
        share.archivePath = request.archivePath
        share.roundsLimit = request.roundsLimit
        let collected = try Share(share, home: home, now: now, report: report)
            .collect(room, passphrases)
        let merged = try comparing(.select) { () throws(MegolmError) in
            try collected.selection.merged()
        }
        guard !merged.isEmpty else {
            throw HeirloomError(
                .select, .nothingMatched, "the key files hold no key of room \(room.text.shown)")
        }
        let (timeline, historyFiles) = try timeline(of: room, request.historyFiles)
        let candidates = try Self.candidates(merged, Prover(timeline))
        var result = try await push(candidates, of: room, to: backup)
        result.files = collected.reports + result.files
        result.historyFiles = historyFiles
        let contradicted = merged.count - candidates.count
        result.sessions += contradicted
        result.conflicting += contradicted
        return result
    }

    private func timeline(
        of room: RoomID, _ paths: [String]
    ) throws(HeirloomError) -> (RoomTimeline?, [HistoryFileReport]) {
        guard !paths.isEmpty else { return (nil, []) }
        return try History(paths, report: report).timeline(of: room, users: [])
    }

    /// The keys that nothing contradicts.
    private static func candidates(
        _ merged: [MergedSession], _ prover: Prover
    ) throws(HeirloomError) -> [Candidate] {
        var candidates: [Candidate] = []
        for session in merged {
            let found: Candidate?
            switch session {
            case .key(let selected):
                found = try Candidate(selected.key, prover.prove(selected.key))
            case .conflict(let conflict):
                guard let decided = prover.decide(conflict) else { continue }
                found = try Candidate(decided.key.key, decided.proof)
            }
            if let found { candidates.append(found) }
        }
        return candidates
    }

    /// Adds keys of one room.
    mutating func push(
        _ candidates: [Candidate], of room: RoomID, to backup: OwnBackup
    ) async throws(HeirloomError) -> BackupPushReport {
        let (held, tally) = try await backup.held(of: room, in: home, report: report)
        var result = BackupPushReport(
            room: room.text, user: backup.session.user.text, version: backup.name)
        result.files = [tally]
        result.sessions = candidates.count
        result.proven = candidates.count { $0.provenFrom != nil }
        var wanted: [(key: RoomKey, isNew: Bool)] = []
        for candidate in candidates {
            if let key = try compare(candidate, with: held, &result) {
                wanted.append((key, held[key.sessionID] == nil))
            }
        }
        guard !wanted.isEmpty else { return result }
        try await send(wanted.map(\.key), of: room, to: backup)
        let (after, _) = try await backup.held(of: room, in: home, report: report)
        for (sent, isNew) in wanted {
            if try !Self.opens(after[sent.sessionID], asMuchAs: sent) {
                result.notTaken += 1
            } else if isNew {
                result.new += 1
            } else {
                result.improved += 1
            }
        }
        return result
    }

    /// What is to be sent of a key; `nil` where the backup's own stays.
    private func compare(
        _ candidate: Candidate, with held: [SessionID: RoomKey],
        _ result: inout BackupPushReport
    ) throws(HeirloomError) -> RoomKey? {
        let key = candidate.key
        guard let mine = held[key.sessionID] else { return key }
        // What the backup says of the owner may be learnt at first hand: it is not overwritten.
        guard let claims = mine.claims.merged(with: key.claims) else {
            result.conflicting += 1
            return nil
        }
        let merge = try comparing(.select) { () throws(MegolmError) in
            try KeyMerge(
                key.sessionKey, provenFrom: candidate.provenFrom, into: mine.sessionKey)
        }
        switch merge {
        case .same: result.same += 1
        case .worse: result.worse += 1
        case .conflict: result.conflicting += 1
        case .unproven: result.unproven += 1
        case .improved(let index):
            return RoomKey(
                roomID: key.roomID,
                sessionKey: try comparing(.select) { () throws(MegolmError) in
                    try key.sessionKey.wound(to: index)
                }, claims: claims,
                sharedHistory: SharedHistory(saidBy: [mine.sharedHistory, key.sharedHistory]))
        }
        return nil
    }

    private mutating func send(
        _ keys: [RoomKey], of room: RoomID, to backup: OwnBackup
    ) async throws(HeirloomError) {
        var start = 0
        while start < keys.count {
            report(Progress(work: .writingBackup, fraction: Double(start) / Double(keys.count)))
            let batch = keys[start..<min(start + Self.batchCount, keys.count)]
            var sessions: [String: JSONValue] = [:]
            do throws(KeyFormatError) {
                for roomKey in batch {
                    let backedUp = try BackedUpKey(
                        roomKey, for: backup.key.publicKey, random: &random)
                    sessions[backedUp.sessionID.text] = backedUp.json
                }
            } catch {
                throw HeirloomError(
                    .server, .brokenLibrary, "the keys cannot be encrypted: \(error)")
            }
            try await backup.add(sessions, of: room)
            start += batch.count
        }
    }

    /// Whether what the backup has now is what was sent, or more of it.
    private static func opens(
        _ now: RoomKey?, asMuchAs sent: RoomKey
    ) throws(HeirloomError) -> Bool {
        guard let now else { return false }
        let ordering = try comparing(.select) { () throws(MegolmError) in
            try sent.sessionKey.ordering(comparedTo: now.sessionKey)
        }
        return ordering == .equal || ordering == .worse
    }
}
