package import MatrixTypes

/// What decides whether a person may see one message (Matrix client-server API, “Room history
/// visibility”).
package struct MessageCircumstances: Hashable, Sendable {
    /// The room's visibility when the message was sent; `nil` where the saved history does not say.
    package let visibility: HistoryVisibility?
    /// The person's membership at the message.
    package let membership: MembershipThen
    /// Whether the person joined at some time after the message, and is in the room now.
    package let joinsLater: Bool

    package init(
        visibility: HistoryVisibility?, membership: MembershipThen, joinsLater: Bool
    ) {
        self.visibility = visibility
        self.membership = membership
        self.joinsLater = joinsLater
    }
}

/// A person's membership at a message.
package enum MembershipThen: Hashable, Sendable {
    case known(Membership)
    /// Never had any.
    case none
    /// The saved history does not say.
    case unknown
}
