import Bundles
import HistoryRules
import KeyFormats
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing
import Secrets
import Selection

/// What a person wants to know the coverage of.
public struct CoverageRequest: Sendable {
    /// Key files; `-` is standard input.
    public var keyFiles: [String]
    /// Saved history of the room.
    public var historyFiles: [String]
    /// The room's id; `nil` for that of the history's first event.
    public var room: String?
    /// A sealed file whose keys are counted as well, to see what it would add.
    public var with: String?
    /// WHO that is from.
    public var from: String?
    /// The person's own Matrix user: to tell what the sealed file's rules say, and for a request.
    public var judgedFor: String?
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds

    /// A request for the coverage that key files give to a room's history.
    public init(keyFiles: [String], historyFiles: [String]) {
        self.keyFiles = keyFiles
        self.historyFiles = historyFiles
    }
}

/// Tells of every encrypted message whether keys open it, and why not.
public struct Coverage {
    let request: CoverageRequest
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void

    /// Reads nothing yet.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        _ request: CoverageRequest, home: Home, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.now = now
        self.report = report
    }

    /// Looks at every message; writes nothing.
    public func measure(
        _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> CoverageResult {
        let wish = try request.room.map { text throws(HeirloomError) in
            try RoomID(argument: text)
        }
        let user = try request.judgedFor.map { text throws(HeirloomError) in
            try UserID(argument: text)
        }
        let history = History(request.historyFiles, report: report)
        let (timeline, files) = try history.timeline(of: wish, users: Set(user.map { [$0] } ?? []))
        var collected = RoomKeysInHand(timeline)
        try collect(&collected, passphrases)
        let before = try collected.standings()
        var after: [SessionID: KeyStanding]?
        if request.with != nil {
            let plan = try receivePlan(timeline.roomID, passphrases)
            for key in try plan.taken() { collected.selection.add(key, source: -1) }
            after = try collected.standings()
        }
        let evidence = user.map {
            Evidence(timeline: timeline, recipient: Recipient(user: $0), reader: $0)
        }
        return CoverageResult(
            timeline: timeline, historyFiles: files, keyFiles: collected.reports,
            withheld: collected.withheld, before: before, after: after, evidence: evidence,
            user: user)
    }

    private func collect(
        _ collected: inout RoomKeysInHand, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) {
        let wish = RoomKeyEntries.Wish(roomID: collected.selection.roomID)
        for (place, path) in request.keyFiles.enumerated() {
            let reader = KeyFile(path: path, roundsLimit: request.roundsLimit, report: report)
            var tally = KeyFileReport(path: path)
            var selection = collected.selection
            var withheld: [SessionID: String] = [:]
            try reader.read(wish, passphrases, report: &tally) { entry in
                switch entry {
                case .roomKey(let key, _): selection.add(key, source: place)
                case .withheld(let room, let session, let code):
                    if room == selection.roomID { withheld[session] = code }
                case .otherRoom, .invalid: break
                }
            }
            collected.selection = selection
            collected.withheld.merge(withheld) { first, _ in first }
            collected.reports.append(tally)
        }
    }

    private func receivePlan(
        _ roomID: RoomID, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ReceivePlan {
        guard let file = request.with, let from = request.from else {
            throw HeirloomError(.verify, .badArgument, "--with needs --from: who sealed it")
        }
        var asked = ReceiveRequest(file: file)
        asked.from = from
        asked.room = roomID.text
        asked.again = true
        if let user = request.judgedFor {
            asked.historyFiles = request.historyFiles
            asked.judgedFor = user
            asked.asJoining = true
        }
        let receive = Receive(asked, home: home, now: now, report: report)
        return try receive.plan(passphrases) { (_) throws(HeirloomError) in true }
    }
}

/// The keys of a room that a person has, from all their files.
struct RoomKeysInHand {
    var selection: RoomSelection
    var withheld: [SessionID: String] = [:]
    var reports: [KeyFileReport] = []
    private let prover: Prover

    init(_ timeline: RoomTimeline) {
        selection = RoomSelection(roomID: timeline.roomID)
        prover = Prover(timeline)
    }

    /// From which index on each session opens, or why not.
    func standings() throws(HeirloomError) -> [SessionID: KeyStanding] {
        var standings: [SessionID: KeyStanding] = [:]
        let merged = try comparing(.select) { () throws(MegolmError) in try selection.merged() }
        for session in merged {
            switch session {
            case .key(let selected):
                standings[session.sessionID] = KeyStanding(
                    selected.key, prover.prove(selected.key))
            case .conflict(let conflict):
                standings[session.sessionID] =
                    prover.decide(conflict).map { KeyStanding($0.key.key, $0.proof) }
                    ?? .unusable(conflict.reason.description)
            }
        }
        return standings
    }
}

/// What a key in hand opens.
enum KeyStanding: Hashable, Sendable {
    case opens(from: MessageIndex)
    case unusable(String)

    init(_ key: RoomKey, _ proof: SessionProof) {
        switch proof {
        case .vouched: self = .opens(from: key.firstKnownIndex)
        case .proven(let from, let isContradicted):
            self = .opens(from: isContradicted ? from : key.firstKnownIndex)
        case .contradicted(.otherOwner): self = .opens(from: key.firstKnownIndex)
        case .contradicted(let contradiction): self = .unusable(contradiction.description)
        }
    }
}
