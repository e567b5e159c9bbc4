package import MatrixTypes
package import Megolm

/// What the copies of one session, from all key files together, amount to.
package enum MergedSession: Sendable {
    /// They agree; this is the one that opens most.
    case key(SelectedKey)
    /// They contradict each other, and without a real message nobody can tell which is right.
    case conflict(SessionConflict)

    package var roomID: RoomID {
        switch self {
        case .key(let selected): selected.key.roomID
        case .conflict(let conflict): conflict.roomID
        }
    }

    package var sessionID: SessionID {
        switch self {
        case .key(let selected): selected.key.sessionID
        case .conflict(let conflict): conflict.sessionID
        }
    }
}

/// A session whose copies agree.
package struct SelectedKey: Sendable {
    /// The copy with the lowest index, with what all copies say of owner and flag.
    package let key: RoomKey
    /// Which key files hold it, by their places.
    package let sources: [Int]
    /// How many entries were copies of it.
    package let copyCount: Int
    package let notes: MergeNotes
}

/// What was unusual about a merge.
package struct MergeNotes: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Copies name different owners; the owner counts as unknown.
    package static let ownerContested = MergeNotes(rawValue: 1 << 0)
    /// One copy says shareable and another says not; it counts as not.
    package static let flagsDisagree = MergeNotes(rawValue: 1 << 1)
    /// Copies contradicted each other, and a real message decided.
    package static let decidedByMessage = MergeNotes(rawValue: 1 << 2)
}

/// A session whose copies contradict each other.
///
/// All of them are kept, so that evidence may decide.
package struct SessionConflict: Sendable {
    package enum Reason: Hashable, Sendable {
        /// Two ratchets under one session id: at least one is false.
        case unconnectedRatchets
        /// The same session stands under another room too.
        case claimedForAnotherRoom
        /// More different copies than are compared.
        case tooManyCopies(limit: Int)
    }

    package let roomID: RoomID
    package let sessionID: SessionID
    package let candidates: [RoomKey]
    package let sources: [Int]
    package let copyCount: Int
    package let reason: Reason

    /// The session as one of the candidates has it, because a real message decided for that one.
    package func decided(for key: RoomKey) -> SelectedKey {
        SelectedKey(key: key, sources: sources, copyCount: copyCount, notes: .decidedByMessage)
    }
}

extension SessionConflict.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unconnectedRatchets: "two copies of it do not belong together"
        case .claimedForAnotherRoom: "the same session stands under another room too"
        case .tooManyCopies(let limit): "more than \(limit) different copies of it"
        }
    }
}
