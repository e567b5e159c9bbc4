import MatrixTypes

extension Entitlement {
    /// “If history_visibility was set to shared, and the user joined the room at any point after the
    /// event was sent, allow” (rule 3); for keys, the user must be in the room now as well.
    ///
    /// A ban or a leave in between takes nothing away once they are back.
    static func sharedWithLaterMember(_ circumstances: MessageCircumstances) -> Grant? {
        circumstances.visibility == .shared && circumstances.joinsLater
            ? .sharedWithLaterMember : nil
    }
}
