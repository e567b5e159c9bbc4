import Bytes
import Secrets

/// Writes a bundle's bytes in one pass: the preamble, then signed frames, each begun, filled piece by
/// piece and ended.
struct FrameWriter: ~Copyable {
    private let sink: any ByteSink
    private let signer: Ed25519.PublicKey
    private var hash = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
    private var bodyHash = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
    private var manifestDigest = FrameSignature.noManifest
    /// How many frames have been ended; the index of the next one.
    private(set) var frameCount: UInt64 = 0
    /// How many bytes have been written.
    private(set) var byteCount = 0

    /// Writes the preamble.
    init(to sink: any ByteSink, signer: Ed25519.PublicKey) throws(BundleError) {
        self.sink = sink
        self.signer = signer
        var preamble = BundleFormat.magic
        preamble.append(BundleFormat.version)
        preamble += signer.bytes.array
        try write(preamble.span)
    }

    /// Writes a frame whose body is public.
    mutating func frame(
        _ type: FrameType, body: [UInt8], signedBy key: borrowing Ed25519.SigningKey
    ) throws(BundleError) {
        try begin(FrameHeader(type: type, bodyByteCount: body.count))
        try append(body.span)
        try end(type, signedBy: key)
    }

    /// Writes a frame's header; its body follows by `append`, in all as long as the header says.
    mutating func begin(_ header: FrameHeader) throws(BundleError) {
        precondition(header.bodyByteCount <= header.type.maximumBodyByteCount)
        bodyHash = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
        try write(header.encoded.span)
    }

    mutating func append(_ piece: Span<UInt8>) throws(BundleError) {
        bodyHash.update(piece)
        try write(piece)
    }

    /// Signs the frame that was begun.
    mutating func end(
        _ type: FrameType, signedBy key: borrowing Ed25519.SigningKey
    ) throws(BundleError) {
        precondition(key.publicKey == signer, "one bundle, one signer")
        let fresh = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
        let bodyDigest = exchange(&bodyHash, with: fresh).finish()
        let signed = FrameSignature(
            signer: signer, manifestDigest: manifestDigest, index: frameCount,
            type: type.rawValue, bodyDigest: bodyDigest)
        try write(key.sign(signed.signedBytes.span).span)
        if type == .manifest { manifestDigest = bodyDigest }
        frameCount += 1
    }

    /// The hash of all bytes written so far.
    ///
    /// No frame but the end frame may be written after it.
    mutating func finishHash() -> [UInt8] {
        let fresh = BLAKE2b.State(byteCount: BundleFormat.digestByteCount)
        return exchange(&hash, with: fresh).finish()
    }

    private mutating func write(_ bytes: Span<UInt8>) throws(BundleError) {
        do {
            try sink.write(bytes)
        } catch {
            throw .stream(error)
        }
        hash.update(bytes)
        byteCount += bytes.count
    }
}
