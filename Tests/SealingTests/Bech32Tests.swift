import Bytes
import Secrets
import TestSupport
import Testing

@testable import Sealing

/// Bech32 and Bech32m, and the strings made of them.
struct Bech32Tests {
    /// The identity of the seeds 00…1f and 20…3f; the texts were worked out by another program.
    static let knownIdentity =
        "heir13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0jnt96u9qmejhskghp49xnf59uwds72fks"
        + "hlsjeztef0yny2txm4cs83kau"
    static let knownRecipient = "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh"
    static let knownSecretKey =
        "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG"

    /// The examples of BIP 173 and BIP 350 that hold whole bytes.
    @Test(arguments: [
        ("a12uel5l", "a", Bech32.Variant.bech32), ("A12UEL5L", "a", .bech32),
        ("a1lqfn3a", "a", .bech32m), ("A1LQFN3A", "a", .bech32m),
        (
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio",
            .bech32
        ),
    ])
    func emptyExamples(_ text: String, _ prefix: String, _ variant: Bech32.Variant) throws {
        #expect(try decode(text, prefix, variant) == [])
        let other: Bech32.Variant = variant == .bech32 ? .bech32m : .bech32
        #expect(throws: Bech32.Fault.checksum) { _ = try decode(text, prefix, other) }
    }

    @Test("every count of bytes, both variants", arguments: 0..<70)
    func roundTrip(_ count: Int) throws {
        let bytes = FixedRandomSource.bytes(count, number: UInt64(count))
        for variant in [Bech32.Variant.bech32, .bech32m] {
            for inUpperCase in [false, true] {
                let encoded = Bech32.encode(
                    bytes.span, prefix: "test", as: variant, inUpperCase: inUpperCase)
                let text = String(decoding: [UInt8](encoded.bytes), as: UTF8.self)
                #expect(try decode(text, "test", variant) == bytes)
            }
        }
    }

    @Test func knownKeysHaveTheirKnownTexts() throws {
        let identity = knownIdentity()
        #expect(identity.publicIdentity.text == Self.knownIdentity)
        #expect(identity.publicIdentity.text.count == 114)
        #expect(identity.publicIdentity.recipient.text == Self.knownRecipient)
        let secret = String(decoding: secretText(identity.encryptionKey), as: UTF8.self)
        #expect(secret == Self.knownSecretKey)
        #expect(try PublicIdentity(Self.knownIdentity) == identity.publicIdentity)
        #expect(try PublicIdentity(Self.knownIdentity.uppercased()) == identity.publicIdentity)
        #expect(try Recipient(" \(Self.knownRecipient)\n") == identity.publicIdentity.recipient)
    }

    @Test("idn-07: recipients that are not one")
    func badRecipients() throws {
        let text = Self.knownRecipient
        for bad in ["", "age1", text.uppercased(), "A" + text.dropFirst(), "x" + text, text + "x"] {
            #expect(layer { _ = try Recipient(bad) } == .identity, "\(bad)")
        }
        for count in [0, 31, 33, 64] {
            let bad = KeyText.encode(
                FixedRandomSource.bytes(count, number: 3), prefix: "age", as: .bech32)
            #expect(
                throws: SealingError.wrongKeyByteCount(.recipient, expected: 32, actual: count)
            ) { _ = try Recipient(bad) }
        }
        let bech32m = KeyText.encode([UInt8](repeating: 9, count: 32), prefix: "age", as: .bech32m)
        #expect(layer { _ = try Recipient(bech32m) } == .identity)
    }

    @Test("idn-07: q before a final p, which Bech32 does not notice")
    func insertedLetter() throws {
        let text = try #require(
            (0..<1000).lazy.map { newKey($0).recipient.text }.first { $0.hasSuffix("p") })
        let longer = text.dropLast() + "qp"
        #expect(layer { _ = try Recipient(String(longer)) } == .identity)
        #expect(layer { _ = try Recipient(String(text.dropLast() + "qqp")) } == .identity)
    }

    @Test(
        "idn-10: plugins and paths are no recipients",
        arguments: [
            "age1name1qqqq",
            "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
            "age1../../etc/passwd", "../age1", "age-plugin-x", "AGE-PLUGIN-X-1QQQ",
        ])
    func plugins(_ text: String) {
        #expect(layer { _ = try Recipient(text) } == .identity)
        #expect(layer { _ = try PublicIdentity(text) } == .identity)
    }

    @Test("idn-08: one to four wrong characters are always noticed")
    func wrongCharacters() {
        var random = FixedRandomSource(number: 8)
        let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
        let right = Array(Self.knownIdentity.utf8)
        var accepted = 0
        for _ in 0..<10_000 {
            var text = right
            for _ in 0...random.number(below: 4) {
                text[5 + random.number(below: text.count - 5)] = alphabet[random.number(below: 32)]
            }
            if text == right { continue }
            if (try? PublicIdentity(String(decoding: text, as: UTF8.self))) != nil { accepted += 1 }
        }
        #expect(accepted == 0)
    }

    @Test("age secret keys in another case or length are refused")
    func secretKeys() {
        let text = Self.knownSecretKey
        for bad in [text.lowercased(), String(text.dropLast()), text + "Q", "x" + text] {
            #expect(layer { _ = try AgeSecretKey(text: Array(bad.utf8).span) } == .identity)
        }
    }

    private func decode(
        _ text: String, _ prefix: String, _ variant: Bech32.Variant
    ) throws -> [UInt8] {
        let bytes = try Bech32.decode(
            Array(text.utf8).span, prefix: prefix, as: variant, letters: .either)
        return [UInt8](bytes.bytes)
    }

    private func knownIdentity() -> Identity {
        let seeds = [UInt8](0..<64)
        return Identity(
            encryptionSeed: SecretBytes(copying: seeds.span.extracting(first: 32)),
            signingSeed: SecretBytes(copying: seeds.span.extracting(32..<64)), createdAt: 0)
    }
}

/// Which layer refuses, `nil` where none does.
func layer(_ body: () throws -> Void) -> SealingError.Layer? {
    do {
        try body()
        return nil
    } catch {
        return (error as? SealingError)?.layer
    }
}
