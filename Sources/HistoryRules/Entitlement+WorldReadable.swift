import MatrixTypes

extension Entitlement {
    /// “If the history_visibility was set to world_readable, allow” (rule 1): whoever it is.
    static func worldReadable(_ circumstances: MessageCircumstances) -> Grant? {
        circumstances.visibility == .worldReadable ? .worldReadable : nil
    }
}
