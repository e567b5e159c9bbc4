import Bytes
import Secrets

/// Gathers plaintext and seals it chunk by chunk.
struct PayloadSealer: ~Copyable {
    private let key: SecretBytes
    private var plaintext = SecretBytes(byteCount: Payload.chunkByteCount)
    private var plaintextCount = 0
    private var ciphertext = [UInt8](repeating: 0, count: Payload.sealedByteCount)
    private var chunkIndex: UInt64 = 0

    init(key: consuming SecretBytes) {
        self.key = key
    }

    /// Whether a chunk waits to be sealed.
    ///
    /// Only when more plaintext comes is it known not to be the last one.
    var isFull: Bool { plaintextCount == Payload.chunkByteCount }

    /// Takes as many bytes as fit, and says how many.
    mutating func take(_ bytes: Span<UInt8>) -> Int {
        let count = min(bytes.count, Payload.chunkByteCount - plaintextCount)
        plaintext.copy(bytes.extracting(first: count), to: plaintextCount)
        plaintextCount += count
        return count
    }

    /// Seals what was gathered and hands it on.
    mutating func seal(isLast: Bool, into sink: any ByteSink) throws(StreamError) {
        let byteCount = Payload.seal(
            plaintext, count: plaintextCount, into: &ciphertext,
            nonce: Payload.nonce(chunk: chunkIndex, isLast: isLast), key: key)
        plaintextCount = 0
        chunkIndex += 1
        try sink.write(ciphertext.span.extracting(first: byteCount))
    }
}
