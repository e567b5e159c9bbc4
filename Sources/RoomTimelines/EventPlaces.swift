/// Where each event stands in the order of reading, by its id's hash.
///
/// Holds twelve bytes an event; two ids with one hash stand one behind the other.
struct EventPlaces {
    private var places: [Int: UInt32] = [:]

    func place(of identity: EventIdentity, in events: [StoredEvent]) -> UInt32? {
        var hash = identity.hashValue
        while let place = places[hash] {
            if events[Int(place)].identity == identity { return place }
            hash &+= 1
        }
        return nil
    }

    mutating func insert(_ place: UInt32, of identity: EventIdentity) {
        var hash = identity.hashValue
        while places[hash] != nil { hash &+= 1 }
        places[hash] = place
    }
}
