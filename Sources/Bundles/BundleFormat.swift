/// The constants of the bundle format: what a sealed hand-over holds once it is opened.
///
/// ```
/// bundle   = preamble | manifest frame | data frame … | padding frame … | end frame
///
/// preamble   0          8      9                  41
///            "heirloom" 0x01   signer's Ed25519 public key
///
/// frame      0      1             5           5+n            69+n
///            type   body length   body (n)    Ed25519 signature (see `FrameSignature`)
///                   be32
/// ```
///
/// Integers are big-endian everywhere. Nothing may follow the end frame.
package enum BundleFormat {
    package static let magic = Array("heirloom".utf8)
    package static let version: UInt8 = 1
    package static let preambleByteCount = magic.count + 1 + 32

    /// What every hash and signature of this format begins with, so that none of them means anything
    /// elsewhere.
    static let context = Array("heirloom/v1/".utf8)

    /// A frame without its body: type, length and signature.
    package static let framingByteCount = FrameHeader.byteCount + 64

    /// The longest string a bundle may hold, in bytes of UTF-8.
    static let maximumTextByteCount = 255

    /// The most senders that one data frame may name.
    package static let maximumSenderCount = 4096

    /// The most recipients of one bundle.
    package static let maximumAudienceCount = 32

    /// BLAKE2b-512, the hash of bodies and of the whole.
    static let digestByteCount = 64
}
