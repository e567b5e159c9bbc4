package import Secrets

/// A bundle whose manifest is the pinned signer's: not yet known to be meant for this reader, now and
/// for this room.
///
/// The manifest may be shown to a person, who can then say whether its room is the one wanted.
package struct SignedBundle: ~Copyable {
    package let manifest: BundleManifest

    private let reader: FrameReader

    init(_ reader: FrameReader) throws(BundleError) {
        let header = try reader.header(allowing: [.manifest])
        let body = try reader.body(of: header)
        manifest = try BundleManifest(parsing: body.bytes)
        self.reader = reader
    }

    /// The key under which all of this verifies.
    package var signer: Ed25519.PublicKey { reader.signer }

    /// Holds the manifest against what the reader expects.
    ///
    /// - Throws: in this order, layer `audience`, `policy` (purpose), `time`, `limit` (lifetime),
    ///   `replay`, `room`.
    package consuming func accepted(
        by expectation: borrowing BundleExpectation
    ) throws(BundleError) -> AdmittedBundle {
        try expectation.check(manifest)
        return AdmittedBundle(reader, manifest: manifest, limits: expectation.limits)
    }
}
