package import MatrixTypes

/// What a newly arrived key does to the one already held of the same session.
///
/// A held key is never replaced by one that does not connect to it, and a lower index is taken only
/// down to where agreement proves it.
package enum KeyMerge: Hashable, Sendable {
    /// It opens more: take it from this index on.
    case improved(from: MessageIndex)
    /// It is what is held.
    case same
    /// It opens less than what is held.
    case worse
    /// It connects to what is held only across a border where Megolm forgets: what it adds is not
    /// proven, and waits for a message that it opens.
    case unproven
    /// Two keys that do not belong together; the held one stays.
    case conflict

    /// - Parameter provenFrom: from where on real messages prove the candidate; `nil` for no proof.
    package init(
        _ candidate: ExportedSessionKey, provenFrom: MessageIndex? = nil,
        into held: ExportedSessionKey
    ) throws(MegolmError) {
        switch try candidate.ordering(comparedTo: held) {
        case .equal: self = .same
        case .worse: self = .worse
        case .unconnected: self = .conflict
        case .better:
            let agreed = candidate.firstKnownIndex.provenBoundary(
                agreeingAt: held.firstKnownIndex)
            let from = min(agreed, provenFrom ?? agreed)
            self = from < held.firstKnownIndex ? .improved(from: from) : .unproven
        }
    }
}
