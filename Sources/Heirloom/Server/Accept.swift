import Bundles
import Bytes
import Carriers
import Homeserver
import MatrixTypes
import Megolm
import Sealing
import Secrets
import StrictJSON

/// Which invite to accept, and what becomes of its keys.
public struct AcceptRequest: Sendable {
    /// The room's id.
    public var room: String
    /// WHO must have signed; `nil` for the contact pinned to whoever invited.
    public var from: String?
    /// Another room in which an event brought the keys; `nil` for the invite itself.
    public var through: String?
    /// Whose login to use; `nil` for the only one.
    public var login: String?
    /// Key files of keys already held.
    public var heldKeyFiles: [String] = []
    /// Whether only keys are taken that a real message proves.
    public var requiresProof = false
    /// Whether sessions are taken that the giver handed over against the rules' advice.
    public var acceptsOverrides = false
    /// Whether a bundle that was taken in before may be taken in again.
    public var again = false
    /// Whether the keys will go to the key backup, which then must open before anything else is done.
    public var needsBackup = false

    /// A request that names nothing but the room.
    public init(room: String) {
        self.room = room
    }
}

/// An accepted invite: joined, and its keys judged by what the newcomer may see.
public struct Accepted {
    let session: ServerSession
    let room: RoomID
    /// The walk that the keys took, for delivering them.
    public internal(set) var receive: Receive
    /// What would be taken in.
    public let plan: ReceivePlan
    /// The person's key backup, where it was asked for.
    let backup: OwnBackup?
}

/// The newcomer's side: invite → download → open → join → evidence → receive.
///
/// Opening comes before joining, so that what is nobody's we know lets nobody in. Evidence comes
/// after: before it, a homeserver shows a room's past to nobody.
public struct Accept {
    /// Larger sealed files are not downloaded, in bytes.
    private static let downloadLimit = 256 << 20

    let request: AcceptRequest
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void

