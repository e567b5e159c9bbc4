import MatrixTypes

/// Setting aside what was not sent by who wrote it.
///
/// Whoever is in the room can send somebody else's ciphertext again as their own event: the session did
/// sign it, and it opens. The first of them in the room's order is the message, the others are replays,
/// which say nothing of the session: neither who its sender is, nor whose device made it, nor for whom.
extension TimelineBuilder {
    /// Goes through the sessions that several people sent messages of; the events stand in order.
    mutating func setAsideReplays(gaps: [Int]) {
        let contested = Set(sessions.indices.filter { sessions[$0].senders.count > 1 })
        guard !contested.isEmpty else { return }
        var messages: [Int: [Int]] = [:]
        for (position, event) in events.enumerated()
        where event.kind == .message && contested.contains(Int(event.session)) {
            messages[Int(event.session), default: []].append(position)
        }
        for (session, positions) in messages {
            setAsideReplays(of: session, at: positions, gaps: gaps)
        }
    }

    private struct Content: Hashable {
        let index: UInt32
        let tag: UInt32
        /// Which came first is known between two gaps.
        let piece: Int
    }

    private mutating func setAsideReplays(of session: Int, at positions: [Int], gaps: [Int]) {
        var first: [Content: UInt32] = [:]
        // Who sent a message that the session signed and nobody sent before.
        var writers = Set<UInt32>()
        for position in positions {
            let event = events[position]
            let content = Content(
                index: event.index, tag: event.tag,
                piece: gaps.partitioningIndex { $0 > position })
            if first[content, default: event.sender] != event.sender {
                setAside(position, as: .replay)
                continue
            }
            first[content] = event.sender
            if event.isVerified { writers.insert(event.sender) }
        }
        for position in positions
        where events[position].kind == .message && !writers.contains(events[position].sender) {
            setAside(position, as: .foreignMessage)
        }
        sessions[session].senders.removeAll { !writers.contains($0) }
        sessions[session].senderKeys.removeAll { !writers.contains($0.sender) }
        let events = self.events
        // What the session signed proves keys, whoever repeats it.
        sessions[session].proofs.keep {
            $0.isVerified || events[$0.position].kind == .message
        }
    }

    private mutating func setAside(_ position: Int, as kind: StoredEvent.Kind) {
        events[position].kind = kind
        events[position].session = StoredEvent.noSession
    }
}
