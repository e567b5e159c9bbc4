package import Bytes
package import MatrixTypes

/// One hand-over in the ledger: what was given to whom, when, from which index.
package struct HandOver: Hashable, Sendable {
    /// Somebody it was sealed to.
    package struct Recipient: Hashable, Sendable {
        /// The public identity, at most 255 bytes.
        package let identity: [UInt8]
        /// What the giver calls them, at most 255 bytes.
        package let name: String

        package init(identity: [UInt8], name: String) {
            precondition(!identity.isEmpty && identity.count <= 255)
            self.identity = identity
            self.name = name
        }
    }

    /// A session that was given, and the first index it opens.
    package struct Session: Hashable, Sendable {
        package let sessionID: SessionID
        package let from: MessageIndex

        package init(sessionID: SessionID, from: MessageIndex) {
            self.sessionID = sessionID
            self.from = from
        }
    }

    /// The bundle's id, 16 bytes.
    package let bundle: [UInt8]
    /// In milliseconds since 1970.
    package let milliseconds: UInt64
    package let roomID: RoomID
    package let recipients: [Recipient]
    /// The giver's reason, where the rules were overridden; at most 4,096 bytes.
    package let override: String?

    package init(
        bundle: [UInt8], milliseconds: UInt64, roomID: RoomID, recipients: [Recipient],
        override: String?
    ) {
        precondition(bundle.count == 16)
        self.bundle = bundle
        self.milliseconds = milliseconds
        self.roomID = roomID
        self.recipients = recipients
        self.override = override
    }
}

/// A hand-over as the ledger has it.
package struct LedgerEntry: Hashable, Sendable {
    package let number: Int64
    package let handOver: HandOver
    package let sessionCount: Int
    /// What recipients acknowledged.
    package let receipts: [Receipt]
}

/// A recipient's signed word that a bundle arrived; whoever parsed it checked the signature.
package struct Receipt: Hashable, Sendable {
    package static let byteLimit = 65_536

    /// The bundle's id, 16 bytes.
    package let bundle: [UInt8]
    /// The Ed25519 key that signed it.
    package let signer: Bytes32
    /// When the recipient says it arrived, in milliseconds since 1970.
    package let receivedMilliseconds: UInt64
    /// The receipt as it came, at most 65,536 bytes.
    package let bytes: [UInt8]

    package init(bundle: [UInt8], signer: Bytes32, receivedMilliseconds: UInt64, bytes: [UInt8]) {
        precondition(bundle.count == 16 && bytes.count <= Self.byteLimit)
        self.bundle = bundle
        self.signer = signer
        self.receivedMilliseconds = receivedMilliseconds
        self.bytes = bytes
    }
}