    /// Begins; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        _ request: AcceptRequest, home: Home, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.now = now
        self.report = report
    }

    /// Finds, opens, joins and judges; takes nothing in yet.
    public func run(
        _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> Accepted {
        let session = try home.session(of: request.login)
        let room = try RoomID(argument: request.room)
        let backup = request.needsBackup ? try await openBackup(session, passphrases) : nil
        let found = try await find(room, session)
        let bytes = try await download(found.reference, session)
        var receive = Receive(
            try receiveRequest(bytes, found, session), home: home, now: now, report: report)
        let authentic = try receive.authenticate(passphrases) { _ in true }
        guard authentic.records.manifest.id.description == found.reference.bundleID else {
            throw HeirloomError(
                .server, .otherHandOver, "the sealed file is not the bundle that was announced")
        }
        try await session.asking { client async throws(HomeserverError) in
            try await client.join(room)
        }
        receive.request.fetched = try await home.fetchEvidence(
            of: room, session, now: now, report: report)
        let plan = try receive.plan(authentic, passphrases)
        return Accepted(
            session: session, room: room, receive: receive, plan: plan, backup: backup)
    }

    private func openBackup(
        _ session: ServerSession, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> OwnBackup {
        try await home.openBackup(
            session, roundsLimit: KeyFileLimits.usualRounds, passphrases)
    }

    private func receiveRequest(
        _ bytes: [UInt8], _ found: (reference: HandOverReference, sender: UserID),
        _ session: ServerSession
    ) throws(HeirloomError) -> ReceiveRequest {
        var receive = ReceiveRequest(file: "the hand-over of \(found.sender.text)")
        receive.sealedBytes = bytes
        receive.room = request.room
        receive.from = request.from
        if request.from == nil { receive.from = try contact(of: found.sender) }
        receive.judgedFor = session.user.text
        receive.heldKeyFiles = request.heldKeyFiles
        receive.requiresProof = request.requiresProof
        receive.acceptsOverrides = request.acceptsOverrides
        receive.again = request.again
        return receive
    }

    /// The one contact pinned to whoever sent it.
    private func contact(of sender: UserID) throws(HeirloomError) -> String {
        let names = try home.names(pinnedTo: sender)
        guard names.count == 1, let name = names.first else {
            throw HeirloomError(
                .contacts, .badArgument,
                "several contacts are pinned to \(sender.text.shown): name the giver with --from")
        }
        return name
    }

    /// What was announced, and by whom as the homeserver says.
    private func find(
        _ room: RoomID, _ session: ServerSession
    ) async throws(HeirloomError) -> (reference: HandOverReference, sender: UserID) {
        let event =
            if let through = request.through {
                try await announcement(in: RoomID(argument: through), of: room, session)
            } else {
                try await invite(to: room, session)
            }
        let content = event?["content"]
        let value = request.through == nil ? content?[HandOverReference.name] : content
        guard let event, let sender = event["sender"]?.text.flatMap({ try? UserID($0) }) else {
            throw HeirloomError(
                .server, .noHandOver,
                request.through == nil
                    ? "there is no invite to \(room.text.shown)"
                    : "no event of a contact there announces keys of \(room.text.shown)")
        }
        guard let reference = value.flatMap(HandOverReference.init) else {
            throw HeirloomError(
                .server, .noHandOver, "the invite of \(sender.text.shown) brings no keys")
        }
        return (reference, sender)
    }

    /// The membership event that invites us: one that waits, or the one before we joined.
    private func invite(
        to room: RoomID, _ session: ServerSession
    ) async throws(HeirloomError) -> JSONValue? {
        let user = session.user
        let waiting = try await session.asking { client async throws(HomeserverError) in
            try await client.inviteState(of: room)
        }
        if let waiting {
            return waiting.first {
                $0["type"]?.text == "m.room.member" && $0["state_key"]?.text == user.text
            }
        }
        return try await session.asking { client async throws(HomeserverError) in
            var event = try await client.membership(of: user, in: room)
            // A change of name or picture stands between; an invite is not many changes back.
            for _ in 0..<16 {
                guard let current = event, current["content"]?["membership"]?.text != "invite"
                else { return event }
                guard let before = current["unsigned"]?["replaces_state"]?.text else { return nil }
                event = try await client.event(before, in: room)
            }
            return nil
        }
    }

    /// Whose announcements count, so that a stranger's never stands before a contact's; `nil` for
    /// everybody's.
    private func givers() throws(HeirloomError) -> Set<String>? {
        guard let from = request.from else {
            return Set(try home.contacts().list.compactMap(\.matrixUser))
        }
        let (_, card) = try home.resolve(from)
        return card.matrixUser.map { [$0] }
    }

    /// The newest event in another room in which somebody else announces keys of this one.
    private func announcement(
        in other: RoomID, of room: RoomID, _ session: ServerSession
    ) async throws(HeirloomError) -> JSONValue? {
        let own = session.user.text
        let givers = try givers()
        return try await session.asking { client async throws(HomeserverError) in
            var from: String?
            for _ in 0..<20 {
                let page = try await client.messages(
                    of: other, from: from, newestFirst: true,
                    filter: #"{"types":["\#(HandOverReference.name)"]}"#)
                for event in page.events where event.sender != own {
                    guard givers?.contains(event.sender ?? "") ?? true else { continue }
                    let reference = event.content.flatMap(HandOverReference.init)
                    if reference?.roomID == room { return event.json }
                }
                guard let next = page.next else { return nil }
                from = next
            }
            return nil
        }
    }

    private func download(
        _ reference: HandOverReference, _ session: ServerSession
    ) async throws(HeirloomError) -> [UInt8] {
        guard reference.byteCount <= Self.downloadLimit else {
            throw HeirloomError(
                .server, .overLimit,
                "the announced file has \(reference.byteCount) bytes; at most "
                    + "\(Self.downloadLimit) are downloaded")
        }
        let sink = MemorySink()
        do throws(HomeserverError) {
            try await session.client.download(
                reference.media, limit: reference.byteCount, into: sink)
        } catch .tooLarge {
            throw HeirloomError(
                .server, .otherHandOver, "what lies at the media address is larger than announced")
        } catch {
            throw HeirloomError(error, of: session.name)
        }
        let bytes = sink.bytes
        guard bytes.count == reference.byteCount,
            Bytes32(BLAKE2b.hash(bytes.span, byteCount: 32)) == reference.digest
        else {
            throw HeirloomError(
                .server, .otherHandOver, "what lies at the media address is not what was announced")
        }
        return bytes
    }
}

extension Accepted {
    /// Adds the keys that are taken to the person's own key backup, and notes the bundle.
    ///
    /// - Throws: `noBackup` where the request did not ask for it.
    public func push(
        report: @escaping (Progress) -> Void = { _ in }
    ) async throws(HeirloomError) -> BackupPushReport {
        guard let backup else {
            throw HeirloomError(.server, .noBackup, "no key backup was asked for")
        }
        try plan.checkNotEmpty()
        var candidates: [BackupPush.Candidate] = []
        for (key, session) in try plan.takenSessions() {
            if let candidate = try BackupPush.Candidate(key, session.proof) {
                candidates.append(candidate)
            }
        }
        var push = BackupPush(home: receive.home, report: report)
        let result = try await push.push(candidates, of: room, to: backup)
        try receive.noteTakenIn(plan)
        return result
    }
}
