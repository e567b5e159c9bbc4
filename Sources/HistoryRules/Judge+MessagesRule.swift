import MatrixTypes
import RoomTimelines

extension Judge {
    /// What a session's known messages say (`design.md` §5, answers 1 to 3); `nil` where none is
    /// known that the key opens.
    ///
    /// A key at index n opens every message from n on, so it may go only from behind the last
    /// message that is not the recipient's to see.
    static func messagesRule(_ session: SessionFacts, _ evidence: Evidence) -> Judgement? {
        let messages = evidence.timeline.messages(of: session.sessionID)
            .filter { $0.index >= session.firstKnownIndex }
        guard !messages.isEmpty else { return nil }
        var granted: [SeenMessage] = []
        var last: (message: SeenMessage, denial: Entitlement.Denial)?
        for message in messages {
            switch evidence.entitlement(at: message.position) {
            case .granted: granted.append(message)
            case .denied(let denial): last = (message, denial)
            }
        }
        guard let last else {
            let rule: Rule =
                session.sharedHistory == .shareable ? .messagesAndFlag : .messagesAlone
            return Judgement(.allow(from: session.firstKnownIndex), by: rule)
        }
        func ids(_ messages: some Sequence<SeenMessage>) -> [EventID] {
            messages.map { evidence.timeline.eventID(at: $0.position) }
        }
        let lost = ids(granted.filter { $0.index <= last.message.index })
        guard granted.contains(where: { $0.index > last.message.index }) else {
            return Judgement(
                .refuse, by: .forbidden(last.denial), evidence: ids([last.message]), lost: lost)
        }
        return Judgement(
            .allow(from: MessageIndex(last.message.index.value + 1)),
            by: .afterForbidden(last.denial), evidence: ids([last.message]), lost: lost)
    }
}
