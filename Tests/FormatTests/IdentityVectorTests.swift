import Bytes
import Sealing
import Secrets
import TestSupport
import Testing

/// The identity files and public identities of `formats/vectors`.
@Suite struct IdentityVectorTests {
    @Test(
        "an identity file is judged as it says",
        arguments: FormatVector.all(ofKind: "identity-file"))
    func identityFile(_ vector: FormatVector) throws {
        let verdict: String
        do throws(SealingError) {
            let identity = try Self.open(vector)
            #expect(identity.publicIdentity.text == vector.header["public"])
            #expect(String(identity.createdAt) == vector.header["created"])
            let secret = identity.encryptionKey.text()
            #expect(
                String(decoding: [UInt8](secret.bytes), as: UTF8.self) == vector.header["identity"])
            verdict = "ok"
        } catch {
            verdict = Self.word(error)
        }
        #expect(verdict == vector.expect, "\(vector.header["comment"] ?? "")")
    }

    @Test(
        "a public identity is judged as it says",
        arguments: FormatVector.all(ofKind: "public-identity"))
    func publicIdentity(_ vector: FormatVector) {
        let verdict: String
        do throws(SealingError) {
            for (key, stated) in try Self.facts(String(decoding: vector.bytes, as: UTF8.self)) {
                if let expected = vector.header[key] { #expect(stated == expected, "\(key)") }
            }
            verdict = "ok"
        } catch {
            verdict = Self.word(error)
        }
        #expect(verdict == vector.expect, "\(vector.header["comment"] ?? "")")
    }

    /// What a public string stands for, under the vectors' names.
    private static func facts(_ text: String) throws(SealingError) -> [String: String] {
        if text.hasPrefix("age1") {
            let recipient = try Recipient(text)
            return ["x25519": hexadecimal(recipient.key.bytes.array), "age": recipient.text]
        }
        let identity = try PublicIdentity(text)
        return [
            "x25519": hexadecimal(identity.encryptionKey.bytes.array),
            "ed25519": hexadecimal(identity.signingKey.bytes.array),
            "age": identity.recipient.text,
            "words": identity.fingerprint.words,
            "digits": identity.fingerprint.digits,
        ]
    }

    private static func open(_ vector: FormatVector) throws(SealingError) -> Identity {
        let file = try IdentityFile(text: vector.bytes.span)
        guard let passphrase = vector.header["passphrase"] else { return try file.open() }
        let bytes = SecretBytes(copying: Array(passphrase.utf8).span)
        return try file.open(passphrase: bytes)
    }

    private static func word(_ error: SealingError) -> String {
        error.layer == .passphrase ? "pass" : error.layer.rawValue.lowercased()
    }
}
