import Bytes
package import Secrets

/// The file an identity rests in, under a passphrase or, for machines, without one.
///
/// ```
/// # heir1… created 2026-11-23T23:10:00Z
/// HEIRLOOM-IDENTITY-V1
/// base64, padded, in one line
/// ```
///
/// The body under a passphrase, 170 bytes:
///
/// ```
///  0   1  version = 1                      1   1  key derivation = 2, Argon2id 1.3
///  2   4  passes                           6   4  memory in KiB
/// 10  16  salt                            26  24  nonce
/// 50  32  check value
/// 82  88  XChaCha20-Poly1305 of X25519 seed 32 | Ed25519 seed 32 | created 8 (ms since 1970)
/// ```
///
/// Argon2id gives 64 bytes: the key and the check value, which tells a wrong passphrase from a
/// damaged file. Bytes 0 to 81 and the 64 public bytes of the first line are authenticated with it.
/// Without a passphrase the body is 74 bytes: version = 1 | 0 | the same 72 bytes.
package struct IdentityFile: ~Copyable {
    /// What of a file can be malformed.
    package enum Part: String, Equatable, Sendable, CustomStringConvertible {
        case publicLine = "first line"
        case title = "second line"
        case body = "third line"
        case version
        case keyDerivation = "key derivation"

        package var description: String { rawValue }
    }

    /// How many passes are accepted when reading, and may be asked for when writing.
    package static let acceptedPasses: ClosedRange<UInt32> = 2...10
    /// How much memory is accepted when reading, and may be asked for when writing, in KiB.
    package static let acceptedKibibytes: ClosedRange<UInt32> = 64 << 10...1 << 20
    /// The work for new files: 3 passes over 256 MiB.
    package static let defaultCost = Argon2id.Cost(passes: 3, kibibytes: 256 << 10)

    static let version: UInt8 = 1
    static let unprotectedByteCount = 74
    static let protectedByteCount = 170
    private static let title = Array("HEIRLOOM-IDENTITY-V1".utf8)
    private static let newline = UInt8(ascii: "\n")

    /// The identity that the first line names; proven only by opening.
    package let publicIdentity: PublicIdentity
    /// When the first line says that it was made, in milliseconds since 1970, whole seconds.
    package let createdAt: UInt64
    let body: SecretBytes

    /// Whether a passphrase is needed to open it.
    package var isProtected: Bool { body.byteCount == Self.protectedByteCount }

    init(publicIdentity: PublicIdentity, createdAt: UInt64, body: consuming SecretBytes) {
        self.publicIdentity = publicIdentity
        self.createdAt = createdAt / 1000 * 1000
        self.body = body
    }

    /// Reads the text of an identity file, and bounds the work that it asks for.
    ///
    /// - Throws: `malformedIdentityFile`, `costOutOfBounds`.
    package init(text: Span<UInt8>) throws(SealingError) {
        var lines = IdentityLines(text)
        let first = try lines.next(.publicLine)
        let second = try lines.next(.title)
        let third = try lines.next(.body)
        guard lines.isAtEnd else { throw .malformedIdentityFile(.body) }
        let (identity, createdAt) = try Self.parse(publicLine: [UInt8](text.extracting(first)))
        guard [UInt8](text.extracting(second)) == Self.title else {
            throw .malformedIdentityFile(.title)
        }
        let body = try Self.decode(text.extracting(third))
        try Self.check(body)
        self.init(publicIdentity: identity, createdAt: createdAt, body: body)
    }

    /// The text of the file.
    ///
    /// Secret even under a passphrase: whoever has it can guess.
    package var text: SecretBytes {
        let publicLine = Self.publicLine(publicIdentity, createdAt: createdAt)
        let start = publicLine + [Self.newline] + Self.title + [Self.newline]
        let base64 = SecretBase64.encode(body.bytes)
        var text = SecretBytes(byteCount: start.count + base64.byteCount + 2)
        var span = text.mutableBytes
        span.copy(start.span, to: 0)
        span.copy(base64.bytes, to: start.count)
        span[span.count - 2] = UInt8(ascii: "=")
        span[span.count - 1] = Self.newline
        return text
    }

    private static func publicLine(_ identity: PublicIdentity, createdAt: UInt64) -> [UInt8] {
        Array("# \(identity.text) created \(UTCDate.text(milliseconds: createdAt))".utf8)
    }

    private static func parse(
        publicLine: [UInt8]
    ) throws(SealingError) -> (PublicIdentity, UInt64) {
        let words = String(decoding: publicLine, as: UTF8.self).split(separator: " ")
        guard words.count == 4, let createdAt = UTCDate.milliseconds(String(words[3])) else {
            throw .malformedIdentityFile(.publicLine)
        }
        let identity = try PublicIdentity(String(words[1]))
        guard self.publicLine(identity, createdAt: createdAt) == publicLine else {
            throw .malformedIdentityFile(.publicLine)
        }
        return (identity, createdAt)
    }

    /// Both bodies leave two bytes over in base64, so both texts end with one `=`.
    private static func decode(_ text: Span<UInt8>) throws(SealingError) -> SecretBytes {
        guard text.count % 4 == 0, text.count > 0, text[text.count - 1] == UInt8(ascii: "=") else {
            throw .malformedIdentityFile(.body)
        }
        do throws(SecretsError) {
            return try SecretBase64.decode(text.extracting(first: text.count - 1))
        } catch {
            throw .malformedIdentityFile(.body)
        }
    }

    private static func check(_ body: borrowing SecretBytes) throws(SealingError) {
        let isProtected = body.byteCount == protectedByteCount
        guard isProtected || body.byteCount == unprotectedByteCount else {
            throw .malformedIdentityFile(.body)
        }
        guard body.bytes[0] == version else { throw .malformedIdentityFile(.version) }
        guard body.bytes[1] == (isProtected ? Protection.keyDerivation : 0) else {
            throw .malformedIdentityFile(.keyDerivation)
        }
        if isProtected { try Protection.check(Protection.cost(of: body)) }
    }
}

/// The places of three lines, each ended by LF.
private struct IdentityLines: ~Escapable {
    private let text: Span<UInt8>
    private var start = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        self.text = text
    }

    var isAtEnd: Bool { start == text.count }

    mutating func next(_ part: IdentityFile.Part) throws(SealingError) -> Range<Int> {
        for index in start..<text.count where text[index] == UInt8(ascii: "\n") {
            defer { start = index + 1 }
            return start..<index
        }
        throw .malformedIdentityFile(part)
    }
}
