/// One order out of pieces that overlap: each piece's own order kept, and where they leave it open,
/// by time.
struct PieceMerge {
    /// How many events must come before each.
    private var waiting: [UInt32]
    /// Where each event's successors begin in `successors`, and at its end their count.
    private var offsets: [UInt32]
    private var successors: [UInt32]

    init(_ pieces: [[UInt32]], eventCount: Int) {
        waiting = Array(repeating: 0, count: eventCount)
        offsets = Array(repeating: 0, count: eventCount + 1)
        for piece in pieces {
            for (earlier, later) in zip(piece, piece.dropFirst()) {
                offsets[Int(earlier) + 1] += 1
                waiting[Int(later)] += 1
            }
        }
        for place in 0..<eventCount { offsets[place + 1] += offsets[place] }
        successors = Array(repeating: 0, count: Int(offsets[eventCount]))
        var filled = offsets
        for piece in pieces {
            for (earlier, later) in zip(piece, piece.dropFirst()) {
                successors[Int(filled[Int(earlier)])] = later
                filled[Int(earlier)] += 1
            }
        }
    }

    /// Appends the events of pieces that share events with no others.
    ///
    /// Returns `nil`, or an event that the pieces contradict each other on.
    mutating func append(
        _ pieces: [[UInt32]], to order: inout [UInt32], _ events: [StoredEvent]
    ) -> UInt32? {
        var ready = EventHeap()
        var members = Set<UInt32>()
        for piece in pieces { members.formUnion(piece) }
        for place in members where waiting[Int(place)] == 0 {
            ready.insert(place, at: events[Int(place)].timestamp)
        }
        let start = order.count
        while let place = ready.removeFirst() {
            order.append(place)
            for number in offsets[Int(place)]..<offsets[Int(place) + 1] {
                let later = successors[Int(number)]
                waiting[Int(later)] -= 1
                if waiting[Int(later)] == 0 {
                    ready.insert(later, at: events[Int(later)].timestamp)
                }
            }
        }
        guard order.count - start < members.count else { return nil }
        return members.filter { waiting[Int($0)] > 0 }.min()
    }
}

/// Events by time, the earliest first.
private struct EventHeap {
    private var entries: [(time: UInt64, place: UInt32)] = []

    mutating func insert(_ place: UInt32, at time: UInt64) {
        entries.append((time, place))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if !precedes(child, parent) { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> UInt32? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2]
                where child < entries.count && precedes(child, least) {
                    least = child
                }
                if least == parent { break }
                entries.swapAt(parent, least)
                parent = least
            }
        }
        return first.place
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (entries[left].time, entries[left].place) < (entries[right].time, entries[right].place)
    }
}
