package import Bytes
package import MatrixTypes
import Megolm
import StrictJSON

/// Reads saved history, file by file, and makes a timeline of it.
///
/// ```
/// files ─▶ runs: stretches of events in their saved order ─▶ one order ─▶ timeline
/// ```
///
/// Holds about a hundred bytes an event, and of each session a few whole messages.
package struct TimelineBuilder {
    /// More events than this are refused.
    package static let eventLimit = 20_000_000

    /// How a stretch of events was saved, which says how far its order can be relied on.
    enum Saving {
        /// Fetched by this program: whole, newest first, in the homeserver's order.
        case fetched
        /// A homeserver's answer, or several that their tokens join: whole, either way round.
        case page
        /// Anything else: pieces may have been put one behind the other.
        case copied
    }

    /// A stretch of events in saved order, by their places in the order of reading.
    struct Run {
        /// Stands for an event that could not be read and may have been a state event.
        static let hole = UInt32.max

        var saving: Saving
        var events: [UInt32] = []
        /// A page's tokens, by which pages that do not overlap join.
        var start: String?
        var end: String?
    }

    /// The room; without a wish that of the first event.
    package private(set) var roomID: RoomID?
    private let wish: RoomID?
    /// Whose standing matters; `nil` for everybody's.
    let users: Set<UserID>?

    var events: [StoredEvent] = []
    var sessions: [StoredSession] = []
    var senders: [UserID] = []
    var visibilities: [StateChange<HistoryVisibility>] = []
    var memberships: [UserID: [StateChange<Membership>]] = [:]
    var runs: [Run] = []
    var texts = EventIdentityTexts()
    private var places = EventPlaces()
    private var sessionPlaces: [SessionID: UInt32] = [:]
    private var senderPlaces: [String: UInt32] = [:]
    private var visibilityPlaces: [UInt32: Int] = [:]

    /// - Parameters:
    ///   - roomID: the room whose events are taken; `nil` for that of the first event.
    ///   - users: whose standing is kept; `nil` for everybody's.
    package init(roomID: RoomID? = nil, users: Set<UserID>? = nil) {
        wish = roomID
        self.roomID = roomID
        self.users = users
    }

    /// Reads one file.
    ///
    /// - Parameter progress: told how many bytes have been passed, now and then.
    /// - Throws: `TimelineError`; what was read before stays.
    package mutating func read(
        _ source: any ByteSource, layout: HistoryLayout, progress: (Int) -> Void = { _ in }
    ) throws(TimelineError) -> HistoryTally {
        var tally = HistoryTally()
        var run = Run(saving: layout == .page ? .page : .copied)
        var elements = JSONElements(source, layout: layout.elements)
        while let element = try Self.next(&elements) {
            switch element {
            case .tooLong:
                tally.faults[.tooLong, default: 0] += 1
                run.events.append(Run.hole)
            case .member(let range, let name):
                let window = elements.window
                let text = Self.text(window.span, range)
                if name == 0 { run.start = text } else { run.end = text }
            case .value(let range, _):
                let window = elements.window
                let text = window.span.extracting(range)
                if layout == .lines, text.begins(with: HistoryLayout.fetchedHeader),
                    text.count == HistoryLayout.fetchedHeader.utf8CodeUnitCount
                {
                    runs.append(run)
                    run = Run(saving: .fetched)
                    continue
                }
                let event: SavedEvent?
                do throws(UnreadEvent) {
                    event = try SavedEvent(text, of: wish, room: &roomID)
                } catch {
                    tally.faults[error.fault, default: 0] += 1
                    if error.mayBeState { run.events.append(Run.hole) }
                    continue
                }
                guard let event else {
                    tally.otherRooms += 1
                    continue
                }
                try take(event, into: &run, &tally)
            }
            if tally.total % 1024 == 0 { progress(elements.byteOffset) }
        }
        if !run.events.isEmpty || run.start != nil { runs.append(run) }
        return tally
    }

    static func next(
        _ elements: inout JSONElements
    ) throws(TimelineError) -> JSONElements.Element? {
        do throws(StrictJSONError) {
            return try elements.next()
        } catch .stream(let error) {
            throw .stream(error)
        } catch {
            throw .json(error)
        }
    }

    /// A token: the JSON as it stands serves to compare by.
    private static func text(_ window: Span<UInt8>, _ range: Range<Int>) -> String? {
        guard window[range.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return String(decoding: [UInt8](window.extracting(range)), as: UTF8.self)
    }

    private mutating func take(
        _ event: SavedEvent, into run: inout Run, _ tally: inout HistoryTally
    ) throws(TimelineError) {
        guard let identity = texts.identity(of: event.id) else {
            tally.faults[.noID, default: 0] += 1
            if event.isState { run.events.append(Run.hole) }
            return
        }
        guard let sender = senderPlace(event.sender) else {
            tally.faults[.noSender, default: 0] += 1
            if event.isState { run.events.append(Run.hole) }
            return
        }
        if let place = places.place(of: identity, in: events) {
            tally.repeated += 1
            try merge(event, sender, at: place)
            if run.events.last != place { run.events.append(place) }
            return
        }
        guard events.count < Self.eventLimit else {
            throw .tooManyEvents(limit: Self.eventLimit)
        }
        let place = UInt32(events.count)
        var stored = StoredEvent(
            identity: identity, timestamp: event.timestamp, sender: sender, kind: .other)
        stored.readerMembership = Self.place(of: event.readerMembership)
        add(event.body, to: &stored, at: place)
        events.append(stored)
        places.insertLast(of: events)
        run.events.append(place)
        tally.taken += 1
    }

    /// Lets go of what only reading needs.
    mutating func endReading() {
        places = EventPlaces()
        senderPlaces = [:]
    }

    static func place(of membership: Membership?) -> UInt8 {
        guard let membership, let place = Membership.allCases.firstIndex(of: membership) else {
            return StoredEvent.noReaderMembership
        }
        return UInt8(place)
    }

    private mutating func add(
        _ body: SavedEvent.Body, to stored: inout StoredEvent, at place: UInt32
    ) {
        switch body {
        case .message(let id, let message, let senderKey):
            add(message, of: id, senderKey, to: &stored, at: place)
        case .redactedMessage: stored.kind = .redactedMessage
        case .undecipherable: stored.kind = .undecipherable
        case .creation: stored.kind = .creation
        case .other: stored.kind = .other
        case .visibility(let value, let predecessor):
            stored.kind = .state
            visibilityPlaces[place] = visibilities.count
            visibilities.append(
                StateChange(
                    place: Int(place), value: value, id: texts.eventID(stored.identity),
                    predecessor: predecessor))
        case .membership(let user, let value, let predecessor):
            stored.kind = .state
            guard users?.contains(user) ?? true else { return }
            memberships[user, default: []].append(
                StateChange(
                    place: Int(place), value: value, id: texts.eventID(stored.identity),
                    predecessor: predecessor))
        }
    }

    /// Adds a message to its session, unless it does not belong to it.
    ///
    /// Anybody in the room can send an event that names somebody else's session, and repeat a message
    /// that the session did sign. Whether the session signed it is checked where it costs little and
    /// says much: at a session's first message, and at all once another sender turned up.
    private mutating func add(
        _ message: MegolmMessage, of id: SessionID, _ senderKey: Curve25519PublicKey?,
        to stored: inout StoredEvent, at place: UInt32
    ) {
        let known = sessionPlaces[id]
        let isSolelySent = known.map { sessions[Int($0)].senders == [stored.sender] } ?? false
        if !isSolelySent {
            guard message.isSigned(by: id) else {
                stored.kind = .foreignMessage
                return
            }
            stored.isVerified = true
        }
        let session = known ?? UInt32(sessions.count)
        if known == nil {
            sessionPlaces[id] = session
            sessions.append(StoredSession(id: id, sender: stored.sender))
        }
        stored.kind = .message
        stored.session = session
        stored.index = message.index.value
        stored.tag = message.tag
        if !sessions[Int(session)].senders.contains(stored.sender) {
            sessions[Int(session)].senders.append(stored.sender)
            sessions[Int(session)].proofs.keep { $0.isVerified }
        }
        if let senderKey { sessions[Int(session)].note(senderKey, by: stored.sender) }
        sessions[Int(session)].proofs.offer(
            ProofEvent(
                position: Int(place), message: message, isVerified: stored.isVerified))
    }

    private mutating func senderPlace(_ text: String) -> UInt32? {
        if let place = senderPlaces[text] { return place }
        guard let user = try? UserID(text) else { return nil }
        let place = UInt32(senders.count)
        senders.append(user)
        senderPlaces[text] = place
        return place
    }

    /// Compares a further copy of an event with the first one and takes what only this one says.
    ///
    /// - Throws: `contradictoryCopies` where they are not the same event.
    private mutating func merge(
        _ event: SavedEvent, _ sender: UInt32, at place: UInt32
    ) throws(TimelineError) {
        var stored = events[Int(place)]
        let contradiction = TimelineError.contradictoryCopies(texts.eventID(stored.identity))
        guard stored.timestamp == event.timestamp, stored.sender == sender else {
            throw contradiction
        }
        switch (event.body, stored.kind) {
        case (.message(let id, let message, let senderKey), .redactedMessage):
            // Saved once before its redaction and once after.
            add(message, of: id, senderKey, to: &stored, at: place)
            events[Int(place)] = stored
        case (.message(let id, let message, _), .message):
            guard sessions[Int(stored.session)].id == id, stored.index == message.index.value,
                stored.tag == message.tag
            else { throw contradiction }
        case (.visibility(let value, let predecessor), .state):
            guard let number = visibilityPlaces[place], visibilities[number].value == value else {
                throw contradiction
            }
            visibilities[number].predecessor.fill(from: predecessor)
        case (.membership(let user, let value, let predecessor), .state):
            guard users?.contains(user) ?? true else { return }
            guard
                let number = memberships[user]?.firstIndex(where: { $0.place == Int(place) }),
                memberships[user]?[number].value == value
            else { throw contradiction }
            memberships[user]?[number].predecessor.fill(from: predecessor)
        case (.redactedMessage, .message), (.message, .foreignMessage),
            (.redactedMessage, .foreignMessage), (.redactedMessage, .redactedMessage),
            (.undecipherable, .undecipherable), (.redactedMessage, .undecipherable),
            (.creation, .creation), (.other, .other):
            return
        default: throw contradiction
        }
    }
}

extension StatePredecessor {
    /// What one reader was not shown another may have been.
    fileprivate mutating func fill(from other: StatePredecessor) {
        id = id ?? other.id
        value = value ?? other.value
    }
}
