package import Bytes

/// A sealed file that one of our keys opens, as a source of its plaintext.
///
/// Armor, header, unwrapping and the header's code are done when it is made; after that every byte
/// it gives has verified. The end of the plaintext is reached only where the last chunk verified as
/// the last and nothing came behind it: until `read` has returned 0, the plaintext may have been cut.
///
/// Opening is not verifying: anybody who knows the recipient can make such a file.
package final class OpenedFile: ByteSource {
    /// The header, for showing how many recipients there are.
    package let header: AgeHeader
    /// The key of ours that opened it.
    package let recipient: Recipient
    /// Why reading stopped, where it threw.
    package private(set) var failure: SealingError?

    private let source: BufferedSource
    private var payload: PayloadOpener

    /// - Throws: `SealingError` of the layers armor, header, limit, noMatch, hmac and stream.
    package convenience init(
        source: any ByteSource, identity: borrowing Identity
    ) throws(SealingError) {
        try self.init(source: source, keys: [identity.encryptionKey])
    }

    /// - Parameter keys: every key that may open it; the first stanza that one of them opens decides.
    /// - Throws: `SealingError` of the layers armor, header, limit, noMatch, hmac and stream.
    package init(source: any ByteSource, keys: [AgeSecretKey]) throws(SealingError) {
        let source = try Armor.removed(from: source)
        let header = try AgeHeader(reading: source)
        let match = try Unwrapping(of: header, with: keys)
        guard header.isAuthentic(under: match.fileKey) else { throw .headerNotAuthentic }
        let nonce = try Self.readNonce(from: source)
        self.source = source
        self.header = header
        recipient = match.recipient
        payload = PayloadOpener(key: match.fileKey.payloadKey(nonce: nonce))
    }

    /// - Throws: `StreamError.damagedBelow` with `failure` set, or what the source below threw.
    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        do throws(SealingError) {
            if let failure { throw failure }
            while payload.isEmpty, !payload.isComplete { try payload.openChunk(from: source) }
        } catch {
            failure = error
            if case .stream(let below) = error { throw below }
            throw .damagedBelow
        }
        return payload.read(into: &buffer)
    }

    private static func readNonce(from source: BufferedSource) throws(SealingError) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: FileKey.nonceByteCount)
        var span = nonce.mutableSpan
        guard try source.take(into: &span) == nonce.count else { throw .headerEndsEarly }
        return nonce
    }
}

/// The file key that a header gives to one of our keys.
private struct Unwrapping: ~Copyable {
    let fileKey: FileKey
    let recipient: Recipient

    /// Tries every stanza even after one has opened, because a low-order share in any of them makes
    /// the file unacceptable.
    init(of header: AgeHeader, with keys: [AgeSecretKey]) throws(SealingError) {
        var found: Recipient?
        var fileKey: FileKey?
        for stanza in header.recipients {
            for key in keys {
                let unwrapped = try stanza.unwrapped(with: key)
                if found != nil || unwrapped == nil { continue }
                found = key.recipient
                fileKey = unwrapped
            }
        }
        guard let found, let fileKey else {
            throw .noMatch(recipientCount: header.recipients.count)
        }
        self.fileKey = fileKey
        recipient = found
    }
}
