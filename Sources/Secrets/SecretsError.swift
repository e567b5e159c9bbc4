/// What the primitives refuse.
package enum SecretsError: Error, Equatable, Sendable {
    /// A key, nonce or tag has the wrong size, in bytes.
    case wrongByteCount(expected: Int, actual: Int)
    /// An X25519 public key gives the all-zero shared secret.
    case lowOrderPoint
    /// A tag, a signature or a MAC does not verify.
    case notAuthentic
    /// Text is not the one accepted base64 spelling of some bytes.
    case notBase64
    /// More output asked of HKDF than it can give (255 × 32 bytes).
    case tooMuchOutput(limit: Int)
    /// The system has not the memory that Argon2id was told to use, in KiB.
    case outOfMemory(kibibytes: Int)
}

extension SecretsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongByteCount(let expected, let actual):
            "expected \(expected) bytes, got \(actual)"
        case .lowOrderPoint: "the X25519 public key is a low-order point"
        case .notAuthentic: "it does not verify"
        case .notBase64: "the text is not strict base64"
        case .tooMuchOutput(let limit): "more than \(limit) bytes of output were asked for"
        case .outOfMemory(let kibibytes): "there are not \(kibibytes) KiB of memory to be had"
        }
    }
}
