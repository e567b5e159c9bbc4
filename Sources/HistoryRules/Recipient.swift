package import MatrixTypes

/// For whom is judged.
package struct Recipient: Hashable, Sendable {
    package let user: UserID
    /// Whether they count as joining the room now, as the last event of all: for a newcomer who is
    /// handed the past before joining.
    ///
    /// Changes nothing for who is banned.
    package let isJoining: Bool

    package init(user: UserID, isJoining: Bool = false) {
        self.user = user
        self.isJoining = isJoining
    }
}
