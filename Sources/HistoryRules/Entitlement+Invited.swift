import MatrixTypes

extension Entitlement {
    /// “If the user's membership was invite, and the history_visibility was set to invited, allow”
    /// (rule 4).
    ///
    /// The specification allows at once; keys go only once the user has joined, because the
    /// homeserver shows an invited person no history either.
    static func invited(_ circumstances: MessageCircumstances) -> Grant? {
        circumstances.visibility == .invited && circumstances.membership == .known(.invite)
            && circumstances.joinsLater ? .invited : nil
    }
}
