import Bytes
package import MatrixTypes
package import Secrets

/// A Megolm session in the session-export format: it opens the session from its first known index
/// on, for ever, and is signed by nobody (Matrix spec, Megolm, "Session export format").
///
/// ```
/// offset  0    1      5     37    69    101   133   165
///         0x01 index  R0    R1    R2    R3    Ed25519 public key
///              be32   32    32    32    32    32
/// ```
///
/// Made only from bytes that have exactly this shape, a valid signing key and a bearable index.
package struct ExportedSessionKey: Sendable {
    package static let byteCount = 165
    package static let version: UInt8 = 1

    private static let indexOffset = 1
    private static let ratchetRange = 5..<133
    private static let signingKeyOffset = 133

    private let secret: SharedSecret

    /// The session's id, read from the key itself.
    package let sessionID: SessionID
    /// The first message index that the key opens.
    package let firstKnownIndex: MessageIndex

    /// Checks and copies 165 bytes.
    ///
    /// - Parameter indexLimit: the highest first index accepted.
    /// - Throws: `wrongByteCount`, `wrongVersion`, `indexTooHigh` or `invalidSigningKey`.
    package init(
        bytes: Span<UInt8>, indexLimit: MessageIndex = .usualLimit
    ) throws(MegolmError) {
        try self.init(SharedSecret(copying: bytes), indexLimit: indexLimit)
    }

    private init(_ secret: SharedSecret, indexLimit: MessageIndex) throws(MegolmError) {
        let bytes = secret.bytes
        guard bytes.count == Self.byteCount else {
            throw .wrongByteCount(expected: Self.byteCount, actual: bytes.count)
        }
        guard bytes[0] == Self.version else {
            throw .wrongVersion(expected: Self.version, actual: bytes[0])
        }
        let index = bytes.bigEndian(at: Self.indexOffset, as: UInt32.self)
        guard index <= indexLimit.value else {
            throw .indexTooHigh(index: index, limit: indexLimit.value)
        }
        let key = bytes.extracting(Self.signingKeyOffset..<Self.byteCount)
        guard let signingKey = Bytes32(key), Ed25519.PublicKey(bytes: signingKey).isValidPoint
        else { throw .invalidSigningKey }
        self.secret = secret
        sessionID = SessionID(bytes: signingKey)
        firstKnownIndex = MessageIndex(index)
    }

    /// Takes back 165 bytes that were a key before and have lain under an authenticated seal since: the
    /// check of the curve point, which costs fifty times all others, was done then.
    ///
    /// - Warning: bytes that a stranger could have written make a key that opens forgeries.
    /// - Throws: `wrongByteCount`, `wrongVersion`.
    package init(uncheckedSigningKey bytes: Span<UInt8>) throws(MegolmError) {
        guard bytes.count == Self.byteCount else {
            throw .wrongByteCount(expected: Self.byteCount, actual: bytes.count)
        }
        guard bytes[0] == Self.version else {
            throw .wrongVersion(expected: Self.version, actual: bytes[0])
        }
        secret = SharedSecret(copying: bytes)
        let key = bytes.extracting(Self.signingKeyOffset..<Self.byteCount)
        sessionID = SessionID(bytes: Bytes32(key) ?? .zero)
        firstKnownIndex = MessageIndex(bytes.bigEndian(at: Self.indexOffset, as: UInt32.self))
    }

    /// Takes bytes that this room has just made from a key already checked.
    init(derived bytes: Span<UInt8>, from other: ExportedSessionKey) {
        secret = SharedSecret(copying: bytes)
        sessionID = other.sessionID
        firstKnownIndex = MessageIndex(bytes.bigEndian(at: Self.indexOffset, as: UInt32.self))
    }

    /// Decodes 220 characters of unpadded base64 strictly: libolm lets foreign characters pass.
    ///
    /// - Throws: what `init(bytes:)` throws, or `notBase64`.
    package init(
        base64 text: Span<UInt8>, indexLimit: MessageIndex = .usualLimit
    ) throws(MegolmError) {
        let secret: SharedSecret
        do throws(SecretsError) {
            secret = try SharedSecret(base64: text)
        } catch {
            throw .notBase64
        }
        try self.init(secret, indexLimit: indexLimit)
    }

    /// All 165 bytes.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { secret.bytes }
    }

    /// The four ratchet parts, 128 bytes.
    var ratchet: Span<UInt8> {
        @_lifetime(borrow self)
        get { secret.bytes.extracting(Self.ratchetRange) }
    }

    /// 220 characters of unpadded base64.
    package var base64: SecretBytes { SecretBase64.encode(secret.bytes) }

    /// Whether both are the same bytes, compared in constant time.
    package func isIdentical(to other: ExportedSessionKey) -> Bool {
        constantTimeEqual(bytes, other.bytes)
    }
}
