package import Bytes
package import Secrets

/// Seals what is written to it: an age v1 file to one or more recipients.
///
/// It says nothing about who sealed it; that is for what is inside.
package final class SealedFileWriter: ByteSink {
    private let sink: any ByteSink
    private var payload: PayloadSealer
    private var isFinished = false

    /// Writes the header to `sink`, with the recipients in random order.
    ///
    /// - Throws: `noRecipients`, `tooManyRecipients`, `duplicateRecipient`, `stream`.
    package init(
        to recipients: [Recipient], into sink: any ByteSink, random: inout some RandomSource
    ) throws(SealingError) {
        try Self.check(recipients)
        let fileKey = FileKey(random: &random)
        var stanzas: [Stanza] = []
        for recipient in recipients {
            stanzas.append(try X25519Stanza.wrapping(fileKey, for: recipient, random: &random))
        }
        random.shuffle(&stanzas)
        let header = try AgeHeader(stanzas: stanzas, fileKey: fileKey)
        let nonce = random.bytes(FileKey.nonceByteCount)
        do throws(StreamError) {
            try sink.write(header.encoded + nonce)
        } catch {
            throw .stream(error)
        }
        self.sink = sink
        payload = PayloadSealer(key: fileKey.payloadKey(nonce: nonce))
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        precondition(!isFinished, "a finished file takes no more")
        var position = 0
        while position < bytes.count {
            if payload.isFull { try payload.seal(isLast: false, into: sink) }
            position += payload.take(bytes.extracting(position..<bytes.count))
        }
    }

    /// Writes the last chunk, without which nobody opens the file whole.
    ///
    /// To be called once, after everything was written.
    package func finish() throws(StreamError) {
        precondition(!isFinished, "a file is finished once")
        isFinished = true
        try payload.seal(isLast: true, into: sink)
    }

    private static func check(_ recipients: [Recipient]) throws(SealingError) {
        if recipients.isEmpty { throw .noRecipients }
        guard recipients.count <= AgeHeader.recipientLimit else {
            throw .tooManyRecipients(limit: AgeHeader.recipientLimit)
        }
        for (second, recipient) in recipients.enumerated() {
            if let first = recipients[..<second].firstIndex(of: recipient) {
                throw .duplicateRecipient(first: first, second: second)
            }
        }
    }
}

extension RandomSource {
    /// Puts `elements` in an order of which each is as likely as any other (Fisher–Yates).
    fileprivate mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in elements.indices.dropFirst() {
            elements.swapAt(index, number(below: index + 1))
        }
    }
}
