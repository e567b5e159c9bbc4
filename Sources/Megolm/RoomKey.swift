package import MatrixTypes

/// A room key: a Megolm session with its room and what is claimed of its creator.
///
/// In everything this program reads, the claims are somebody's word (Matrix spec, "Key exports":
/// the export format carries no proof of them).
package struct RoomKey: Sendable {
    package let roomID: RoomID
    package let sessionKey: ExportedSessionKey
    package let claims: OwnerClaims
    package let sharedHistory: SharedHistory

    package init(
        roomID: RoomID, sessionKey: ExportedSessionKey, claims: OwnerClaims,
        sharedHistory: SharedHistory
    ) {
        self.roomID = roomID
        self.sessionKey = sessionKey
        self.claims = claims
        self.sharedHistory = sharedHistory
    }

    package var sessionID: SessionID { sessionKey.sessionID }
    package var firstKnownIndex: MessageIndex { sessionKey.firstKnownIndex }

    /// The same key from a later message on.
    ///
    /// - Throws: `MegolmError`.
    package func wound(to index: MessageIndex) throws(MegolmError) -> RoomKey {
        RoomKey(
            roomID: roomID, sessionKey: try sessionKey.wound(to: index), claims: claims,
            sharedHistory: sharedHistory)
    }
}

/// Who is said to have made a session.
///
/// An absent key is unknown, which contradicts nothing.
package struct OwnerClaims: Hashable, Sendable {
    /// `sender_key`.
    package let senderKey: Curve25519PublicKey?
    /// `sender_claimed_keys.ed25519`.
    package let ed25519: Ed25519PublicKey?

    package static let unknown = OwnerClaims(senderKey: nil, ed25519: nil)

    package init(senderKey: Curve25519PublicKey?, ed25519: Ed25519PublicKey?) {
        self.senderKey = senderKey
        self.ed25519 = ed25519
    }

    /// Whether both keys are known.
    package var isComplete: Bool { senderKey != nil && ed25519 != nil }

    /// What two sources say together, or `nil` where they contradict each other.
    package func merged(with other: OwnerClaims) -> OwnerClaims? {
        if let mine = senderKey, let theirs = other.senderKey, mine != theirs { return nil }
        if let mine = ed25519, let theirs = other.ed25519, mine != theirs { return nil }
        return OwnerClaims(
            senderKey: senderKey ?? other.senderKey, ed25519: ed25519 ?? other.ed25519)
    }
}
