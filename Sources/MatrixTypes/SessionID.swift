package import Bytes

/// A Megolm session's id: its Ed25519 public key, shown as 43 characters of unpadded base64
/// (Matrix spec, Megolm, "Session setup").
///
/// Held as the 32 bytes, so that no second spelling can become a second session.
package struct SessionID: Hashable, Comparable, Sendable {
    package let bytes: Bytes32

    package init(bytes: Bytes32) {
        self.bytes = bytes
    }

    /// - Throws: `MatrixTypeError.notKeyBase64` for any but the canonical spelling.
    package init(_ text: String) throws(MatrixTypeError) {
        guard let bytes = UnpaddedBase64.decode32(text) else { throw .notKeyBase64 }
        self.bytes = bytes
    }

    /// The canonical spelling.
    package var text: String { UnpaddedBase64.encode(bytes.array) }

    package static func < (left: SessionID, right: SessionID) -> Bool {
        left.bytes < right.bytes
    }
}

extension SessionID: CustomStringConvertible {
    package var description: String { text }
}
