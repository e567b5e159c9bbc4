import Bundles
import HistoryRules
import MatrixTypes
import Megolm
import Sealing
import Secrets
import Selection

/// What a person asks to be handed over.
public struct ShareRequest: Sendable {
    /// Key files to take keys from; `-` is standard input.
    public var keyFiles: [String]
    /// The room's id.
    public var room: String
    /// WHO: contacts' names or whole `heir1…` strings.
    public var recipients: [String]
    /// Why sessions are handed over against the rules' advice; `nil` for following it.
    public var overrideReason: String?
    /// The Matrix user the giver says to be; anybody can say anything.
    public var giver: String?
    /// How long the bundle may be taken in, in milliseconds.
    public var lifetimeMilliseconds = BundleLimits.usualLifetimeMilliseconds
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds
    /// Whether first indices above 2²⁴ are taken.
    public var takesHighIndices = false

    /// A request that follows the rules and the usual limits.
    public init(keyFiles: [String], room: String, recipients: [String]) {
        self.keyFiles = keyFiles
        self.room = room
        self.recipients = recipients
    }
}

/// The first walk: key files → selection → judgement → bundle → seal → carrier.
public struct Share {
    let request: ShareRequest
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void
    var random = AnyRandomSource(SystemRandomSource())

    /// Begins the walk; nothing is read yet.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        _ request: ShareRequest, home: Home, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.now = now
        self.report = report
    }

    /// Says what would be handed over, and writes nothing.
    public func plan(_ passphrases: any PassphraseSource) throws(HeirloomError) -> SharePlan {
        let roomID = try RoomID(argument: request.room)
        let recipients = try resolveRecipients()
        let collected = try collect(roomID, passphrases)
        let merged = try select(collected.selection)
        let sessions = judge(merged)
        return SharePlan(
            roomID: roomID, recipients: recipients, files: collected.reports, sessions: sessions,
            overrideReason: request.overrideReason)
    }

    /// Seals what a plan says and writes it.
    public mutating func seal(
        _ plan: SharePlan, into destination: Destination, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> SealedReport {
        try plan.checkNotEmpty()
        let identity = try home.openIdentity(passphrases)
        let manifest = try manifest(of: plan)
        return try seal(plan, manifest, identity, into: destination)
    }

    /// Whom WHO names, each once: a person named twice is sealed to once.
    private func resolveRecipients() throws(HeirloomError) -> [(PublicIdentity, ContactCard)] {
        var recipients: [(PublicIdentity, ContactCard)] = []
        for who in request.recipients {
            let (identity, card) = try home.resolve(who)
            if recipients.contains(where: { $0.0 == identity }) { continue }
            recipients.append((identity, card))
        }
        return recipients
    }

    private func select(
        _ selection: RoomSelection
    ) throws(HeirloomError) -> [MergedSession] {
        do throws(MegolmError) {
            return try selection.merged()
        } catch {
            throw HeirloomError(.select, .brokenLibrary, "the keys cannot be compared: \(error)")
        }
    }

    private func judge(_ sessions: [MergedSession]) -> [PlannedSession] {
        let judge = Judge(
            overrides: request.overrideReason.map { .byGiver(reason: $0) } ?? .none)
        return sessions.map { session in
            switch session {
            case .key(let selected):
                let facts = SessionFacts(
                    firstKnownIndex: selected.key.firstKnownIndex,
                    sharedHistory: selected.key.sharedHistory)
                return .judged(selected, judge.judge(facts))
            case .conflict(let conflict): return .conflict(conflict)
            }
        }
    }
}

extension RoomID {
    init(argument text: String) throws(HeirloomError) {
        do throws(MatrixTypeError) {
            try self.init(text)
        } catch {
            throw HeirloomError(.select, .badArgument, "the room's id is not one: \(error)")
        }
    }
}
