package import MatrixTypes
import Secrets

/// How one key of a session stands to another.
package enum SessionOrdering: Hashable, Sendable {
    /// The same ratchet at the same index.
    case equal
    /// The first key begins at a lower index, and wound forward it becomes the second.
    case better
    /// The first key begins at a higher index, and the second wound forward becomes it.
    case worse
    /// Two ratchets that do not belong together, or two sessions.
    case unconnected
}

extension ExportedSessionKey {
    /// How this key stands to another.
    ///
    /// Winds the lower one forward to the other's index and compares all of it. Mind that a
    /// comparison across a multiple of 256 proves less than it seems: see `provenBoundary`.
    package func ordering(
        comparedTo other: ExportedSessionKey
    ) throws(MegolmError) -> SessionOrdering {
        guard sessionID == other.sessionID else { return .unconnected }
        if firstKnownIndex == other.firstKnownIndex {
            return constantTimeEqual(ratchet, other.ratchet) ? .equal : .unconnected
        }
        if firstKnownIndex > other.firstKnownIndex {
            return try other.ordering(comparedTo: self) == .better ? .worse : .unconnected
        }
        let wound = try self.wound(to: other.firstKnownIndex)
        return constantTimeEqual(wound.ratchet, other.ratchet) ? .better : .unconnected
    }

    /// This session from `index` on; itself when it starts there already.
    ///
    /// - Throws: `unknownIndex` for an index before the first known one.
    package func wound(to index: MessageIndex) throws(MegolmError) -> ExportedSessionKey {
        if index == firstKnownIndex { return self }
        return try InboundGroupSession(self).export(at: index)
    }
}

extension MessageIndex {
    /// From where on a key with this first index is proven, when it agrees with trusted knowledge at
    /// `agreement`, an index not below it.
    ///
    /// Megolm forgets the fastest ratchet part at each multiple of 2⁸, the next at 2¹⁶, the next at
    /// 2²⁴: agreement beyond such a border says nothing of the part on this side of it. A sharer can
    /// spoil that part, and the key still connects.
    package func provenBoundary(agreeingAt agreement: MessageIndex) -> MessageIndex {
        precondition(agreement >= self)
        for shift in [UInt32(8), 16, 24] where value >> shift == agreement.value >> shift {
            return shift == 8 ? self : MessageIndex((value >> (shift - 8) + 1) << (shift - 8))
        }
        return MessageIndex((value >> 24 + 1) << 24)
    }
}
