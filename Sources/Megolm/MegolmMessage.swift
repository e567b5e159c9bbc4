import Bytes
package import MatrixTypes
import Secrets

/// What an encrypted message shows without any key (Matrix spec, Megolm, "Message format").
///
/// ```
/// 0x03 | 0x08 varint(index) | 0x12 varint(count) ciphertext | MAC 8 | Ed25519 signature 64
/// ```
package struct MegolmMessage: Sendable {
    /// The message's index, as its sender wrote it.
    package let index: MessageIndex

    private let bytes: [UInt8]

    private static let version: UInt8 = 3
    private static let trailerByteCount = 8 + 64
    private static let indexTag: UInt64 = 0x08
    private static let ciphertextTag: UInt64 = 0x12

    /// Reads the `ciphertext` of an `m.room.encrypted` event; padding is tolerated.
    ///
    /// - Throws: `MegolmError.malformedMessage`, also for a repeated field, where libolm and others
    ///   disagree with stricter readers.
    package init(ciphertext: String) throws(MegolmError) {
        try self.init(base64: Array(ciphertext.utf8).span)
    }

    /// Reads the bytes of that `ciphertext`.
    ///
    /// - Throws: as `init(ciphertext:)`.
    package init(base64 text: Span<UInt8>) throws(MegolmError) {
        var count = text.count
        while count > 0, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        guard let bytes = UnpaddedBase64.decode(text.extracting(first: count)),
            bytes.first == Self.version,
            bytes.count > Self.trailerByteCount
        else { throw .malformedMessage }
        var fields = ProtobufFields(bytes[1..<bytes.count - Self.trailerByteCount])
        var index: UInt32?
        var hasCiphertext = false
        while let field = try fields.next() {
            switch field {
            case .varint(tag: Self.indexTag, let value):
                guard index == nil, let value = UInt32(exactly: value) else {
                    throw .malformedMessage
                }
                index = value
            case .bytes(tag: Self.ciphertextTag, let count):
                guard !hasCiphertext, count >= 16, count % 16 == 0 else { throw .malformedMessage }
                hasCiphertext = true
            default: continue
            }
        }
        guard let index, hasCiphertext else { throw .malformedMessage }
        self.index = MessageIndex(index)
        self.bytes = bytes
    }

    /// How many bytes the whole message has.
    package var byteCount: Int { bytes.count }

    /// The message as its event's `ciphertext` spells it, without padding.
    package var base64: String { UnpaddedBase64.encode(bytes) }

    /// Whether both are the same bytes.
    package func isIdentical(to other: MegolmMessage) -> Bool { bytes == other.bytes }

    /// The message's MAC and signature, hashed: two messages that differ differ in them.
    ///
    /// For telling a message sent twice from two messages; not a cryptographic digest.
    package var tag: UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in bytes.suffix(Self.trailerByteCount) {
            hash = (hash ^ UInt32(byte)) &* 0x0100_0193
        }
        return hash
    }

    /// Whether the message's signature is the session's own: it then belongs to that session, which
    /// says nothing of who owns the session.
    package func isSigned(by session: SessionID) -> Bool {
        let border = bytes.count - Ed25519.signatureByteCount
        return Ed25519.PublicKey(bytes: session.bytes).verifies(
            bytes.span.extracting(border..<bytes.count), of: bytes.span.extracting(first: border))
    }
}

/// Walks over protocol-buffer fields of wire types 0 and 2, the only ones Megolm uses.
private struct ProtobufFields {
    enum Field {
        case varint(tag: UInt64, UInt64)
        case bytes(tag: UInt64, count: Int)
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func next() throws(MegolmError) -> Field? {
        guard position < bytes.endIndex else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0: return .varint(tag: tag, try varint())
        case 2:
            guard let count = Int(exactly: try varint()), count <= bytes.endIndex - position else {
                throw .malformedMessage
            }
            position += count
            return .bytes(tag: tag, count: count)
        default: throw .malformedMessage
        }
    }

    /// A number in its shortest spelling; libolm would take the others for something else.
    private mutating func varint() throws(MegolmError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard position < bytes.endIndex else { throw .malformedMessage }
            let byte = bytes[position]
            position += 1
            if byte == 0, shift > 0 { throw .malformedMessage }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw .malformedMessage
    }
}
