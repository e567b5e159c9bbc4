import Bytes
import Homeserver
import MatrixTypes
import Sealing
import Secrets
import StrictJSON

/// Whom to bring in, and with which keys.
public struct InviteRequest: Sendable {
    /// How the sealed file reaches them.
    public enum Way: Hashable, Sendable {
        /// With the invite into the room.
        case invite
        /// They are in the room: by an event in this other room, which both are in.
        case event(room: String)
        /// They are in the room: as a file to pass on.
        case file(path: String, replacing: Bool)
    }

    /// The Matrix user.
    public var user: String
    /// What is to be handed over; its recipients may be empty, for the contact pinned to the user.
    public var share: ShareRequest
    /// How it reaches them.
    public var way = Way.invite
    /// Whose login to use; `nil` for the only one.
    public var login: String?
    /// Whether the invite goes out even where no key may or can go with it.
    public var invitesAnyway = false

    /// A request that follows the rules.
    public init(user: String, share: ShareRequest) {
        self.user = user
        self.share = share
    }
}

/// What an invite would carry.
///
/// Nothing has been sent.
public struct InvitePlan {
    let session: ServerSession
    let user: UserID
    let room: RoomID
    let walk: Share
    let share: SharePlan

    /// What would be handed over, and what not and why.
    public var report: ShareReport { share.report }
}

/// What went out.
public struct InviteReport: Encodable, Sendable {
    /// Why an invite carries no keys.
    public enum Without: String, Encodable, Sendable {
        /// There is no key of the room, or none that was asked for.
        case nothingMatched = "nothing-matched"
        /// The rules let nothing through.
        case refusedByRules = "refused-by-rules"
        /// The sealed file is larger than the server takes.
        case tooLarge = "too-large"
        /// The server does not take the sealed file.
        case uploadRefused = "upload-refused"
    }

    /// The document's name and version.
    public let schema = "heirloom.invite.v1"
    /// The Matrix user.
    public let user: String
    /// The room's id.
    public let room: String
    /// Whether an invite was sent.
    public let isInvited: Bool
    /// Where the sealed file lies, `mxc://…`; `nil` for none.
    public let media: String?
    /// Why nothing went along; `nil` where keys did.
    public let without: Without?
    /// What was handed over, and what not and why.
    public let share: ShareReport
}

/// An invite that carries the room's past: evidence → share → upload → invite.
///
/// For bots and servers as much as for the command; `Examples/` has one.
public struct Invite {
    let request: InviteRequest
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void

