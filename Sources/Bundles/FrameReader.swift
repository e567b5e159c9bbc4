import Bytes
import Secrets

/// Reads a bundle's bytes in one pass: preamble, then frame after frame, each one's signature before
/// anything in its body.
///
/// Holds no more than one body at a time, and keeps the running hash that the end frame is held
/// against.
final class FrameReader {
    let signer: Ed25519.PublicKey

    private let source: any ByteSource
    private var hash = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
    private var manifestDigest = FrameSignature.noManifest
    /// How many frames have been read and verified; the index of the next one.
    private(set) var frameCount: UInt64 = 0
    /// How many bytes have been read.
    private(set) var byteCount = 0

    /// Padding is read in pieces of this many bytes.
    private static let pieceByteCount = 64 << 10

    /// Reads the preamble.
    init(_ source: any ByteSource) throws(BundleError) {
        var preamble = [UInt8](repeating: 0, count: BundleFormat.preambleByteCount)
        let filled: Int
        do {
            var span = preamble.mutableSpan
            filled = try source.fill(&span)
        } catch {
            throw .stream(error)
        }
        let magic = BundleFormat.magic
        guard filled > magic.count, preamble.starts(with: magic) else { throw .notABundle }
        let version = preamble[magic.count]
        guard version == BundleFormat.version else {
            throw .wrongVersion(expected: BundleFormat.version, actual: version)
        }
        guard filled == preamble.count,
            let key = Bytes32(preamble.span.extracting(droppingFirst: magic.count + 1))
        else { throw .truncated }
        signer = Ed25519.PublicKey(bytes: key)
        self.source = source
        byteCount = filled
        hash.update(preamble.span)
    }

    /// Reads the next frame's type and length.
    ///
    /// - Parameter types: what may stand here.
    /// - Throws: `unexpectedFrame`, `bodyTooLong`, `truncated` or `stream`.
    func header(allowing types: Set<FrameType>) throws(BundleError) -> FrameHeader {
        var header = SecretBytes(byteCount: FrameHeader.byteCount)
        try fill(&header)
        let code = header.bytes[0]
        guard let type = FrameType(rawValue: code), types.contains(type) else {
            throw .unexpectedFrame(type: code, index: frameCount)
        }
        let byteCount = Int(header.bytes.bigEndian(at: 1, as: UInt32.self))
        guard byteCount <= type.maximumBodyByteCount else {
            throw .bodyTooLong(
                type: type, byteCount: byteCount, limit: type.maximumBodyByteCount)
        }
        return FrameHeader(type: type, bodyByteCount: byteCount)
    }

    /// Reads the frame's body and signature and verifies it; only then gives the body out.
    ///
    /// - Throws: `badSignature`, `truncated` or `stream`.
    func body(of header: FrameHeader) throws(BundleError) -> SecretBytes {
        var body = SecretBytes(byteCount: header.bodyByteCount)
        try fill(&body)
        hash.update(header.encoded.span)
        hash.update(body.bytes)
        let digest = BLAKE2b.hash(body.bytes, byteCount: BundleFormat.digestByteCount)
        try verify(header, bodyDigest: digest)
        return body
    }

    /// Reads a padding frame's body in pieces and verifies it.
    ///
    /// - Throws: `malformed(.padding)` for anything but zeros, once the signature has held;
    ///   `badSignature`, `truncated` or `stream`.
    func padding(of header: FrameHeader) throws(BundleError) {
        var bodyHash = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
        var seen: UInt8 = 0
        var left = header.bodyByteCount
        hash.update(header.encoded.span)
        while left > 0 {
            var piece = SecretBytes(byteCount: min(left, Self.pieceByteCount))
            try fill(&piece)
            hash.update(piece.bytes)
            bodyHash.update(piece.bytes)
            seen |= Self.union(of: piece.bytes)
            left -= piece.byteCount
        }
        try verify(header, bodyDigest: bodyHash.finish())
        guard seen == 0 else { throw .malformed(.padding) }
    }

    /// The hash of all bytes read so far.
    ///
    /// No frame but the end frame may be read after it.
    func finishHash() -> [UInt8] {
        let spent = exchange(&hash, with: BLAKE2b.State(byteCount: BundleFormat.digestByteCount))
        return spent.finish()
    }

    /// Throws `trailingBytes` unless the source is at its end.
    func checkEnd() throws(BundleError) {
        var byte = SecretBytes(byteCount: 1)
        guard try read(&byte) == 0 else { throw .trailingBytes }
    }

    private func verify(
        _ header: FrameHeader, bodyDigest: [UInt8]
    ) throws(BundleError) {
        var signature = SecretBytes(byteCount: Ed25519.signatureByteCount)
        try fill(&signature)
        hash.update(signature.bytes)
        let signed = FrameSignature(
            signer: signer, manifestDigest: manifestDigest, index: frameCount,
            type: header.type.rawValue, bodyDigest: bodyDigest)
        guard signer.verifies(signature.bytes, of: signed.signedBytes.span) else {
            throw .badSignature(frame: frameCount)
        }
        if header.type == .manifest { manifestDigest = bodyDigest }
        frameCount += 1
    }

    private func fill(_ buffer: inout SecretBytes) throws(BundleError) {
        guard try read(&buffer) == buffer.byteCount else { throw .truncated }
    }

    /// Fills the buffer unless the source ends first; returns how many bytes it put there.
    private func read(_ buffer: inout SecretBytes) throws(BundleError) -> Int {
        do {
            var span = buffer.mutableBytes
            let count = try source.fill(&span)
            byteCount += count
            return count
        } catch {
            throw .stream(error)
        }
    }

    private static func union(of bytes: Span<UInt8>) -> UInt8 {
        var union: UInt8 = 0
        for index in bytes.indices { union |= bytes[index] }
        return union
    }
}
