import Bytes
import Secrets
import TestSupport

@testable import Sealing

/// An age key that is the same at every run.
func newKey(_ number: UInt64) -> AgeSecretKey {
    AgeSecretKey(secret: SecretBytes(copying: FixedRandomSource.bytes(32, number: number).span))
}

/// An identity that is the same at every run; made 2026-11-23T23:10:00.123Z.
func newIdentity(_ number: UInt64) -> Identity {
    var random = FixedRandomSource(number: number)
    return Identity.generate(random: &random, now: 1_795_475_400_123)
}

/// The text of a key that was made for a test and is no secret.
func secretText(_ key: AgeSecretKey) -> [UInt8] {
    let text = key.text()
    return [UInt8](text.bytes)
}

func seal(_ plaintext: [UInt8], to recipients: [Recipient]) throws -> [UInt8] {
    var random = SystemRandomSource()
    let sink = MemorySink()
    let writer = try SealedFileWriter(to: recipients, into: sink, random: &random)
    try writer.write(plaintext)
    try writer.finish()
    return sink.bytes
}

/// The plaintext, or the error of whichever layer refused, and how much it gave before.
func open(
    _ file: [UInt8], with keys: [AgeSecretKey]
) -> (plaintext: [UInt8], failure: SealingError?) {
    do throws(SealingError) {
        let opened = try OpenedFile(source: MemorySource(file), keys: keys)
        let (bytes, _) = drain(opened)
        return (bytes, opened.failure)
    } catch {
        return ([], error)
    }
}

/// A sealed file whose header and chunks a test makes as it likes, with right codes all the same.
struct HandmadeFile: ~Copyable {
    let fileKey: FileKey
    private var random: FixedRandomSource
    private let nonce: [UInt8]

    init(_ number: UInt64 = 1) {
        random = FixedRandomSource(number: number)
        fileKey = FileKey(random: &random)
        nonce = random.bytes(FileKey.nonceByteCount)
    }

    mutating func stanza(for key: AgeSecretKey) throws -> Stanza {
        try X25519Stanza.wrapping(fileKey, for: key.recipient, random: &random)
    }

    /// The header and the nonce.
    func start(_ stanzas: [Stanza]) throws -> [UInt8] {
        try AgeHeader(stanzas: stanzas, fileKey: fileKey).encoded + nonce
    }

    /// One chunk, with the place and the flag that a test wants it to have.
    func chunk(_ plaintext: [UInt8], index: UInt64, isLast: Bool) -> [UInt8] {
        let key = fileKey.payloadKey(nonce: nonce)
        var sealed = [UInt8](repeating: 0, count: plaintext.count + 16)
        var output = sealed.mutableSpan
        ChaCha20Poly1305.seal(
            plaintext.span, into: &output, nonce: Payload.nonce(chunk: index, isLast: isLast),
            key: key.bytes)
        return sealed
    }
}
