import MatrixTypes

/// Making one order of what was saved in pieces.
///
/// The saved order decides. Clocks are set by whoever sends, so they decide only what nothing else
/// does, and nothing that the rules rest on: where a piece stands that nothing joins to another, which
/// counts as a gap; and which way round a piece was saved, which then is cut wherever they go back.
extension TimelineBuilder {
    /// A step back in time as long as this, in milliseconds, is taken for the border between two
    /// pieces saved into one file.
    private static let borderMilliseconds: UInt64 = 3_600_000
    /// The same where only clocks say which way round a piece was saved: more than clocks of
    /// homeservers differ by, and less than any conversation takes.
    private static let unsureBorderMilliseconds: UInt64 = 10_000

    /// The order of all events and where it is broken.
    struct Order {
        /// Places in the order of reading, first event first.
        var events: [UInt32]
        /// Positions that a gap stands before.
        var gaps: [Int]
    }

    func order() throws(TimelineError) -> Order {
        var pieces: [[UInt32]] = []
        let replacements = replacements()
        for run in joined(runs) {
            let (events, isSure) = try turned(run, replacements)
            let border: UInt64? =
                switch (run.saving, isSure) {
                case (.fetched, _), (.page, true): nil
                case (.copied, true): Self.borderMilliseconds
                case (_, false): Self.unsureBorderMilliseconds
                }
            pieces += split(events, border: border)
        }
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

    /// Pairs of state events of which the homeserver says that the second replaced the first.
    private func replacements() -> [(earlier: UInt32, later: UInt32)] {
        var places: [EventID: UInt32] = [:]
        var pairs: [(id: EventID, later: UInt32)] = []
        func note<Value>(_ changes: [StateChange<Value>]) {
            for change in changes {
                places[change.id] = UInt32(change.place)
                if let replaced = change.predecessor.id {
                    pairs.append((replaced, UInt32(change.place)))
                }
            }
        }
        note(visibilities)
        for changes in memberships.values { note(changes) }
        return pairs.compactMap { pair in places[pair.id].map { ($0, pair.later) } }
    }

    /// Joins pages whose tokens say that one goes on where the other ended.
    private func joined(_ runs: [Run]) -> [Run] {
        if runs.count == 1 { return runs }
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
        var chains: [Run] = []
        for number in runs.indices where !isContinued[number] {
            var chain = Run(saving: runs[number].saving)
            var place: Int? = number
            while let current = place {
                chain.events += runs[current].events
                place = next[current]
            }
            if !chain.events.isEmpty { chains.append(chain) }
        }
        // A ring of tokens has no beginning; its pages stand alone.
        var reached = Set<Int>()
        for number in runs.indices where !isContinued[number] {
            var place: Int? = number
            while let current = place, reached.insert(current).inserted { place = next[current] }
        }
        for number in runs.indices where !reached.contains(number) && !runs[number].events.isEmpty {
            chains.append(runs[number])
        }
        return chains
    }

    /// Oldest first, whichever way it was saved, and whether that rests on more than clocks.
    private func turned(
        _ run: Run, _ replacements: [(earlier: UInt32, later: UInt32)]
    ) throws(TimelineError) -> (events: [UInt32], isSure: Bool) {
        if run.saving == .fetched { return (run.events.reversed(), true) }
        let read = run.events.filter { $0 != Run.hole }
        let clocks = clockSteps(read)
        let fewer = min(clocks.forward, clocks.backward)
        if run.saving == .copied, fewer > 8, fewer * 4 > clocks.forward + clocks.backward {
            throw .noOrder(forward: clocks.forward, backward: clocks.backward)
        }
        // A room begins with its creation, whatever clocks say.
        if let first = read.first, events[Int(first)].kind == .creation {
            return (run.events, true)
        }
        if let last = read.last, events[Int(last)].kind == .creation {
            return (run.events.reversed(), true)
        }
        let steps = replacementSteps(read, replacements)
        if steps.forward != steps.backward {
            let isForward = steps.forward > steps.backward
            return (isForward ? run.events : run.events.reversed(), true)
        }
        let isForward = clocks.forward >= clocks.backward
        return (isForward ? run.events : run.events.reversed(), false)
    }

    private func clockSteps(_ run: [UInt32]) -> (forward: Int, backward: Int) {
        var steps = (forward: 0, backward: 0)
        for (earlier, later) in zip(run, run.dropFirst()) {
            let (first, second) = (
                events[Int(earlier)].timestamp, events[Int(later)].timestamp
            )
            if first < second { steps.forward += 1 } else if first > second { steps.backward += 1 }
        }
        return steps
    }

    /// How many state events stand behind what they replaced, and how many before.
    private func replacementSteps(
        _ run: [UInt32], _ replacements: [(earlier: UInt32, later: UInt32)]
    ) -> (forward: Int, backward: Int) {
        var steps = (forward: 0, backward: 0)
        guard !replacements.isEmpty else { return steps }
        var positions = [UInt32](repeating: .max, count: events.count)
        for (position, place) in run.enumerated() { positions[Int(place)] = UInt32(position) }
        for pair in replacements {
            let (first, second) = (positions[Int(pair.earlier)], positions[Int(pair.later)])
            guard first != .max, second != .max else { continue }
            if first < second { steps.forward += 1 } else { steps.backward += 1 }
        }
        return steps
    }

    /// Cuts where something could not be read, where an event comes again, because there another piece
    /// was saved behind the first, and where time goes back by `border` milliseconds or more.
    private func split(_ run: [UInt32], border: UInt64?) -> [[UInt32]] {
        var pieces: [[UInt32]] = []
        var piece: [UInt32] = []
        piece.reserveCapacity(run.count)
        // In which piece each event came last, counted from 1.
        var met = [UInt32](repeating: 0, count: events.count)
        for place in run {
            if place == Run.hole {
                if !piece.isEmpty { pieces.append(piece) }
                piece = []
                continue
            }
            if let last = piece.last {
                let before = events[Int(last)].timestamp
                let now = events[Int(place)].timestamp
                let isRepeated = met[Int(place)] == UInt32(pieces.count + 1)
                let isBorder = border.map { before > now && before - now >= $0 } ?? false
                if isRepeated || isBorder {
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
