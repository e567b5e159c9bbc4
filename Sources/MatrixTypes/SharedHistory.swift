/// What a key file says of a session's `shared_history` flag: whether its creator allowed it to be
/// given to people who join later (Matrix spec 1.19, "Shareable encryption sessions").
///
/// An export cannot tell "not shareable" from "older than the flag", so an absent flag is kept
/// apart from a false one, though both mean no.
package enum SharedHistory: Hashable, Sendable {
    /// The flag is there and true, in every spelling that is there.
    case shareable
    /// The flag is there and false, not a Boolean, or two spellings disagree.
    case notShareable
    /// No flag in any spelling.
    case unstated

    /// What several sources say together: a copy that lost the flag on its way says nothing against
    /// one that has it.
    package init(saidBy flags: Set<SharedHistory>) {
        if flags.contains(.notShareable) {
            self = .notShareable
        } else {
            self = flags.contains(.shareable) ? .shareable : .unstated
        }
    }
}
