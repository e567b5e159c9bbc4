/// A user's standing in a room: `membership` of `m.room.member` (Matrix spec, "Room membership").
package enum Membership: String, CaseIterable, Hashable, Sendable {
    case join
    case invite
    case knock
    case leave
    case ban
}
