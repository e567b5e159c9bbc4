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
    private var piece = CipherPiece(byteCount: 1 << 16)

    init(_ source: any ByteSource, _ file: EncryptedFile) {
        self.source = source
        let key = file.key
        cipher = AESCounterMode(key: key.bytes, initialCounter: file.initialCounter)
    }

    func read(into output: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if piece.isSpent { try refill() }
        return piece.give(into: &output)
    }

    /// Whole pieces: the cipher goes on only behind a multiple of 16 bytes.
    private func refill() throws(StreamError) {
        piece.hold(0)
        let count = try Self.fill(&piece, from: source)
        var room = piece.room
        var text = room.slice(0..<count)
        cipher.apply(to: &text)
        piece.hold(count)
    }

    private static func fill(
        _ piece: inout CipherPiece, from source: any ByteSource
    ) throws(StreamError) -> Int {
        var room = piece.room
        return try source.fill(&room)
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
    private var piece = CipherPiece(byteCount: 1 << 15)

    package init(to sink: any ByteSink, random: inout some RandomSource) {
        self.sink = sink
        file = EncryptedFile(random: &random)
        let key = file.key
        cipher = AESCounterMode(key: key.bytes, initialCounter: file.initialCounter)
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        var position = 0
        while position < bytes.count {
            position += piece.put(bytes.extracting(position..<bytes.count))
            if piece.isFull { try flush() }
        }
    }

    /// Writes what is left and gives the object as JSON, without the `url` that an upload gives.
    package func finish() throws(StreamError) -> SecretBytes {
        try flush()
        return file.text(digest: Array(hash.finalize()))
    }

    private func flush() throws(StreamError) {
        let count = piece.count
        guard count > 0 else { return }
        var room = piece.room
        var text = room.slice(0..<count)
        cipher.apply(to: &text)
        let bytes = [UInt8](text.span)
        hash.update(data: bytes)
        piece.hold(0)
        try sink.write(bytes)
    }
}
