import Bytes
import Carriers
import Foundation
import Homeserver
import MatrixTypes
import RoomTimelines
import Sealing

/// Which part of a room's past is to be fetched.
public struct HistoryFetchRequest: Sendable {
    /// The room's id.
    public var room: String
    /// Whose login to use; `nil` for the only one.
    public var user: String?
    /// From when on: ISO 8601 with a zone, or a span back from now; `nil` for the beginning.
    public var since: String?
    /// Whether all events are saved, not only those that rules and proofs rest on.
    public var isFull = false

    /// A request for a room's whole past.
    public init(room: String) {
        self.room = room
    }
}

/// What was fetched.
public struct HistoryFetchReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.history-fetch.v1"
    /// The room's id.
    public let room: String
    /// By whose eyes: a homeserver shows everybody what they may see.
    public let user: String
    /// The saved events, newest first: a line that says so, and then one event a line.
    public let path: String
    /// The room's state now, an array of events.
    public let statePath: String
    /// Events saved.
    public let events: Int
    /// Those of them that cannot be read: each is a gap in the history.
    public let unread: Int
    /// Pages asked for, over all runs.
    public let pages: Int
    /// Whether an interrupted fetch was taken up again.
    public let isResumed: Bool
    /// Whether the room's creation was reached.
    public let hasBeginning: Bool
    /// When the oldest event was sent, as its server says, ISO 8601; `nil` where there is none.
    public let oldest: String?
    /// Changes of visibility at which the server was asked for its state, and agreed.
    public let checked: Int
    /// Changes at which it shows no state.
    public let unchecked: Int
    /// The size of the saved events.
    public let byteCount: Int
}

/// Fetches a room's past as evidence: resumable page by page, checked against the server's own state.
///
/// ```
/// FILE.part         events so far, one a line
/// FILE.part.json    where to go on
/// FILE              all of it; appears when it is whole
/// FILE.state.json   the room's state now
/// ```
public struct HistoryFetch {
    /// What rules and proofs rest on.
    private static let filter =
        #"{"types":["m.room.encrypted","m.room.history_visibility","m.room.member","#
        + #""m.room.encryption","m.room.create"],"lazy_load_members":false}"#
    /// More changes of visibility than this are not asked about.
    private static let checkLimit = 100
    /// So many pages in a row without an event are a server's mistake, or its malice.
    private static let emptyPageLimit = 1000

    let request: HistoryFetchRequest
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void

    /// Begins; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - report: told how many events there are so far.
    public init(
        _ request: HistoryFetchRequest, home: Home, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.now = now
        self.report = report
    }

    /// Fetches into a file; what an earlier run fetched is not fetched again.
    ///
    /// - Parameter replacing: whether a file of that name, or what is left of another fetch, may go.
    public func run(
        into path: String, replacing: Bool = false
    ) async throws(HeirloomError) -> HistoryFetchReport {
        let room = try RoomID(argument: request.room)
        let since = try request.since.map { text throws(HeirloomError) in
            try PointInTime.milliseconds(text, now: now, named: "--since")
        }
        let session = try home.session(of: request.user)
        let destinations = (
            events: Destination(path: path, replacing: replacing),
            state: Destination(path: path + ".state.json", replacing: replacing)
        )
        try destinations.events.check()
        try destinations.state.check()
        let lock = try home.lock(path + ".part", step: .history)
        defer {
            withExtendedLifetime(lock) {}
            // An empty file that stays is no harm.
            try? Folder.remove(path + ".part.lock")
        }
        let asked = FetchBookmark(
            room: room.text, user: session.user.text, since: request.since,
            isFull: request.isFull)
        var fetch = try PartialFetch.begin(at: path, asked, replacing: replacing)
        do throws(HeirloomError) {
            try await page(room, since, session, &fetch)
        } catch {
            fetch.forgetIfEmpty()
            throw error
        }
        try await addStateBefore(room, session, &fetch)
        let (checked, unchecked) = try await check(room, session, fetch.bookmark)
        let state = try await session.asking { client async throws(HomeserverError) in
            try await client.state(of: room)
        }
        try destinations.state.write(Self.array(state))
        let byteCount = fetch.file.byteCount
        try fetch.finish(as: path, replacing: replacing)
        let bookmark = fetch.bookmark
        return HistoryFetchReport(
            room: room.text, user: session.user.text, path: path,
            statePath: destinations.state.path, events: bookmark.events,
            unread: bookmark.unread, pages: bookmark.pages,
            isResumed: fetch.isResumed, hasBeginning: bookmark.hasBeginning,
            oldest: bookmark.oldestTimestamp.map { UTCDate.text(milliseconds: $0) },
            checked: checked, unchecked: unchecked, byteCount: byteCount)
    }

