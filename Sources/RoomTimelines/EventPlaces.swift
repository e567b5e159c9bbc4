/// Where each event stands in the order of reading, found by its id.
///
/// A table of places only, four bytes each and half of them empty: the ids themselves stand with the
/// events, and a dictionary of them would be as large as all else together.
struct EventPlaces {
    private static let empty = UInt32.max

    private var table = [UInt32](repeating: Self.empty, count: 1 << 10)
    private var count = 0

    func place(of identity: EventIdentity, in events: [StoredEvent]) -> UInt32? {
        var slot = identity.hashValue & (table.count - 1)
        while table[slot] != Self.empty {
            if events[Int(table[slot])].identity == identity { return table[slot] }
            slot = (slot + 1) & (table.count - 1)
        }
        return nil
    }

    /// Notes the last of `events`, which is not here yet.
    mutating func insertLast(of events: [StoredEvent]) {
        count += 1
        if 2 * count > table.count {
            table = Array(repeating: Self.empty, count: 2 * table.count)
            for place in events.indices.dropLast() { insert(UInt32(place), events) }
        }
        insert(UInt32(events.count - 1), events)
    }

    private mutating func insert(_ place: UInt32, _ events: [StoredEvent]) {
        var slot = events[Int(place)].identity.hashValue & (table.count - 1)
        while table[slot] != Self.empty { slot = (slot + 1) & (table.count - 1) }
        table[slot] = place
    }
}
