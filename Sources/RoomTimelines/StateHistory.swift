package import MatrixTypes

/// What is known of one piece of room state at some event.
package enum StateThen<Value: Hashable & Sendable>: Hashable, Sendable {
    /// Its value, and the state event that set it where that is known.
    case known(Value, by: EventID?)
    /// Never set since the room's creation.
    case neverSet
    /// The saved history does not say.
    case unknown
}

/// One piece of room state over time: the visibility, or one person's membership.
///
/// From a state event on its value holds, until the next one or a gap in the saved history; and before
/// one, back to a gap, what it says that it replaced. Where the next one says that it replaced another,
/// the value is unknown.
package struct StateHistory<Value: Hashable & Sendable>: Sendable {
    /// The state events, by position.
    package let changes: [StateEvent<Value>]
    private let predecessors: [StatePredecessor<Value>]
    /// Whether the first change follows the room's creation with nothing missing between.
    private let beginsWithCreation: Bool
    private let gaps: [Int]

    init(_ changes: [StateChange<Value>], gaps: [Int], beginsWithCreation: Bool) {
        let sorted = changes.sorted { $0.place < $1.place }
        self.changes = sorted.map { StateEvent(position: $0.place, value: $0.value, id: $0.id) }
        predecessors = sorted.map(\.predecessor)
        self.gaps = gaps
        self.beginsWithCreation = beginsWithCreation
    }

    /// The state after the event at `position`.
    package func state(after position: Int) -> StateThen<Value> {
        state(withChanges: changes.partitioningIndex { $0.position > position }, at: position)
    }

    /// The state before the event at `position`.
    package func state(before position: Int) -> StateThen<Value> {
        state(withChanges: changes.partitioningIndex { $0.position >= position }, at: position)
    }

    /// The state where `count` changes have happened.
    ///
    /// The change before says it where nothing is missing since, and the change behind where nothing
    /// is missing until then. What lies between two gaps nobody's word reaches: that it lies there at
    /// all only clocks say, which anybody in the room can set.
    private func state(withChanges count: Int, at position: Int) -> StateThen<Value> {
        let next = count < changes.count ? predecessors[count] : nil
        guard count > 0 else { return stateAtFirst(next, at: position) }
        let last = changes[count - 1]
        let known = StateThen.known(last.value, by: last.id)
        if let replaced = next?.id, replaced != last.id { return .unknown }
        if !hasGap(after: last.position, upTo: position) { return known }
        guard next?.id != nil, !hasGap(after: position, upTo: changes[count].position) else {
            return .unknown
        }
        return known
    }

    /// The changes that no other one is known to have replaced.
    var ends: [StateEvent<Value>] {
        let replaced = Set(predecessors.compactMap(\.id))
        return changes.indices.filter { place in
            let isFollowed =
                place + 1 < changes.count
                && !hasGap(after: changes[place].position, upTo: changes[place + 1].position)
            return !isFollowed && !replaced.contains(changes[place].id)
        }.map { changes[$0] }
    }

    /// The state before any change that is saved.
    private func stateAtFirst(
        _ next: StatePredecessor<Value>?, at position: Int
    ) -> StateThen<Value> {
        let end = changes.first?.position ?? Int.max
        let isWhole = beginsWithCreation && !hasGap(after: 0, upTo: min(end, position))
        guard let next else { return isWhole ? .neverSet : .unknown }
        if next.id != nil || next.value != nil {
            guard let value = next.value, !beginsWithCreation,
                !hasGap(after: position, upTo: end)
            else { return .unknown }
            return .known(value, by: next.id)
        }
        return isWhole ? .neverSet : .unknown
    }

    private func hasGap(after start: Int, upTo end: Int) -> Bool {
        let number = gaps.partitioningIndex { $0 > start }
        return number < gaps.count && gaps[number] <= end
    }
}

/// A state event in the timeline.
package struct StateEvent<Value: Hashable & Sendable>: Hashable, Sendable {
    package let position: Int
    package let value: Value
    package let id: EventID
}

extension Array {
    /// Where the first element stands that `belongs` holds of, given that it holds of none before
    /// and of all behind it.
    func partitioningIndex(where belongs: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
