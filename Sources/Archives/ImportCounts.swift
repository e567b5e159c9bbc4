/// What became of the keys of one import.
package struct ImportCounts: Hashable, Sendable {
    /// What became of one key.
    package enum Outcome: Hashable, Sendable {
        /// No copy of the session was held.
        case new
        /// It opens more than what was held, and agrees with it.
        case improved
        /// This ratchet was held already.
        case same
        /// It opens less than what is held.
        case worse
        /// It contradicts what is held, or the session is held under another room; kept apart.
        case conflicting
        /// Kept, and used only once a real event proves it.
        case quarantined
    }

    package internal(set) var new = 0
    package internal(set) var improved = 0
    package internal(set) var same = 0
    package internal(set) var worse = 0
    package internal(set) var conflicting = 0
    package internal(set) var quarantined = 0

    package var total: Int { new + improved + same + worse + conflicting + quarantined }

    mutating func add(_ outcome: Outcome) {
        switch outcome {
        case .new: new += 1
        case .improved: improved += 1
        case .same: same += 1
        case .worse: worse += 1
        case .conflicting: conflicting += 1
        case .quarantined: quarantined += 1
        }
    }
}

/// What an import came to.
package struct ImportAccount: Hashable, Sendable {
    package let counts: ImportCounts
    /// The journal's entry; `nil` where nothing changed: the archive then is as it was, and no entry
    /// was made.
    package let entry: EntryID?
    /// Keys that were counted as conflicting and not kept, because their session has as many
    /// different copies as are kept.
    package let droppedCount: Int
}
