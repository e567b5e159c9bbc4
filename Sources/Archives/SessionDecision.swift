import MatrixTypes
import Megolm

/// Which of a session's copies counts, from which index on, and how sure that is.
///
/// Decided anew at every reading from what the sources brought and what events proved, so that taking
/// a source back, or proving a key, needs nothing rewritten.
struct SessionDecision: Sendable {
    /// One distinct ratchet of the session, with what is known of it.
    struct Copy: Sendable {
        let number: Int64
        let key: ExportedSessionKey
        /// The first import that brought it.
        let arrival: Int64
        /// Whether every source that brought it is one to be taken only on proof.
        let isQuarantined: Bool
        /// From where on an event proved it.
        var provenFrom: MessageIndex?
        /// Whether an event failed to open under it.
        var isRefuted = false
    }

    /// The ratchet to use, wound forward to where it may be used from.
    let key: ExportedSessionKey
    /// The copy it was made from.
    let chosen: Int64
    let standing: Standing
    /// How each copy stands to the one chosen.
    let relations: [Int64: CopyRelation]

    /// - Returns: `nil` where no copy is left that no event refuted.
    /// - Throws: `MegolmError` where libolm fails on a key that passed all checks.
    init?(_ copies: [Copy]) throws(MegolmError) {
        guard let (anchor, start, standing) = Self.anchor(of: copies) else { return nil }
        var key = try anchor.key.wound(to: start)
        var chosen = anchor.number
        var isContested = false
        var relations: [Int64: CopyRelation] = [:]
        for copy in copies.sorted(by: Self.inOrder) where copy.number != anchor.number {
            let mayBeUsed = standing != .vouched || !copy.isQuarantined
            switch try copy.key.ordering(comparedTo: key) {
            case .equal, .worse: relations[copy.number] = .agrees
            case .unconnected:
                relations[copy.number] = .contradicts
                if mayBeUsed && !copy.isRefuted { isContested = true }
            case .better:
                // Agreement across a border of the ratchet proves nothing below that border.
                let border = copy.firstKnownIndex.provenBoundary(agreeingAt: key.firstKnownIndex)
                if border < key.firstKnownIndex, mayBeUsed, !copy.isRefuted {
                    key = try copy.key.wound(to: border)
                    chosen = copy.number
                }
                relations[copy.number] =
                    copy.firstKnownIndex == key.firstKnownIndex ? .agrees : .awaitsProof
            }
        }
        relations[anchor.number] =
            anchor.firstKnownIndex < start ? .awaitsProof : .agrees
        self.key = key
        self.chosen = chosen
        self.standing = standing == .vouched && isContested ? .contested : standing
        self.relations = relations
    }

    /// The copy that everything else is held against, and from where it counts: what reaches lowest
    /// of the proven ones, else the first that came.
    private static func anchor(of copies: [Copy]) -> (Copy, MessageIndex, Standing)? {
        let proven = copies.compactMap { copy in copy.provenFrom.map { (copy, $0) } }
        if let lowest = proven.min(by: {
            $0.1 == $1.1 ? inOrder($0.0, $1.0) : $0.1 < $1.1
        }) {
            return (lowest.0, lowest.1, .proven)
        }
        let left = copies.filter { !$0.isRefuted }.sorted(by: inOrder)
        if let held = left.first(where: { !$0.isQuarantined }) {
            return (held, held.firstKnownIndex, .vouched)
        }
        return left.first.map { ($0, $0.firstKnownIndex, .quarantined) }
    }

    /// By arrival; copies of one import by index, so that their order in the file decides nothing.
    private static func inOrder(_ left: Copy, _ right: Copy) -> Bool {
        (left.arrival, left.firstKnownIndex, left.number)
            < (right.arrival, right.firstKnownIndex, right.number)
    }
}

extension SessionDecision.Copy {
    var firstKnownIndex: MessageIndex { key.firstKnownIndex }
}

/// How sure a session's key is.
package enum Standing: Hashable, Sendable {
    /// A real event opened under it.
    case proven
    /// Whoever gave it is believed.
    case vouched
    /// Copies contradict each other, or the session came for another room first; no event has decided.
    case contested
    /// Nobody who is believed gave it, and no event has proved it.
    case quarantined
}

/// How one copy of a session stands to the one that counts.
package enum CopyRelation: Hashable, Sendable {
    /// It is that one, or what that one becomes further on.
    case agrees
    /// It reaches lower than is proven of it: below, it counts once an event opens there.
    case awaitsProof
    /// It is another ratchet: one of the two is false.
    case contradicts
}
