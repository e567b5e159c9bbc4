import MatrixTypes

/// What is kept of every session.
struct StoredSession {
    let id: SessionID
    /// Who sent its messages, by their places among the senders; more than one contradict each
    /// other.
    var senders: [UInt32]
    /// The device keys its messages carry, and who wrote each beside a message.
    var senderKeys: [(key: Curve25519PublicKey, sender: UInt32)]
    var proofs = ProofEvents()

    /// A session of which one message was seen.
    init(id: SessionID, sender: UInt32) {
        self.id = id
        senders = [sender]
        senderKeys = []
    }

    /// Notes a device key, unless its sender has named enough of them.
    mutating func note(_ key: Curve25519PublicKey, by sender: UInt32) {
        let known = senderKeys.filter { $0.sender == sender }
        guard known.count < 4, !known.contains(where: { $0.key == key }) else { return }
        senderKeys.append((key, sender))
    }
}
