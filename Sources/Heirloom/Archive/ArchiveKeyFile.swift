import Bytes
import Carriers
import Secrets

/// A file whose 32 secret bytes unlock an archive without any identity: for machines, and for a safe.
///
/// ```
/// heirloom-archive-key-v1 <43 characters of unpadded base64>
/// ```
struct ArchiveKeyFile: ~Copyable {
    private static let beginning = Array("heirloom-archive-key-v1 ".utf8)
    private static let characterCount = 43
    private static let context = Array("heirloom/v1/archive/key file\0".utf8)

    /// What it opens: 32 bytes, and the slot's name, which gives nothing of them away.
    let way: ArchiveWay

    /// New secret bytes.
    init() {
        var random = SystemRandomSource()
        way = Self.way(SecretBytes(byteCount: 32, from: &random))
    }

    private static func way(_ secret: consuming SecretBytes) -> ArchiveWay {
        var text = SecretBytes(byteCount: context.count + secret.byteCount)
        text.copy(context.span, to: 0)
        text.copy(secret.bytes, to: context.count)
        let name = "key file " + hexadecimal(BLAKE2b.hash(text.bytes, byteCount: 16))
        return ArchiveWay(wrapping: secret, name: name)
    }

    /// Reads a key file, which must be its owner's alone.
    ///
    /// - Throws: `HeirloomError` of step `archive`.
    static func way(readingFrom path: String) throws(HeirloomError) -> ArchiveWay {
        let file = try carrying(.archive, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: [.noSymbolicLink, .ownerOnly], limit: 4096)
        }
        let count = beginning.count + characterCount
        let text = try moving(.archive, path) { () throws(StreamError) in
            try file.readSecret(upTo: count + 2)
        }
        let bytes = text.bytes
        let isWhole =
            bytes.count == count || bytes.count == count + 1 && bytes[count] == UInt8(ascii: "\n")
        guard isWhole, (0..<beginning.count).allSatisfy({ bytes[$0] == beginning[$0] }),
            let secret = try? SecretBase64.decode(bytes.extracting(beginning.count..<count))
        else {
            throw HeirloomError(
                .archive, .unknownKind, "\(path.shown): it is no key file of an archive")
        }
        return way(secret)
    }

    /// Writes it to a new file, mode 0600.
    func write(to path: String, replacing: Bool) throws(HeirloomError) {
        let text = SecretBase64.encode(way.wrapping.bytes)
        let file = try carrying(.archive, path) { () throws(CarrierError) in
            try OutputFile(path: path, replacing: replacing)
        }
        do throws(StreamError) {
            try file.write(Self.beginning)
            try file.write(text.bytes)
            try file.write(Array("\n".utf8))
        } catch {
            throw HeirloomError(.deliver, error, of: path)
        }
        try carrying(.archive, path) { () throws(CarrierError) in try file.commit() }
    }
}
