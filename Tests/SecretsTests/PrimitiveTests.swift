import Bytes
import Secrets
import TestSupport
import Testing

/// What Wycheproof does not reach: bad points, our own seals, Argon2id, randomness.
struct PrimitiveTests {
    /// Encodings of low order, from libsodium's own list, and each with its top bit set.
    @Test(arguments: lowOrderPoints)
    func lowOrderPointsAreUnsound(_ text: String) throws {
        for topBit: UInt8 in [0, 0x80] {
            var bytes = hex(text)
            bytes[31] |= topBit
            let key = X25519.PublicKey(bytes: try #require(Bytes32(bytes)))
            #expect(!key.isCanonicalAndSound)
            let secret = SecretBytes(copying: FixedRandomSource.bytes(32, number: 2).span)
            #expect(throws: SecretsError.lowOrderPoint) { _ = try X25519.agree(secret, with: key) }
        }
    }

    @Test func otherSpellingsOfAPointAreUnsound() throws {
        let secret = SecretBytes(copying: FixedRandomSource.bytes(32, number: 3).span)
        let key = X25519.publicKey(of: secret)
        #expect(key.isCanonicalAndSound)
        var topBit = key.bytes.array
        topBit[31] |= 0x80
        #expect(!X25519.PublicKey(bytes: try #require(Bytes32(topBit))).isCanonicalAndSound)
        // p + 9, another spelling of the base point.
        let base = [0xf6] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
        #expect(!X25519.PublicKey(bytes: try #require(Bytes32(base))).isCanonicalAndSound)
        let canonicalBase = [9] + [UInt8](repeating: 0, count: 31)
        #expect(X25519.PublicKey(bytes: try #require(Bytes32(canonicalBase))).isCanonicalAndSound)
    }

    @Test func agreementIsTheSameFromBothSides() throws {
        let left = SecretBytes(copying: FixedRandomSource.bytes(32, number: 4).span)
        let right = SecretBytes(copying: FixedRandomSource.bytes(32, number: 5).span)
        let one = try X25519.agree(left, with: X25519.publicKey(of: right))
        let other = try X25519.agree(right, with: X25519.publicKey(of: left))
        let isSame = constantTimeEqual(one.bytes, other.bytes)
        #expect(isSame)
    }

    @Test func signaturesVerifyForTheirMessageOnly() {
        let seed = SecretBytes(copying: FixedRandomSource.bytes(32, number: 6).span)
        let key = Ed25519.SigningKey(seed: seed)
        var message = Array("a room's past".utf8)
        let signature = key.sign(message.span)
        let isValid = key.publicKey.isValidPoint
        #expect(isValid)
        let ownVerifies = key.publicKey.verifies(signature.span, of: message.span)
        message[0] ^= 1
        let otherVerifies = key.publicKey.verifies(signature.span, of: message.span)
        #expect(ownVerifies && !otherVerifies)
    }

    @Test func extendedNonceSealOpensWithItsContextOnly() throws {
        let key = FixedRandomSource.bytes(32, number: 7)
        let nonce = FixedRandomSource.bytes(24, number: 8)
        let sealed = XChaCha20Poly1305.seal(
            [1, 2, 3].span, authenticating: [4], nonce: nonce, key: key.span)
        let opened = try XChaCha20Poly1305.open(
            sealed.span, authenticating: [4], nonce: nonce, key: key.span)
        let plaintext = [UInt8](opened.bytes)
        #expect(plaintext == [1, 2, 3])
        #expect(throws: SecretsError.notAuthentic) {
            _ = try XChaCha20Poly1305.open(
                sealed.span, authenticating: [5], nonce: nonce, key: key.span)
        }
        #expect(throws: SecretsError.wrongByteCount(expected: 16, actual: 15)) {
            _ = try XChaCha20Poly1305.open(
                sealed.span.extracting(first: 15), authenticating: [4], nonce: nonce,
                key: key.span)
        }
    }

    /// Argon2id 1.3, one lane, of "password" and salt 00…0f; the answer from another implementation.
    @Test func argon2idGivesTheKnownAnswer() throws {
        let derived = try Argon2id.derive(
            from: SecretBytes(copying: Array("password".utf8).span), salt: Array(0..<16),
            cost: Argon2id.Cost(passes: 2, kibibytes: 64 << 10), byteCount: 32)
        let text = hexadecimal([UInt8](derived.bytes))
        #expect(
            text == "3fde0023e9c90652edac14784971e4258e084751bce00b5965d995c639b15cff")
    }

    @Test func fixedRandomnessRepeatsAndItsNumbersStayInBounds() {
        #expect(
            FixedRandomSource.bytes(40, number: 9) == FixedRandomSource.bytes(40, number: 9))
        #expect(
            FixedRandomSource.bytes(40, number: 9) != FixedRandomSource.bytes(40, number: 10))
        var random = SystemRandomSource()
        var seen = Set<Int>()
        for _ in 0..<1000 { seen.insert(random.number(below: 7)) }
        #expect(seen == Set(0..<7))
    }

    static let lowOrderPoints = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]
}
