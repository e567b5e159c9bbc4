package import Bytes
package import MatrixTypes
package import Megolm

/// The keys of one room, gathered from key files in any order.
///
/// What comes out does not depend on the order in which copies went in: neither the first nor the
/// last nor the lowest index wins by being that.
package struct RoomSelection: Sendable {
    /// More different copies of one session than this are not compared.
    package static let copyLimit = 32

    /// What is known of one session: mostly one copy, for which no collections are kept.
    private enum Known {
        case once(RoomKey, source: Int)
        case often(Copies)

        /// The same, with room for another copy.
        var copies: Copies {
            switch self {
            case .once(let key, let source): Copies(key, source: source)
            case .often(let copies): copies
            }
        }
    }

    /// Everything known of one session that came more than once.
    private struct Copies {
        var distinct: [RoomKey]
        var owners: Set<OwnerClaims>
        var flags: Set<SharedHistory>
        var sources: Set<Int>
        var count = 1
        var isOverflowing = false

        init(_ key: RoomKey, source: Int) {
            distinct = [key]
            owners = [key.claims]
            flags = [key.sharedHistory]
            sources = [source]
        }

        mutating func add(_ key: RoomKey, source: Int) {
            count += 1
            sources.insert(source)
            flags.insert(key.sharedHistory)
            if owners.count < copyLimit { owners.insert(key.claims) }
            if distinct.contains(where: { $0.sessionKey.isIdentical(to: key.sessionKey) }) {
                return
            }
            if distinct.count < copyLimit {
                distinct.append(key)
            } else {
                isOverflowing = true
            }
        }
    }

    package let roomID: RoomID
    private var sessions: [SessionID: Known] = [:]
    /// The first eight bytes of session ids seen under other rooms.
    ///
    /// To make two equal on purpose takes 2⁶⁴ keys, and would gain a conflict, not a key.
    private var elsewhere: Set<UInt64> = []

    package init(roomID: RoomID) {
        self.roomID = roomID
    }

    /// Adds one entry of this room.
    package mutating func add(_ key: RoomKey, source: Int) {
        precondition(key.roomID == roomID)
        guard var copies = sessions.removeValue(forKey: key.sessionID)?.copies else {
            sessions[key.sessionID] = .once(key, source: source)
            return
        }
        copies.add(key, source: source)
        sessions[key.sessionID] = .often(copies)
    }

    /// Notes a session id that stands under another room.
    package mutating func addElsewhere(_ sessionID: Bytes32) {
        elsewhere.insert(sessionID.prefix)
    }

    /// What the copies amount to, in ascending order of session ids.
    ///
    /// - Throws: `MegolmError` where libolm fails on a key that passed all checks.
    package func merged() throws(MegolmError) -> [MergedSession] {
        var merged: [MergedSession] = []
        merged.reserveCapacity(sessions.count)
        for id in sessions.keys.sorted() {
            if let known = sessions[id] { merged.append(try merge(known.copies, of: id)) }
        }
        return merged
    }

    private func merge(
        _ copies: Copies, of sessionID: SessionID
    ) throws(MegolmError) -> MergedSession {
        if elsewhere.contains(sessionID.bytes.prefix) {
            return conflict(copies, of: sessionID, .claimedForAnotherRoom)
        }
        if copies.isOverflowing {
            return conflict(copies, of: sessionID, .tooManyCopies(limit: Self.copyLimit))
        }
        // The lowest key wound forward equals every other, or some two contradict each other.
        let ascending = copies.distinct.sorted { $0.firstKnownIndex < $1.firstKnownIndex }
        let lowest = ascending[0]
        for other in ascending.dropFirst() {
            guard try lowest.sessionKey.ordering(comparedTo: other.sessionKey) == .better else {
                return conflict(copies, of: sessionID, .unconnectedRatchets)
            }
        }
        var notes: MergeNotes = []
        let owner = Self.owner(of: copies.owners)
        if owner == nil { notes.insert(.ownerContested) }
        if copies.flags.isSuperset(of: [.shareable, .notShareable]) {
            notes.insert(.flagsDisagree)
        }
        let key = RoomKey(
            roomID: roomID, sessionKey: lowest.sessionKey, claims: owner ?? .unknown,
            sharedHistory: SharedHistory(saidBy: copies.flags))
        return .key(
            SelectedKey(
                key: key, sources: copies.sources.sorted(), copyCount: copies.count, notes: notes))
    }

    private func conflict(
        _ copies: Copies, of sessionID: SessionID, _ reason: SessionConflict.Reason
    ) -> MergedSession {
        .conflict(
            SessionConflict(
                roomID: roomID, sessionID: sessionID, candidates: copies.distinct,
                sources: copies.sources.sorted(), copyCount: copies.count, reason: reason))
    }

    /// What all copies say of the owner together; `nil` where they contradict each other.
    private static func owner(of claims: Set<OwnerClaims>) -> OwnerClaims? {
        var merged = OwnerClaims.unknown
        for claim in claims {
            guard let both = merged.merged(with: claim) else { return nil }
            merged = both
        }
        return merged
    }
}
