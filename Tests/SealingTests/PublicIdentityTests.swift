import Bytes
import Secrets
import TestSupport
import Testing

@testable import Sealing

/// idn-09: identities whose halves are no sound keys, and fingerprints as people type them.
struct PublicIdentityTests {
    private let good = newIdentity(1).publicIdentity

    @Test("low-order and non-canonical X25519 halves", arguments: lowOrderPoints)
    func unsoundEncryptionKey(_ point: String) {
        var spellings = [hex(point), good.encryptionKey.bytes.array]
        for index in spellings.indices {
            spellings.append(spellings[index])
            spellings[spellings.count - 1][31] |= 0x80
        }
        spellings.remove(at: 1)
        for bytes in spellings {
            let text = KeyText.encode(
                bytes + good.signingKey.bytes.array, prefix: "heir", as: .bech32m)
            #expect(throws: SealingError.unsoundEncryptionKey) { _ = try PublicIdentity(text) }
            let recipient = KeyText.encode(bytes, prefix: "age", as: .bech32)
            #expect(throws: SealingError.unsoundEncryptionKey) { _ = try Recipient(recipient) }
        }
    }

    /// Two points of order 1 and 8, y ≥ p, no point at all, and a good key plus a point of order 8.
    @Test(
        "small, mixed and non-canonical Ed25519 halves",
        arguments: [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "fbb3211d177bccefd763d01a88f6473e43e5cf0a0740e44ab5c64460eefd4675",
        ])
    func invalidSigningKey(_ point: String) {
        let text = KeyText.encode(
            good.encryptionKey.bytes.array + hex(point), prefix: "heir", as: .bech32m)
        #expect(throws: SealingError.invalidSigningKey) { _ = try PublicIdentity(text) }
    }

    @Test("another number of bytes, another prefix, another checksum")
    func otherTexts() {
        for count in [0, 32, 63, 65] {
            let text = KeyText.encode(
                [UInt8](repeating: 9, count: count), prefix: "heir", as: .bech32m)
            #expect(
                throws: SealingError.wrongKeyByteCount(
                    .publicIdentity, expected: 64, actual: count)
            ) { _ = try PublicIdentity(text) }
        }
        let bech32 = KeyText.encode(good.bytes, prefix: "heir", as: .bech32)
        #expect(throws: SealingError.malformedKeyText(.publicIdentity, .checksum)) {
            _ = try PublicIdentity(bech32)
        }
        let mixed = "H" + good.text.dropFirst()
        #expect(throws: SealingError.malformedKeyText(.publicIdentity, .wrongCase)) {
            _ = try PublicIdentity(mixed)
        }
    }
}
