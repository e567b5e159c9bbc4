import MatrixTypes

extension TimelineBuilder {
    /// The timeline of everything read.
    ///
    /// - Throws: `empty`, `noOrder`, `contradictoryOrder`.
    package consuming func timeline() throws(TimelineError) -> RoomTimeline {
        guard let roomID, !events.isEmpty else { throw .empty }
        endReading()
        let order = try order()
        runs = []
        var positions = [UInt32](repeating: 0, count: order.events.count)
        for (position, place) in order.events.enumerated() {
            positions[Int(place)] = UInt32(position)
        }
        events.permute(by: order.events)
        let begins = events.first?.kind == .creation
        func moved<Value>(_ changes: [StateChange<Value>]) -> [StateChange<Value>] {
            changes.map { change in
                var change = change
                change.place = Int(positions[change.place])
                return change
            }
        }
        for place in sessions.indices {
            sessions[place].proofs.move { Int(positions[$0]) }
        }
        setAsideReplays(gaps: order.gaps)
        return RoomTimeline(
            roomID: roomID, gaps: order.gaps, beginsWithCreation: begins, senders: senders,
            events: events, texts: texts,
            visibility: StateHistory(
                moved(visibilities), gaps: order.gaps, beginsWithCreation: begins),
            memberships: memberships.mapValues {
                StateHistory(moved($0), gaps: order.gaps, beginsWithCreation: begins)
            },
            users: users, sessions: sessions)
    }
}

extension Array {
    /// Puts at each place the element that `order` names for it, without a second array of them.
    fileprivate mutating func permute(by order: [UInt32]) {
        precondition(order.count == count)
        var isDone = [Bool](repeating: false, count: count)
        for start in indices where !isDone[start] {
            let first = self[start]
            var place = start
            while true {
                isDone[place] = true
                let source = Int(order[place])
                if source == start { break }
                self[place] = self[source]
                place = source
            }
            self[place] = first
        }
    }
}
