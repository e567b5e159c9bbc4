import MatrixTypes
import Megolm
import RoomTimelines
import Selection

/// What real messages say of a key.
enum SessionProof: Hashable, Sendable {
    /// A real message opened under it; it is proven from this index on. `isContradictedBelow` says
    /// that a message before that did not open.
    case proven(from: MessageIndex, isContradictedBelow: Bool)
    /// Nobody but the giver says that it is the session's key.
    case vouched
    /// Messages speak against it.
    case contradicted(Contradiction)

    /// How messages speak against a key.
    enum Contradiction: Hashable, Sendable {
        /// A message that the session signed does not open under it.
        case opensNothing
        /// A message that opened names another room inside.
        case namesOtherRoom
        /// Messages of the session come from more than one person.
        case severalSenders([UserID])
        /// The device said to own the session is not the one its messages name.
        case otherOwner
        /// One index was used for two messages.
        case reusedIndex([EventID])
    }

    /// A word for programs.
    var name: String {
        switch self {
        case .proven: "proven"
        case .vouched: "vouched"
        case .contradicted: "contradicted"
        }
    }
}

extension SessionProof.Contradiction: CustomStringConvertible {
    var description: String {
        switch self {
        case .opensNothing: "it does not open a message that its session signed"
        case .namesOtherRoom: "a message it opens was written for another room"
        case .severalSenders: "messages of the session come from more than one person"
        case .otherOwner: "the device said to own the session is not the one its messages name"
        case .reusedIndex: "one of its indices was used for two messages"
        }
    }

    var name: String {
        switch self {
        case .opensNothing: "opens-nothing"
        case .namesOtherRoom: "names-other-room"
        case .severalSenders: "several-senders"
        case .otherOwner: "other-owner"
        case .reusedIndex: "reused-index"
        }
    }
}

/// Tries keys on the room's real messages.
struct Prover {
    let timeline: RoomTimeline?
    /// Who sends with which device key, as messages name them.
    private let owners: [Curve25519PublicKey: Set<UserID>]

    init(_ timeline: RoomTimeline?) {
        self.timeline = timeline
        var owners: [Curve25519PublicKey: Set<UserID>] = [:]
        if let timeline {
            for session in timeline.sessionIDs {
                for key in timeline.senderKeys(of: session) {
                    owners[key, default: []].formUnion(timeline.senders(of: session))
                }
            }
        }
        self.owners = owners
    }

    /// What messages say of a key.
    func prove(_ key: RoomKey) -> SessionProof {
        guard let timeline else { return .vouched }
        let session = key.sessionID
        let senders = timeline.senders(of: session)
        if senders.count > 1 { return .contradicted(.severalSenders(senders)) }
        let reused = timeline.repeats(of: session).messages
        if !reused.isEmpty { return .contradicted(.reusedIndex(reused)) }
        let trial = KeyTrial(of: key, on: timeline.proofEvents(of: session).map(\.message))
        if trial.namesOtherRoom { return .contradicted(.namesOtherRoom) }
        if trial.opened.isEmpty, !trial.failed.isEmpty { return .contradicted(.opensNothing) }
        if isOwnedByAnother(key, sender: senders.first, timeline) {
            return .contradicted(.otherOwner)
        }
        guard let from = trial.provenFrom else { return .vouched }
        return .proven(from: from, isContradictedBelow: trial.isContradicted)
    }

    /// Whether the claimed owner is known not to be who sends the session's messages.
    private func isOwnedByAnother(
        _ key: RoomKey, sender: UserID?, _ timeline: RoomTimeline
    ) -> Bool {
        guard let claimed = key.claims.senderKey, let sender else { return false }
        let named = timeline.senderKeys(of: key.sessionID)
        if !named.isEmpty { return !named.contains(claimed) }
        guard let users = owners[claimed] else { return false }
        return !users.contains(sender)
    }

    /// The one of several contradicting copies that messages decide for; `nil` where they do not.
    func decide(_ conflict: SessionConflict) -> (key: SelectedKey, proof: SessionProof)? {
        guard timeline != nil else { return nil }
        var best: (key: RoomKey, from: MessageIndex, proof: SessionProof)?
        for candidate in conflict.candidates {
            let proof = prove(candidate)
            guard case .proven(let from, _) = proof else { continue }
            if best.map({ from < $0.from }) ?? true { best = (candidate, from, proof) }
        }
        return best.map { (conflict.decided(for: $0.key), $0.proof) }
    }
}
