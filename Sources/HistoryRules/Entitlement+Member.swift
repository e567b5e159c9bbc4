import MatrixTypes

extension Entitlement {
    /// “If the user's membership was join, allow” (rule 2): whatever the visibility, even where
    /// nobody knows it.
    static func member(_ circumstances: MessageCircumstances) -> Grant? {
        circumstances.membership == .known(.join) ? .member : nil
    }
}
