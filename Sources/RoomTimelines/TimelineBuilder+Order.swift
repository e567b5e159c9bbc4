import MatrixTypes

/// Making one order of what was saved in pieces.
///
/// The saved order decides. Clocks decide only what it leaves open: which way round a piece was
/// saved, and where pieces stand that nothing joins; such a place counts as a gap.
extension TimelineBuilder {
    /// A step back in time as long as this, in milliseconds, is taken for the border between two
    /// pieces saved into one file.
    private static let borderMilliseconds: UInt64 = 3_600_000

    /// The order of all events and where it is broken.
    struct Order {
        /// Places in the order of reading, first event first.
        var events: [UInt32]
        /// Positions that a gap stands before.
        var gaps: [Int]
    }

    func order() throws(TimelineError) -> Order {
        var pieces: [[UInt32]] = []
        for run in joined(runs) { pieces += split(try turned(run)) }
        if pieces.count == 1 { return Order(events: pieces[0], gaps: []) }
        var order = Order(events: [], gaps: [])
        order.events.reserveCapacity(events.count)
        var merge = PieceMerge(pieces, eventCount: events.count)
        for component in components(pieces) {
            if !order.events.isEmpty { order.gaps.append(order.events.count) }
            if component.count == 1 {
                order.events += component[0]
            } else if let stuck = merge.append(component, to: &order.events, events) {
                throw .contradictoryOrder(texts.eventID(events[Int(stuck)].identity))
            }
        }
        return order
    }

    /// Joins pages whose tokens say that one goes on where the other ended.
    private func joined(_ runs: [Run]) -> [[UInt32]] {
        var next: [Int?] = Array(repeating: nil, count: runs.count)
        var isContinued = Array(repeating: false, count: runs.count)
        var starts: [String: [Int]] = [:]
        for (number, run) in runs.enumerated() {
            if let start = run.start { starts[start, default: []].append(number) }
        }
        for (number, run) in runs.enumerated() {
            // Two pages from one token are two copies, or two directions: they overlap or stand alone.
            guard let end = run.end, let following = starts[end], following.count == 1,
                following[0] != number, !isContinued[following[0]]
            else { continue }
            next[number] = following[0]
            isContinued[following[0]] = true
        }
        var chains: [[UInt32]] = []
        for number in runs.indices where !isContinued[number] {
            var chain: [UInt32] = []
            var place: Int? = number
            while let current = place {
                chain += runs[current].events
                place = next[current]
            }
            if !chain.isEmpty { chains.append(chain) }
        }
        // A ring of tokens has no beginning; its pages stand alone.
        var reached = Set<Int>()
        for number in runs.indices where !isContinued[number] {
            var place: Int? = number
            while let current = place, reached.insert(current).inserted { place = next[current] }
        }
        for number in runs.indices where !reached.contains(number) && !runs[number].events.isEmpty {
            chains.append(runs[number].events)
        }
        return chains
    }

    /// Oldest first, whichever way it was saved.
    private func turned(_ run: [UInt32]) throws(TimelineError) -> [UInt32] {
        var forward = 0
        var backward = 0
        for (earlier, later) in zip(run, run.dropFirst()) {
            let (first, second) = (
                events[Int(earlier)].timestamp, events[Int(later)].timestamp
            )
            if first < second { forward += 1 } else if first > second { backward += 1 }
        }
        let fewer = min(forward, backward)
        if fewer > 8, fewer * 4 > forward + backward {
            throw .noOrder(forward: forward, backward: backward)
        }
        // A room begins with its creation, whatever clocks say.
        if let first = run.first, events[Int(first)].kind == .creation { return run }
        if let last = run.last, events[Int(last)].kind == .creation { return run.reversed() }
        return backward > forward ? run.reversed() : run
    }

    /// Cuts where time goes far back, and where an event comes again: there another piece was saved
    /// behind the first.
    private func split(_ run: [UInt32]) -> [[UInt32]] {
        var pieces: [[UInt32]] = []
        var piece: [UInt32] = []
        // In which piece each event came last, counted from 1.
        var met = [UInt32](repeating: 0, count: events.count)
        for place in run {
            if let last = piece.last {
                let before = events[Int(last)].timestamp
                let now = events[Int(place)].timestamp
                let isRepeated = met[Int(place)] == UInt32(pieces.count + 1)
                if isRepeated || before > now && before - now >= Self.borderMilliseconds {
                    pieces.append(piece)
                    piece = []
                }
            }
            piece.append(place)
            met[Int(place)] = UInt32(pieces.count + 1)
        }
        if !piece.isEmpty { pieces.append(piece) }
        return pieces
    }

    /// Groups pieces that share events, in order of their middle times.
    private func components(_ pieces: [[UInt32]]) -> [[[UInt32]]] {
        var parents = Array(pieces.indices)
        func root(_ number: Int) -> Int {
            var number = number
            while parents[number] != number { number = parents[number] }
            return number
        }
        var owners: [Int32] = Array(repeating: -1, count: events.count)
        for (number, piece) in pieces.enumerated() {
            for place in piece {
                let owner = owners[Int(place)]
                if owner < 0 {
                    owners[Int(place)] = Int32(number)
                } else {
                    let (left, right) = (root(Int(owner)), root(number))
                    parents[max(left, right)] = min(left, right)
                }
            }
        }
        var groups: [Int: [[UInt32]]] = [:]
        for (number, piece) in pieces.enumerated() {
            groups[root(number), default: []].append(piece)
        }
        return groups.values
            .map { group in (middle(of: group), group) }
            .sorted { $0.0 < $1.0 }
            .map(\.1)
    }

    private func middle(of group: [[UInt32]]) -> UInt64 {
        let times = group.flatMap { $0.map { events[Int($0)].timestamp } }.sorted()
        return times[times.count / 2]
    }
}
