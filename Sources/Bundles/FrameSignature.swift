import Bytes
package import Secrets

/// What one frame's Ed25519 signature covers: 187 bytes.
///
/// ```
/// 0              12      17    18       50                  114     122    123             187
/// "heirloom/v1/" "frame" 0x00  signer   manifest's digest   index   type   body's digest
///                              32       64                  be64    1      64
/// ```
///
/// The signer's key keeps others from claiming the signature; the manifest's digest ties the frame to
/// one bundle, its audience and its room; the index, counted from 0 over all frames, to its place.
package struct FrameSignature: Sendable {
    package static let signedByteCount = 187

    /// Stands for the manifest's digest in the manifest's own signature.
    package static let noManifest = [UInt8](repeating: 0, count: BundleFormat.digestByteCount)

    /// The bytes to be signed.
    package let signedBytes: [UInt8]

    /// - Parameters:
    ///   - manifestDigest: BLAKE2b-512 of the manifest's body, or `noManifest`; 64 bytes.
    ///   - index: the frame's place, from 0.
    ///   - type: the frame's first byte.
    ///   - bodyDigest: BLAKE2b-512 of the frame's body; 64 bytes.
    package init(
        signer: Ed25519.PublicKey, manifestDigest: [UInt8], index: UInt64, type: UInt8,
        bodyDigest: [UInt8]
    ) {
        var bytes = BundleFormat.context + Array("frame\0".utf8)
        bytes += signer.bytes.array
        bytes += manifestDigest
        bytes.append(bigEndian: index)
        bytes.append(type)
        bytes += bodyDigest
        precondition(bytes.count == Self.signedByteCount)
        signedBytes = bytes
    }
}
