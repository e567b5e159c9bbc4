import Bytes
import Secrets
import TestSupport
import Testing

/// Our wrappers against Wycheproof's vectors, which lie outside the package.
@Suite(.enabled(if: Wycheproof.isPresent, "no shared/vectors beside the package"))
struct WycheproofTests {
    @Test("X25519: agreement, and zero results refused", arguments: Wycheproof.cases("x25519"))
    func x25519(_ vector: WycheproofCase) throws {
        let secret = SecretBytes(copying: vector.bytes("private").span)
        let point = X25519.PublicKey(bytes: try #require(Bytes32(vector.bytes("public"))))
        let expected = vector.bytes("shared")
        if expected.allSatisfy({ $0 == 0 }) {
            // Wycheproof calls these acceptable; age and this program refuse them.
            #expect(vector.result == "acceptable")
            #expect(throws: SecretsError.lowOrderPoint) {
                _ = try X25519.agree(secret, with: point)
            }
        } else {
            let agreed = try X25519.agree(secret, with: point)
            let shared = [UInt8](agreed.bytes)
            #expect(shared == expected)
        }
    }

    @Test func x25519RefusesExactlyTheZeroResults() {
        let zero = Wycheproof.cases("x25519")
            .filter { $0.bytes("shared").allSatisfy { $0 == 0 } }
        #expect(zero.count == 31)
    }

    @Test(
        "Ed25519: verification",
        arguments: Wycheproof.groups("ed25519").flatMap { group in
            group.tests.map { (group.publicKey?.pk ?? "", $0) }
        })
    func ed25519(_ key: String, _ vector: WycheproofCase) throws {
        let bytes = try #require(Bytes32(hex(key)))
        let verifies = Ed25519.PublicKey(bytes: bytes)
            .verifies(vector.bytes("sig").span, of: vector.bytes("msg").span)
        #expect(verifies == vector.isValid)
    }

    @Test(
        "ChaCha20-Poly1305: both ways, 96-bit nonces",
        arguments: Wycheproof.groups("chacha20_poly1305").filter { $0.ivSize == 96 }
            .flatMap(\.tests))
    func chaCha20Poly1305(_ vector: WycheproofCase) throws {
        let plaintext = vector.bytes("msg")
        let sealed = vector.bytes("ct") + vector.bytes("tag")
        let key = vector.bytes("key")
        let context = vector.bytes("aad")
        let nonce = vector.bytes("iv")
        var opened = [UInt8](repeating: 0, count: plaintext.count)
        var output = opened.mutableSpan
        guard vector.isValid else {
            #expect(throws: SecretsError.notAuthentic) {
                var output = opened.mutableSpan
                try ChaCha20Poly1305.open(
                    sealed.span, into: &output, authenticating: context, nonce: nonce,
                    key: key.span)
            }
            return
        }
        try ChaCha20Poly1305.open(
            sealed.span, into: &output, authenticating: context, nonce: nonce, key: key.span)
        #expect(opened == plaintext)
        var again = [UInt8](repeating: 0, count: sealed.count)
        var sealedOutput = again.mutableSpan
        ChaCha20Poly1305.seal(
            plaintext.span, into: &sealedOutput, authenticating: context, nonce: nonce,
            key: key.span)
        #expect(again == sealed)
    }

    @Test("HKDF-SHA-256, over-long output refused", arguments: Wycheproof.cases("hkdf_sha256"))
    func hkdf(_ vector: WycheproofCase) throws {
        let material = vector.bytes("ikm")
        let byteCount = try #require(vector.size)
        func derive() throws(SecretsError) -> [UInt8] {
            let output = try HKDFSHA256.derive(
                from: material.span, salt: vector.bytes("salt"), info: vector.bytes("info"),
                byteCount: byteCount)
            return [UInt8](output.bytes)
        }
        if vector.isValid {
            #expect(try derive() == vector.bytes("okm"))
        } else {
            #expect(throws: SecretsError.tooMuchOutput(limit: 8160)) { _ = try derive() }
        }
    }

    @Test("HMAC-SHA-256, cut tags too", arguments: Wycheproof.cases("hmac_sha256"))
    func hmac(_ vector: WycheproofCase) {
        let tag = vector.bytes("tag")
        let key = vector.bytes("key")
        let message = vector.bytes("msg")
        let code = HMACSHA256.code(of: message.span, key: key.span)
        let publicCode = HMACSHA256.publicCode(of: message.span, key: key.span)
        #expect(publicCode == [UInt8](code.bytes))
        let isRight = constantTimeEqual(code.prefix(tag.count).bytes, tag.span)
        #expect(isRight == vector.isValid)
        if tag.count == HMACSHA256.byteCount {
            let verifies = HMACSHA256.verifies(tag.span, of: message.span, key: key.span)
            #expect(verifies == vector.isValid)
        }
    }

    @Test(
        "every file has as many vectors as were counted on",
        arguments: [
            ("x25519", 518), ("ed25519", 151), ("chacha20_poly1305", 325), ("hkdf_sha256", 86),
            ("hmac_sha256", 174),
        ])
    func counts(_ name: String, _ count: Int) {
        #expect(Wycheproof.cases(name).count == count)
    }
}
