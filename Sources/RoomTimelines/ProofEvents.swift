package import MatrixTypes
package import Megolm

/// A message kept whole, because it can prove keys of its session.
package struct ProofEvent: Sendable {
    package internal(set) var position: Int
    package let message: MegolmMessage
    /// Whether the session's signature on it was checked.
    let isVerified: Bool

    package var index: MessageIndex { message.index }
}

/// The few messages that are kept of a session: the lowest index, which proves most; the lowest of
/// the next blocks of 256, because agreement beyond such a border proves less; and the highest,
/// which is all that a key from late in the session can open.
struct ProofEvents {
    private static let blockLimit = 4
    /// Longer messages are kept only where there is no other.
    private static let usualByteCount = 4096

    /// By block of 256 indices: the lowest of each.
    private var lowest: [UInt32: ProofEvent] = [:]
    private var highest: ProofEvent?

    mutating func offer(_ event: ProofEvent) {
        let block = event.index.value >> 8
        if let held = lowest[block] {
            if Self.isBetter(event, than: held, lower: true) { lowest[block] = event }
        } else if lowest.count < Self.blockLimit {
            lowest[block] = event
        } else if let last = lowest.keys.max(), block < last {
            lowest[last] = nil
            lowest[block] = event
        }
        if highest.map({ Self.isBetter(event, than: $0, lower: false) }) ?? true {
            highest = event
        }
    }

    private static func isBetter(_ event: ProofEvent, than held: ProofEvent, lower: Bool) -> Bool {
        let isLong = event.message.byteCount > usualByteCount
        if isLong != (held.message.byteCount > usualByteCount) { return !isLong }
        return lower ? event.index < held.index : event.index > held.index
    }

    /// In ascending order of their indices, each once.
    var ascending: [ProofEvent] {
        var all = lowest.values.sorted { $0.index < $1.index }
        if let highest, !all.contains(where: { $0.position == highest.position }) {
            all.append(highest)
            all.sort { $0.index < $1.index }
        }
        return all
    }

    /// Keeps those alone that something holds of.
    mutating func keep(where belongs: (ProofEvent) -> Bool) {
        lowest = lowest.filter { belongs($0.value) }
        highest = highest.flatMap { belongs($0) ? $0 : nil }
    }

    /// Replaces places in the order of reading by positions in the timeline.
    mutating func move(_ position: (Int) -> Int) {
        func moved(_ event: ProofEvent) -> ProofEvent {
            var event = event
            event.position = position(event.position)
            return event
        }
        lowest = lowest.mapValues(moved)
        highest = highest.map(moved)
    }
}
