import Bytes
import MatrixTypes
import Secrets
import StrictJSON

/// The key to an encrypted attachment: `EncryptedFile` of the Matrix spec, "Sending encrypted
/// attachments".
///
/// AES-256-CTR under a key of its own, and the SHA-256 of the ciphertext. There is no MAC: what makes
/// the attachment authentic is the channel that brought this object.
package final class EncryptedFile: Sendable {
    /// 32 bytes.
    let key: SharedSecret
    /// The first counter block, 16 bytes, used as it stands.
    let initialCounter: [UInt8]
    /// SHA-256 of the ciphertext.
    let digest: [UInt8]

    /// Makes a key and a vector for an attachment to be written: 8 random bytes and 8 zero bytes.
    init(random: inout some RandomSource) {
        let secret = SecretBytes(byteCount: 32, from: &random)
        key = SharedSecret(copying: secret.bytes)
        initialCounter = random.bytes(8) + [UInt8](repeating: 0, count: 8)
        digest = []
    }

    /// Reads the object; `text` holds the key, and escapes are undone in it.
    ///
    /// - Throws: `KeyFormatError.notAnAttachmentKey`, `.unknownAttachmentVersion`.
    static func read(
        _ text: inout MutableSpan<UInt8>
    ) throws(KeyFormatError) -> EncryptedFile {
        guard let object = try? JSONObject(text.span) else { throw .notAnAttachmentKey }
        guard let version = text.string("v", of: object) else { throw .notAnAttachmentKey }
        guard version == Array("v2".utf8) else { throw .unknownAttachmentVersion }
        guard let vector = text.base64("iv", of: object), vector.count == 16,
            let hashes = object.value("hashes", in: text.span), hashes.kind == .object,
            let member = object.value("key", in: text.span), member.kind == .object
        else { throw .notAnAttachmentKey }
        let digest = try digest(&text, in: hashes.range)
        let key = try key(&text, in: member.range)
        return EncryptedFile(key: key, initialCounter: vector, digest: digest)
    }

    private static func digest(
        _ text: inout MutableSpan<UInt8>, in range: Range<Int>
    ) throws(KeyFormatError) -> [UInt8] {
        var hashes = text.slice(range)
        guard let object = try? JSONObject(hashes.span) else { throw .notAnAttachmentKey }
        guard let digest = hashes.base64("sha256", of: object), digest.count == 32 else {
            throw .notAnAttachmentKey
        }
        return digest
    }

    /// The key, which alone is spelled in the alphabet for URLs.
    private static func key(
        _ text: inout MutableSpan<UInt8>, in range: Range<Int>
    ) throws(KeyFormatError) -> SharedSecret {
        var members = text.slice(range)
        guard let object = try? JSONObject(members.span) else { throw .notAnAttachmentKey }
        guard members.string("kty", of: object) == Array("oct".utf8),
            members.string("alg", of: object) == Array("A256CTR".utf8),
            let place = object.value("k", in: members.span), place.kind == .string,
            !place.hasEscapes, place.range.count == 43
        else { throw .notAnAttachmentKey }
        for index in place.range {
            if members[index] == UInt8(ascii: "-") { members[index] = UInt8(ascii: "+") }
            if members[index] == UInt8(ascii: "_") { members[index] = UInt8(ascii: "/") }
        }
        do throws(SecretsError) {
            return try SharedSecret(base64: members.span.extracting(place.range))
        } catch {
            throw .notAnAttachmentKey
        }
    }

    private init(key: SharedSecret, initialCounter: [UInt8], digest: [UInt8]) {
        self.key = key
        self.initialCounter = initialCounter
        self.digest = digest
    }

    /// The object as JSON, without the `url` that only an upload gives.
    func text(digest: [UInt8]) -> SecretBytes {
        let beginning = Array(
            (#"{"v":"v2","key":{"kty":"oct","alg":"A256CTR","ext":true,"#
                + #""key_ops":["encrypt","decrypt"],"k":""#).utf8)
        let end = Array(
            (#""},"iv":""# + UnpaddedBase64.encode(initialCounter) + #"","hashes":{"sha256":""#
                + UnpaddedBase64.encode(digest)
                + #""}}"#).utf8)
        let key = self.key
        let characters = SecretBase64.encode(key.bytes)
        var text = SecretBytes(
            byteCount: beginning.count + characters.byteCount + end.count)
        text.copy(beginning.span, to: 0)
        text.copy(characters.bytes, to: beginning.count)
        text.copy(end.span, to: beginning.count + characters.byteCount)
        var bytes = text.mutableBytes
        for index in beginning.count..<beginning.count + characters.byteCount {
            if bytes[index] == UInt8(ascii: "+") { bytes[index] = UInt8(ascii: "-") }
            if bytes[index] == UInt8(ascii: "/") { bytes[index] = UInt8(ascii: "_") }
        }
        return text
    }
}

extension MutableSpan<UInt8> {
    /// The text of a string member that is no secret, as UTF-8.
    mutating func string(_ name: StaticString, of object: JSONObject) -> [UInt8]? {
        guard let value = object.value(name, in: span), value.kind == .string else { return nil }
        var range = value.range
        if value.hasEscapes {
            range = range.lowerBound..<range.lowerBound + unescape(range)
        }
        return [UInt8](span.extracting(range))
    }

    /// The bytes that a string member spells in base64, padded or not.
    mutating func base64(_ name: StaticString, of object: JSONObject) -> [UInt8]? {
        guard let text = string(name, of: object) else { return nil }
        return text.span.forgivingBase64
    }
}
