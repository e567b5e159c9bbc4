package import MatrixTypes

/// What the saved history holds of messages, and what is odd about it.
package struct TimelineCensus: Hashable, Sendable {
    /// Megolm messages.
    package var messages = 0
    /// Encrypted events whose content was redacted; they keep their place and nothing else.
    package var redacted = 0
    /// Encrypted events that are no Megolm messages.
    package var undecipherable = 0
    /// Messages that name a session which did not sign them.
    package var foreign = 0
    /// Messages of one person's that another sent again.
    package var replayed = 0
    /// Steps back in time from one message to the next of the same session.
    package var clockContradictions = 0
    /// Messages whose place in the saved order is not that of their index.
    package var orderContradictions = 0
}

extension RoomTimeline {
    package enum MessageKind: Hashable, Sendable {
        case message(SessionID, MessageIndex)
        case redacted
        case undecipherable
        /// Not its sender's: the session did not sign it, or it repeats what another sent.
        case foreign
    }

    /// What the event at a position is of an encrypted kind; `nil` for everything else.
    package func messageKind(at position: Int) -> MessageKind? {
        let event = events[position]
        switch event.kind {
        case .message:
            return .message(sessionID(at: Int(event.session)), MessageIndex(event.index))
        case .redactedMessage: return .redacted
        case .undecipherable: return .undecipherable
        case .foreignMessage, .replay: return .foreign
        case .state, .creation, .other: return nil
        }
    }

    /// Who sent the event at a position.
    package func sender(at position: Int) -> UserID {
        senders[Int(events[position].sender)]
    }

    /// Counts all encrypted events.
    package func census() -> TimelineCensus {
        var census = TimelineCensus()
        for event in events {
            switch event.kind {
            case .message: census.messages += 1
            case .redactedMessage: census.redacted += 1
            case .undecipherable: census.undecipherable += 1
            case .foreignMessage: census.foreign += 1
            case .replay: census.replayed += 1
            case .state, .creation, .other: break
            }
        }
        for session in sessionIDs {
            let seen = messages(of: session)
            for (first, second) in zip(seen, seen.dropFirst()) {
                if second.timestamp < first.timestamp { census.clockContradictions += 1 }
                if second.position < first.position { census.orderContradictions += 1 }
            }
        }
        return census
    }
}
