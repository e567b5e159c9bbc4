package import Bytes
import Crypto
import Foundation
package import Secrets

/// An encrypted attachment being read: its hash is verified before any of it is decrypted.
package enum Attachment {
    /// Verifies the ciphertext against the key's object and gives the plaintext.
    ///
    /// - Parameter source: the ciphertext; read twice.
    /// - Throws: `KeyFormatError.attachmentDamaged`, or `.stream`.
    package static func open(
        _ source: any RewindableByteSource, with file: EncryptedFile
    ) throws(KeyFormatError) -> any ByteSource {
        let isWhole: Bool
        do throws(StreamError) {
            try source.rewind()
            var hash = SHA256()
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                var span = piece.mutableSpan
                let count = try source.fill(&span)
                if count == 0 { break }
                hash.update(data: piece[..<count])
            }
            isWhole = Array(hash.finalize()) == file.digest
            try source.rewind()
        } catch {
            throw .stream(error)
        }
        guard isWhole else { throw .attachmentDamaged }
        return DecryptedAttachment(source, file)
    }
}

/// The plaintext of an attachment whose hash has verified.
private final class DecryptedAttachment: ByteSource {
    private let source: any ByteSource
    private var cipher: AESCounterMode
    private var buffer = SecretBytes(byteCount: 1 << 16)
    private var position = 0
    private var end = 0

    init(_ source: any ByteSource, _ file: EncryptedFile) {
        self.source = source
        let key = file.key
        cipher = AESCounterMode(key: key.bytes, initialCounter: file.initialCounter)
    }

    func read(into output: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if position == end {
            try refill()
            if end == 0 { return 0 }
        }
        let count = min(output.count, end - position)
        output.copy(buffer.bytes.extracting(position..<position + count), to: 0)
        position += count
        return count
    }

    /// Whole pieces: the cipher goes on only behind a multiple of 16 bytes.
    private func refill() throws(StreamError) {
        let source = self.source
        position = 0
        end = 0
        let count = try Self.fill(&buffer, from: source)
        var span = buffer.mutableBytes
        var piece = span.slice(0..<count)
        cipher.apply(to: &piece)
        end = count
    }

    private static func fill(
        _ buffer: inout SecretBytes, from source: any ByteSource
    ) throws(StreamError) -> Int {
        var span = buffer.mutableBytes
        return try source.fill(&span)
    }
}

/// Encrypts what is written to it as an attachment.
///
/// Call `finish()` once at the end; it gives the `EncryptedFile` object, which opens it.
package final class AttachmentWriter: ByteSink {
    private let sink: any ByteSink
    private let file: EncryptedFile
    private var cipher: AESCounterMode
    private var hash = SHA256()
    private var buffer = SecretBytes(byteCount: 1 << 15)
    private var count = 0

    package init(to sink: any ByteSink, random: inout some RandomSource) {
        self.sink = sink
        file = EncryptedFile(random: &random)
        let key = file.key
        cipher = AESCounterMode(key: key.bytes, initialCounter: file.initialCounter)
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        var position = 0
        while position < bytes.count {
            let taken = min(bytes.count - position, buffer.byteCount - count)
            var span = buffer.mutableBytes
            span.copy(bytes.extracting(position..<position + taken), to: count)
            position += taken
            count += taken
            if count == buffer.byteCount { try flush() }
        }
    }

    /// Writes what is left and gives the object as JSON, without the `url` that an upload gives.
    package func finish() throws(StreamError) -> SecretBytes {
        try flush()
        return file.text(digest: Array(hash.finalize()))
    }

    private func flush() throws(StreamError) {
        guard count > 0 else { return }
        var span = buffer.mutableBytes
        var piece = span.slice(0..<count)
        cipher.apply(to: &piece)
        let bytes = [UInt8](piece.span)
        hash.update(data: bytes)
        count = 0
        try sink.write(bytes)
    }
}
