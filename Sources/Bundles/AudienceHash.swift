package import Bytes
package import Secrets

/// One recipient of a bundle, recognisable to whoever knows the recipient's public key:
/// BLAKE2b-256, keyed with the bundle's id, of `heirloom/v1/audience`, a zero byte and the key.
///
/// Under the signature, so that a recipient cannot pass the bundle on as though it had been meant for
/// somebody else; hashed, so that recipients do not read the list of the others, though they can test
/// a guess.
package struct AudienceHash: Hashable, Comparable, Sendable {
    package let bytes: Bytes32

    package init(bytes: Bytes32) {
        self.bytes = bytes
    }

    package init(of recipient: X25519.PublicKey, bundle: BundleID) {
        let message = BundleFormat.context + Array("audience\0".utf8) + recipient.bytes.array
        let digest = BLAKE2b.hash(message.span, key: bundle.array, byteCount: 32)
        bytes = Bytes32(digest) ?? .zero
    }

    /// The hashes of all recipients as a manifest wants them: ascending, each once.
    package static func list(
        of recipients: some Sequence<X25519.PublicKey>, bundle: BundleID
    ) -> [AudienceHash] {
        Set(recipients.map { AudienceHash(of: $0, bundle: bundle) }).sorted()
    }

    package static func < (left: AudienceHash, right: AudienceHash) -> Bool {
        left.bytes < right.bytes
    }
}
