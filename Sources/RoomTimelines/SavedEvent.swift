import Bytes
import MatrixTypes
import Megolm
import StrictJSON

/// One event of saved history, as far as anything here needs it (Matrix client-server API,
/// `ClientEvent`).
struct SavedEvent {
    enum Body {
        /// `m.room.encrypted` under Megolm. `senderKey` is the device key the sender wrote beside it.
        case message(SessionID, MegolmMessage, senderKey: Curve25519PublicKey?)
        /// `m.room.encrypted` whose content was redacted.
        case redactedMessage
        /// `m.room.encrypted` that is no Megolm message.
        case undecipherable
        /// `m.room.history_visibility`; a missing or unknown value counts as `shared`, as the Matrix
        /// specification has it for events.
        case visibility(HistoryVisibility, StatePredecessor<HistoryVisibility>)
        /// `m.room.member`; a membership nobody knows counts as `leave`.
        case membership(UserID, Membership, StatePredecessor<Membership>)
        /// `m.room.create`.
        case creation
        /// Anything else; it only keeps its place.
        case other
    }

    let id: String
    let sender: String
    /// `origin_server_ts`: milliseconds since 1970, as the sender's homeserver says.
    let timestamp: UInt64
    /// `unsigned.membership`: the standing, at the event, of whoever saved it (MSC4115).
    let readerMembership: Membership?
    let body: Body

    /// Whether visibility or memberships may hang on it.
    var isState: Bool {
        switch body {
        case .visibility, .membership, .creation: true
        case .message, .redactedMessage, .undecipherable, .other: false
        }
    }
}

/// An event that could not be read.
struct UnreadEvent: Error {
    let fault: EventFault
    /// Whether it may have changed the visibility or somebody's membership: then what they are is not
    /// known behind it.
    let mayBeState: Bool
}

/// What a state event says of the one it replaced.
struct StatePredecessor<Value: Hashable & Sendable>: Hashable, Sendable {
    /// `unsigned.replaces_state`.
    var id: EventID?
    /// From `unsigned.prev_content`.
    var value: Value?
}