    /// Newest first, so that a window's end is near.
    private func page(
        _ room: RoomID, _ since: UInt64?, _ session: ServerSession, _ fetch: inout PartialFetch
    ) async throws(HeirloomError) {
        var met = Set<String>()
        var emptyPages = 0
        while !fetch.bookmark.isDone {
            let from = fetch.bookmark.next
            let filter = request.isFull ? nil : Self.filter
            let page = try await session.asking { client async throws(HomeserverError) in
                try await client.messages(of: room, from: from, newestFirst: true, filter: filter)
            }
            emptyPages = page.events.isEmpty ? emptyPages + 1 : 0
            let isRound = page.next.map { !met.insert($0).inserted || $0 == from } ?? false
            guard !isRound, emptyPages < Self.emptyPageLimit else {
                throw HeirloomError(
                    .server, .malformedAnswer,
                    "\(session.name.shown): its pages of messages do not come to an end")
            }
            guard fetch.bookmark.events + page.events.count <= TimelineBuilder.eventLimit,
                fetch.bookmark.byteCount <= History.fileByteCount
            else {
                throw HeirloomError(
                    .server, .overLimit, "\(session.name.shown): it gives more history than is read"
                )
            }
            let times = page.events.compactMap(\.timestamp)
            let isBefore = since.map { since in
                !times.isEmpty && times.allSatisfy { $0 < since }
            }
            try fetch.add(page, isLast: page.next == nil || isBefore == true)
            report(Progress(work: .fetchingHistory, count: fetch.bookmark.events))
        }
    }

    /// Where the room's creation is not shown, what visibility and memberships were before the oldest
    /// event stands behind it.
    private func addStateBefore(
        _ room: RoomID, _ session: ServerSession, _ fetch: inout PartialFetch
    ) async throws(HeirloomError) {
        guard !fetch.bookmark.hasBeginning, !fetch.bookmark.hasState,
            let oldest = fetch.bookmark.oldest
        else { return }
        let state = try await session.asking { client async throws(HomeserverError) in
            try await client.state(of: room, at: oldest)
        }
        let wanted = (state ?? []).filter {
            let isVisibility = $0.type == "m.room.history_visibility" && $0.stateKey == ""
            return (isVisibility || $0.type == "m.room.member") && $0.id != oldest && $0.id != nil
        }
        try fetch.addState(wanted.sorted { ($0.timestamp ?? 0) > ($1.timestamp ?? 0) })
    }

    /// Asks for the server's own state at each change of visibility.
    ///
    /// - Throws: `contradictoryHistory` where it is another one.
    private func check(
        _ room: RoomID, _ session: ServerSession, _ bookmark: FetchBookmark
    ) async throws(HeirloomError) -> (checked: Int, unchecked: Int) {
        var (checked, unchecked) = (0, 0)
        for change in bookmark.changes.prefix(Self.checkLimit) {
            let state = try await session.asking { client async throws(HomeserverError) in
                try await client.state(of: room, at: change.id)
            }
            guard let state else {
                unchecked += 1
                continue
            }
            let current = state.first {
                $0.type == "m.room.history_visibility" && $0.stateKey == ""
            }
            let isSame = current?.id == change.id && current?.visibility == change.visibility
            // Some servers give the state before the event.
            guard isSame || current?.id == change.replaces else {
                throw HeirloomError(
                    .history, .contradictoryHistory,
                    "\(session.name.shown): at \(change.id.shown) its messages say one visibility "
                        + "and its state another")
            }
            checked += 1
        }
        return (checked, unchecked + max(0, bookmark.changes.count - Self.checkLimit))
    }

    private static func array(_ events: [ServerEvent]) -> [UInt8] {
        var text = Array("[\n".utf8)
        for (place, event) in events.enumerated() {
            if place > 0 { text += Array(",\n".utf8) }
            text += event.text
        }
        return text + Array("\n]\n".utf8)
    }
}
