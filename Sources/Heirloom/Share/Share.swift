import Bundles
import HistoryRules
import MatrixTypes
import Megolm
import Sealing
import Secrets
import Selection

/// The first walk: key files → selection → evidence → judgement and window → bundle → seal →
/// carrier.
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
        let asked = try askedFor()
        let roomID = try roomID(asked)
        let recipients = try resolveRecipients(asked)
        let window = try TimeWindow(since: request.since, until: request.until, now: now)
        let gathered = try gather(roomID, recipients)
        try checkWindow(window, gathered)
        let collected = try collect(roomID, passphrases)
        let merged = try comparing(.select) { () throws(MegolmError) in
            try collected.selection.merged()
        }
        let sessions = judge(merged, gathered, window, asked)
        return SharePlan(
            roomID: roomID, recipients: recipients, files: collected.reports, sessions: sessions,
            overrideReason: request.overrideReason, gathered: gathered, window: window,
            request: asked)
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

    /// Seals what a plan says and keeps it in memory, for codes on screen and paper.
    public mutating func seal(
        _ plan: SharePlan, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> SealedHandOver {
        try plan.checkNotEmpty()
        let identity = try home.openIdentity(passphrases)
        let manifest = try manifest(of: plan)
        return try seal(plan, manifest, identity)
    }

    /// The room named on the command line, which must be the request's where there is one.
    private func roomID(_ asked: AskedFor?) throws(HeirloomError) -> RoomID {
        guard let text = request.room else {
            guard let asked else {
                throw HeirloomError(.select, .badArgument, "no room was named")
            }
            return asked.request.roomID
        }
        let roomID = try RoomID(argument: text)
        if let asked, asked.request.roomID != roomID {
            throw HeirloomError(
                .select, .wrongRoom,
                "\(asked.path.shown): it asks for room \(asked.request.roomID.text.shown), "
                    + "expected \(roomID.text.shown)")
        }
        return roomID
    }

    /// Whom WHO names, each once: a person named twice is sealed to once.
    private func resolveRecipients(
        _ asked: AskedFor?
    ) throws(HeirloomError) -> [(identity: PublicIdentity, card: ContactCard)] {
        var recipients: [(identity: PublicIdentity, card: ContactCard)] = []
        for who in request.recipients {
            let (identity, card) = try home.resolve(who)
            if recipients.contains(where: { $0.identity == identity }) { continue }
            recipients.append((identity, card))
        }
        guard let asked else { return recipients }
        if recipients.isEmpty { return [(asked.identity, asked.card)] }
        guard recipients.count == 1, recipients[0].identity == asked.identity else {
            throw HeirloomError(
                .select, .wrongSigner,
                "\(asked.path.shown): \(asked.card.title) asks, and the answer goes to nobody else")
        }
        return recipients
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
