package import Bytes
package import Secrets

/// Bytes that claim to be a bundle: only the claimed signer can be asked for.
///
/// Anyone who knows a recipient's public key can seal anything to it, so opening is not verifying.
/// The way on is `verified(as:)`, then `SignedBundle.accepted(by:)`, then `AdmittedBundle.next()`;
/// each type is made only by the step before it.
package struct UnverifiedBundle: ~Copyable {
    private let reader: FrameReader

    /// Reads the preamble, 41 bytes.
    ///
    /// - Throws: `notABundle`, `wrongVersion`, `truncated` or `stream`.
    package init(reading source: any ByteSource) throws(BundleError) {
        reader = try FrameReader(source)
    }

    /// The key that the bundle says it is signed with: to be looked up among those pinned, never to
    /// be trusted because it stands here.
    package var claimedSigner: Ed25519.PublicKey { reader.signer }

    /// Verifies the manifest's signature, then reads it.
    ///
    /// - Parameter pinned: the signer's key, known from elsewhere.
    /// - Throws: layer `signer` where it is another key or no valid point; `sig`, `limit`, `frame`
    ///   or `stream`.
    package consuming func verified(
        as pinned: Ed25519.PublicKey
    ) throws(BundleError) -> SignedBundle {
        guard reader.signer == pinned else { throw .otherSigner }
        guard pinned.isValidPoint else { throw .invalidSignerKey }
        return try SignedBundle(reader)
    }
}
