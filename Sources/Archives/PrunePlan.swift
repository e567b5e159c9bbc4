package import MatrixTypes

/// What is to be taken away.
package enum PruneRule: Hashable, Sendable {
    /// Every session of a room.
    case room(RoomID)
    /// Every session of which nothing was added at this time or later, in milliseconds since 1970;
    /// of one room, or of all.
    case addedBefore(milliseconds: UInt64, RoomID?)
    /// These sessions of a room.
    case sessions(RoomID, Set<SessionID>)
    /// What these sessions of a room open before an index: their copies are wound forward to it.
    case windForward(RoomID, [SessionID: MessageIndex])
}

/// What a prune would do, for a person to look at before it is applied.
package struct PrunePlan: Hashable, Sendable {
    package let rule: PruneRule
    /// By room, what would go or be wound forward.
    package let rooms: [ArchivedRoom]
    /// The journal's last entry when the plan was made.
    let stamp: Int64

    package var sessionCount: Int { rooms.reduce(0) { $0 + $1.sessionCount } }
    package var copyCount: Int { rooms.reduce(0) { $0 + $1.copyCount } }
}
