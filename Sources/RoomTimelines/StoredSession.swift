import MatrixTypes

/// What is kept of every session.
struct StoredSession {
    let id: SessionID
    /// Who sent its messages, by their places among the senders; more than one contradict each
    /// other.
    var senders: [UInt32]
    /// The device keys its messages carry.
    var senderKeys: [Curve25519PublicKey]
    var proofs = ProofEvents()
}
