package import Bytes

/// A device's Curve25519 identity key: in key files, the claimed `sender_key` of a session.
package struct Curve25519PublicKey: Hashable, Sendable {
    package let bytes: Bytes32

    package init(bytes: Bytes32) {
        self.bytes = bytes
    }

    /// 43 characters of unpadded base64.
    package var text: String { UnpaddedBase64.encode(bytes.array) }
}

/// A device's Ed25519 fingerprint key: in key files, one of the `sender_claimed_keys`.
package struct Ed25519PublicKey: Hashable, Sendable {
    package let bytes: Bytes32

    package init(bytes: Bytes32) {
        self.bytes = bytes
    }

    /// 43 characters of unpadded base64.
    package var text: String { UnpaddedBase64.encode(bytes.array) }
}
