import Bytes
import MatrixTypes

/// What is kept of every event: 64 bytes, so that a million of them fit.
struct StoredEvent {
    static let noSession = UInt32.max
    static let noReaderMembership = UInt8.max

    /// The identity in its two parts, so that no byte between them is wasted.
    private let identityBytes: Bytes32
    let timestamp: UInt64
    /// The session's place in the timeline's list; `noSession` for all but Megolm messages.
    var session = Self.noSession
    /// The message's index in its session.
    var index: UInt32 = 0
    /// The message's hash, to tell a message sent twice from two.
    var tag: UInt32 = 0
    /// The sender's place in the timeline's list.
    let sender: UInt32
    private let spelling: EventIdentity.Spelling
    var kind: Kind
    /// The place of a `Membership` among all cases.
    var readerMembership = Self.noReaderMembership
    /// Whether the session's signature on the message was checked.
    var isVerified = false

    init(identity: EventIdentity, timestamp: UInt64, sender: UInt32, kind: Kind) {
        identityBytes = identity.bytes
        spelling = identity.spelling
        self.timestamp = timestamp
        self.sender = sender
        self.kind = kind
    }

    var identity: EventIdentity { EventIdentity(bytes: identityBytes, spelling: spelling) }

    enum Kind: UInt8 {
        case message
        case redactedMessage
        case undecipherable
        case state
        case creation
        case other
        /// Claims a session whose signature it does not bear.
        case foreignMessage
        /// Repeats a message that somebody else sent.
        case replay
    }
}

/// A state event that matters, with its place in the order of reading and later in the timeline.
struct StateChange<Value: Hashable & Sendable>: Hashable, Sendable {
    var place: Int
    let value: Value
    let id: EventID
    var predecessor: StatePredecessor<Value>
}
