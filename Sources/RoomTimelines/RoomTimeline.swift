package import MatrixTypes
import Megolm

/// One room's saved history in order: the evidence that rules, windows and proofs rest on.
///
/// All of it is the homeserver's word, and knows no keys.
package struct RoomTimeline: Sendable {
    package let roomID: RoomID
    /// Positions that a gap stands before, where nothing joins what was saved.
    package let gaps: [Int]
    /// Whether the room's creation is among the events, as the first of them.
    package let beginsWithCreation: Bool
    /// Everybody who sent an event.
    package let senders: [UserID]

    let events: [StoredEvent]
    let texts: EventIdentityTexts
    private let visibility: StateHistory<HistoryVisibility>
    private let memberships: [UserID: StateHistory<Membership>]
    private let users: Set<UserID>?
    private let sessions: [StoredSession]
    private let places: [SessionID: Int]
    /// The messages of session s stand at `offsets[s] ..< offsets[s + 1]`, ascending by index.
    private let offsets: [UInt32]
    private let messages: [UInt32]

    init(
        roomID: RoomID, gaps: [Int], beginsWithCreation: Bool, senders: [UserID],
        events: [StoredEvent], texts: EventIdentityTexts,
        visibility: StateHistory<HistoryVisibility>,
        memberships: [UserID: StateHistory<Membership>], users: Set<UserID>?,
        sessions: [StoredSession]
    ) {
        self.roomID = roomID
        self.gaps = gaps
        self.beginsWithCreation = beginsWithCreation
        self.senders = senders
        self.events = events
        self.texts = texts
        self.visibility = visibility
        self.memberships = memberships
        self.users = users
        self.sessions = sessions
        var places: [SessionID: Int] = [:]
        for (place, session) in sessions.enumerated() { places[session.id] = place }
        self.places = places
        var offsets = [UInt32](repeating: 0, count: sessions.count + 1)
        for event in events where event.session != StoredEvent.noSession {
            offsets[Int(event.session) + 1] += 1
        }
        for place in sessions.indices { offsets[place + 1] += offsets[place] }
        var messages = [UInt32](repeating: 0, count: Int(offsets[sessions.count]))
        var filled = offsets
        for (position, event) in events.enumerated() where event.session != StoredEvent.noSession {
            messages[Int(filled[Int(event.session)])] = UInt32(position)
            filled[Int(event.session)] += 1
        }
        for place in sessions.indices {
            messages[Int(offsets[place])..<Int(offsets[place + 1])]
                .sort { (events[Int($0)].index, $0) < (events[Int($1)].index, $1) }
        }
        self.offsets = offsets
        self.messages = messages
    }

    func sessionID(at place: Int) -> SessionID { sessions[place].id }

    /// How many events there are.
    package var eventCount: Int { events.count }

    /// The id of the event at a position.
    package func eventID(at position: Int) -> EventID {
        texts.eventID(events[position].identity)
    }

    /// When its sender's homeserver says it was sent, milliseconds since 1970.
    package func timestamp(at position: Int) -> UInt64 {
        events[position].timestamp
    }

    /// The sessions that messages were seen of, in ascending order.
    package var sessionIDs: [SessionID] { places.keys.sorted() }

    /// A session's messages, ascending by index; empty where none is known.
    package func messages(of session: SessionID) -> [SeenMessage] {
        guard let place = places[session] else { return [] }
        return messages[Int(offsets[place])..<Int(offsets[place + 1])].map { position in
            let event = events[Int(position)]
            return SeenMessage(
                position: Int(position), index: MessageIndex(event.index),
                timestamp: event.timestamp, sender: Int(event.sender))
        }
    }

    /// The messages of a session that are kept whole, ascending by index.
    package func proofEvents(of session: SessionID) -> [ProofEvent] {
        places[session].map { sessions[$0].proofs.ascending } ?? []
    }

    /// Who sent a session's messages: more than one person contradict each other.
    package func senders(of session: SessionID) -> [UserID] {
        places[session].map { sessions[$0].senders.map { senders[Int($0)] } } ?? []
    }

    /// The device keys that a session's messages carry.
    package func senderKeys(of session: SessionID) -> [Curve25519PublicKey] {
        var keys: [Curve25519PublicKey] = []
        for key in places[session].map({ sessions[$0].senderKeys }) ?? []
        where !keys.contains(key.key) {
            keys.append(key.key)
        }
        return keys
    }

    /// Pairs of different messages at one index of a session, and messages sent again.
    package func repeats(of session: SessionID) -> (messages: [EventID], copies: [EventID]) {
        guard let place = places[session] else { return ([], []) }
        let range = messages[Int(offsets[place])..<Int(offsets[place + 1])]
        var result: (messages: [EventID], copies: [EventID]) = ([], [])
        for (first, second) in zip(range, range.dropFirst())
        where events[Int(first)].index == events[Int(second)].index {
            if events[Int(first)].tag == events[Int(second)].tag {
                result.copies.append(eventID(at: Int(second)))
            } else {
                result.messages.append(eventID(at: Int(second)))
            }
        }
        return result
    }

    /// The state events that set the room's history visibility.
    package var visibilityChanges: [StateEvent<HistoryVisibility>] { visibility.changes }

    /// The room's history visibility at an event, before it and after it.
    package func visibility(at position: Int) -> StateAround<HistoryVisibility> {
        StateAround(
            before: visibility.state(before: position), after: visibility.state(after: position))
    }

    /// One person's membership events.
    package func membershipChanges(of user: UserID) -> [StateEvent<Membership>] {
        memberships[user]?.changes ?? []
    }

    /// The membership events of one person that none which is saved has replaced.
    ///
    /// One in a history without gaps.
    package func membershipEnds(of user: UserID) -> [StateEvent<Membership>] {
        memberships[user]?.ends ?? []
    }

    /// One person's membership at an event, before it and after it.
    ///
    /// The person must be among those the timeline was made for.
    package func membership(of user: UserID, at position: Int) -> StateAround<Membership> {
        precondition(users?.contains(user) ?? true, "the timeline was not made for this user")
        guard let history = memberships[user] else {
            let state = emptyMembership.state(after: position)
            return StateAround(before: state, after: state)
        }
        return StateAround(
            before: history.state(before: position), after: history.state(after: position))
    }

    /// What `unsigned.membership` says: the standing, after the event, of whoever saved it.
    package func readerMembership(at position: Int) -> Membership? {
        let place = events[position].readerMembership
        return place == StoredEvent.noReaderMembership ? nil : Membership.allCases[Int(place)]
    }

    private var emptyMembership: StateHistory<Membership> {
        StateHistory([], gaps: gaps, beginsWithCreation: beginsWithCreation)
    }
}

/// Room state on both sides of an event.
package struct StateAround<Value: Hashable & Sendable>: Hashable, Sendable {
    package let before: StateThen<Value>
    package let after: StateThen<Value>
}
