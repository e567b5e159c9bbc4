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
    /// What is wrong behind the present chunk.
    private var pendingFailure: SealingError?

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
    /// A chunk is the last one exactly where the source ends. A full chunk that verifies with the
    /// other flag is still handed on, as the age test kit asks, and the error comes behind it.
    mutating func openChunk(from source: BufferedSource) throws(SealingError) {
        position = 0
        plaintextCount = 0
        if let pendingFailure { throw pendingFailure }
        let index = Int(chunkIndex)
        var sealed = ciphertext.mutableSpan
        let count = try source.take(into: &sealed)
        let sourceEnds = try source.isAtEnd()
        guard count >= ChaCha20Poly1305.tagByteCount else {
            throw .payloadEndsEarly(index: index)
        }
        if count == ChaCha20Poly1305.tagByteCount, index > 0 { throw .emptyFinalChunk }
        if open(count, isLast: sourceEnds) {
            isComplete = sourceEnds
        } else if count == Payload.sealedByteCount, open(count, isLast: !sourceEnds) {
            pendingFailure = sourceEnds ? .finalChunkMissing : .bytesBehindFinalChunk
        } else {
            throw .chunkNotAuthentic(index: index)
        }
        chunkIndex += 1
    }

    private mutating func open(_ count: Int, isLast: Bool) -> Bool {
        do throws(SecretsError) {
            plaintextCount = try Payload.open(
                ciphertext, count: count, into: &plaintext,
                nonce: Payload.nonce(chunk: chunkIndex, isLast: isLast), key: key)
            return true
        } catch {
            return false
        }
    }
}
