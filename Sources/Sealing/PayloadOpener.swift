import Bytes
import Secrets

/// Opens a payload chunk by chunk and holds the plaintext of the chunk that verified last.
struct PayloadOpener: ~Copyable {
    private let key: SecretBytes
    private var ciphertext = [UInt8](repeating: 0, count: Payload.sealedByteCount)
    private var plaintext = SecretBytes(byteCount: Payload.chunkByteCount)
    private var position = 0
    private var plaintextCount = 0
    private var chunkIndex: UInt64 = 0
    /// Whether the last chunk has verified and the source ended with it.
    private(set) var isComplete = false

    init(key: consuming SecretBytes) {
        self.key = key
    }

    /// Whether the plaintext of the present chunk is used up.
    var isEmpty: Bool { position == plaintextCount }

    /// Copies out plaintext that has verified.
    mutating func read(into buffer: inout MutableSpan<UInt8>) -> Int {
        let count = min(buffer.count, plaintextCount - position)
        buffer.copy(plaintext.bytes.extracting(position..<position + count), to: 0)
        position += count
        return count
    }

    /// Reads and opens the next chunk.
    ///
    /// The chunk is the last one exactly where the source ends, so a missing final flag, a flag too
    /// early and anything behind the last chunk all fail to verify.
    mutating func openChunk(from source: BufferedSource) throws(SealingError) {
        position = 0
        plaintextCount = 0
        let index = Int(chunkIndex)
        var sealed = ciphertext.mutableSpan
        let count = try source.take(into: &sealed)
        let isLast = try source.isAtEnd()
        guard count >= ChaCha20Poly1305.tagByteCount else {
            throw .payloadEndsEarly(index: index)
        }
        let opened: Int
        do throws(SecretsError) {
            opened = try Payload.open(
                ciphertext, count: count, into: &plaintext,
                nonce: Payload.nonce(chunk: chunkIndex, isLast: isLast), key: key)
        } catch {
            throw .chunkNotAuthentic(index: index)
        }
        if opened == 0, index > 0 { throw .emptyFinalChunk }
        plaintextCount = opened
        chunkIndex += 1
        isComplete = isLast
    }
}