    /// Begins; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        _ request: InviteRequest, home: Home, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.now = now
        self.report = report
    }

    /// Fetches the evidence, judges by the invited person's rights, and sends nothing.
    public func plan(
        _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> InvitePlan {
        let session = try home.session(of: request.login)
        let user = try UserID(argument: request.user)
        guard let text = request.share.room else {
            throw HeirloomError(.select, .badArgument, "no room was named")
        }
        let room = try RoomID(argument: text)
        try await checkStanding(of: user, in: room, session)
        var share = request.share
        if share.recipients.isEmpty { share.recipients = try home.names(pinnedTo: user) }
        share.judgedFor = user.text
        share.asJoining = request.way == .invite
        share.giver = session.user.text
        if share.historyFiles.isEmpty {
            share.fetched = try await home.fetchEvidence(
                of: room, session, now: now, report: report)
        }
        let walk = Share(share, home: home, now: now, report: report)
        let plan = try walk.plan(passphrases)
        try await home.checkMasterKeys(of: plan.recipients.map(\.card), session)
        return InvitePlan(
            session: session, user: user, room: room, walk: walk, share: plan)
    }

    /// Who is in cannot be invited, and who is not cannot be attached to.
    private func checkStanding(
        of user: UserID, in room: RoomID, _ session: ServerSession
    ) async throws(HeirloomError) {
        let event = try await session.asking { client async throws(HomeserverError) in
            try await client.membership(of: user, in: room)
        }
        let isIn = event?["content"]?["membership"]?.text == "join"
        if isIn, request.way == .invite {
            throw HeirloomError(
                .server, .badArgument,
                "\(user.text.shown) is in the room already: ‘attach’ hands the past to them")
        }
        if !isIn, request.way != .invite {
            throw HeirloomError(
                .server, .badArgument,
                "\(user.text.shown) is not in the room: ‘invite’ brings them in with its past")
        }
    }

    /// Seals what the plan says and sends it.
    ///
    /// - Throws: where nothing may go along and `invitesAnyway` is not set: then nobody is invited.
    public func send(
        _ plan: InvitePlan, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> InviteReport {
        var report = plan.report
        let sealed: SealedHandOver
        do throws(HeirloomError) {
            var walk = plan.walk
            sealed = try walk.seal(plan.share, passphrases)
        } catch {
            let without: InviteReport.Without
            switch error.problem {
            case .refusedByRules: without = .refusedByRules
            case .nothingMatched: without = .nothingMatched
            default: throw error
            }
            return try await inviteWithout(plan, without, error)
        }
        if case .file(let path, let replacing) = request.way {
            try Destination(path: path, replacing: replacing).write(sealed.bytes)
            report.sealed = SealedReport(sealed, path: path)
            return told(plan, report, media: nil, isInvited: false)
        }
        let media: MediaAddress
        do throws(HeirloomError) {
            media = try await upload(sealed, plan.session)
        } catch {
            let without: InviteReport.Without
            switch error.problem {
            case .overLimit: without = .tooLarge
            case .serverRefused: without = .uploadRefused
            default: throw error
            }
            return try await inviteWithout(plan, without, error)
        }
        report.sealed = SealedReport(sealed, path: media.text)
        try await send(sealed, media, plan)
        return told(plan, report, media: media, isInvited: request.way == .invite)
    }

    private func told(
        _ plan: InvitePlan, _ share: ShareReport, media: MediaAddress?, isInvited: Bool,
        without: InviteReport.Without? = nil
    ) -> InviteReport {
        InviteReport(
            user: plan.user.text, room: plan.room.text, isInvited: isInvited, media: media?.text,
            without: without, share: share)
    }

    /// An invite with nothing in it, where that was agreed to.
    private func inviteWithout(
        _ plan: InvitePlan, _ without: InviteReport.Without, _ error: HeirloomError
    ) async throws(HeirloomError) -> InviteReport {
        guard request.invitesAnyway, request.way == .invite else { throw error }
        let (user, room) = (plan.user, plan.room)
        try await plan.session.asking { client async throws(HomeserverError) in
            try await client.invite(user, to: room, content: [:])
        }
        return told(plan, plan.report, media: nil, isInvited: true, without: without)
    }

    private func upload(
        _ sealed: SealedHandOver, _ session: ServerSession
    ) async throws(HeirloomError) -> MediaAddress {
        let limit = try await session.asking { client async throws(HomeserverError) in
            try await client.uploadLimit()
        }
        if let limit, sealed.bytes.count > limit {
            throw HeirloomError(
                .server, .overLimit,
                "\(session.name.shown): it takes files of at most \(limit) bytes; the sealed file has "
                    + "\(sealed.bytes.count)")
        }
        let bytes = sealed.bytes
        do throws(HomeserverError) {
            return try await session.client.upload(bytes)
        } catch .refused(_, code: "M_TOO_LARGE") {
            throw HeirloomError(
                .server, .overLimit,
                "\(session.name.shown): the sealed file of \(bytes.count) bytes is too large for it"
            )
        } catch {
            throw HeirloomError(error, of: session.name)
        }
    }

    private func send(
        _ sealed: SealedHandOver, _ media: MediaAddress, _ plan: InvitePlan
    ) async throws(HeirloomError) {
        let digest = Bytes32(BLAKE2b.hash(sealed.bytes.span, byteCount: 32)) ?? .zero
        let (user, room) = (plan.user, plan.room)
        func reference(_ other: RoomID?) -> JSONValue {
            HandOverReference(
                media: media, byteCount: sealed.bytes.count, digest: digest,
                bundleID: sealed.bundleID, roomID: other
            ).json
        }
        guard case .event(let text) = request.way else {
            let content = [HandOverReference.name: reference(nil)]
            return try await plan.session.asking { client async throws(HomeserverError) in
                try await client.invite(user, to: room, content: content)
            }
        }
        let other = try RoomID(argument: text)
        let content = reference(room)
        try await plan.session.asking { client async throws(HomeserverError) in
            try await client.send(
                HandOverReference.name, to: other, content: content, transaction: sealed.bundleID)
        }
    }
}

extension Home {
    /// The contacts that a Matrix user was pinned to.
    ///
    /// - Throws: `unknownContact` where there is none.
    func names(pinnedTo user: UserID) throws(HeirloomError) -> [String] {
        let names = try contacts().list.filter { $0.matrixUser == user.text }.map(\.name)
        guard names.isEmpty else { return names }
        throw HeirloomError(
            .contacts, .unknownContact, "no contact is pinned to \(user.text.shown)")
    }
}

extension KeyArchive {
    /// Notes in the ledger what an invite handed over.
    public func note(_ plan: InvitePlan, bundleID: String) throws(HeirloomError) {
        try note(plan.share, bundleID: bundleID)
    }
}
