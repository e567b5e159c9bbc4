import Bytes
import Secrets
import TestSupport
import Testing

@testable import Sealing

/// Headers that a stranger made with care; the names are those of the hostile-input list.
struct HeaderTests {
    private let key = newKey(1)
    private let other = newKey(2)
    private let text = Array("the past".utf8)

    @Test("out-02: 32 recipients, ours last")
    func manyRecipients() throws {
        let keys = (0..<31).map { newKey(UInt64(50 + $0)) } + [key]
        let result = open(try seal(text, to: keys.map(\.recipient)), with: [key])
        #expect(result.plaintext == text && result.failure == nil)
    }

    @Test("out-03: 33 X25519 stanzas") func tooManyRecipients() {
        let header = rawHeader(stanzas: 33) { _ in "-> X25519 \(zeros)\n\(zeros)\n" }
        #expect(open(header, with: [key]).failure == .tooManyRecipients(limit: 32))
    }

    @Test("out-04: a header of 33 KiB") func longHeader() {
        let header = rawHeader(stanzas: 1) { _ in
            "-> grease \(String(repeating: "x", count: 33 << 10))\n\n"
        }
        #expect(open(header, with: [key]).failure == .headerTooLarge(limit: 32 << 10))
    }

    @Test("out-05, out-30: stanzas of unknown types are passed over")
    func unknownStanzas() throws {
        var file = HandmadeFile()
        let own = try file.stanza(for: key)
        let grease = Stanza(type: "grease", arguments: ["~", "!"], body: [1, 2, 3])
        let hybrid = Stanza(
            type: "mlkem768x25519", arguments: ["AAAA"], body: [UInt8](repeating: 0, count: 32))
        let bytes =
            try file.start([grease, hybrid, own]) + file.chunk(text, index: 0, isLast: true)
        #expect(open(bytes, with: [key]).plaintext == text)
    }

    @Test("out-06: 65 stanzas") func tooManyStanzas() {
        let header = rawHeader(stanzas: 65) { "-> grease \($0)\n\n" }
        #expect(open(header, with: [key]).failure == .tooManyStanzas(limit: 64))
        let allowed = rawHeader(stanzas: 64) { "-> grease \($0)\n\n" }
        #expect(open(allowed, with: [key]).failure == .noMatch(recipientCount: 0))
    }

    @Test("out-07, out-08: two stanzas for us with two file keys; the first decides")
    func twoFileKeys() throws {
        var file = HandmadeFile(1)
        var stranger = HandmadeFile(2)
        let right = try file.stanza(for: key)
        let wrong = try stranger.stanza(for: key)
        let chunk = file.chunk(text, index: 0, isLast: true)
        #expect(open(try file.start([right, wrong]) + chunk, with: [key]).plaintext == text)
        let second = open(try file.start([wrong, right]) + chunk, with: [key])
        #expect(second.failure == .headerNotAuthentic && second.plaintext.isEmpty)
    }

    @Test("out-09: a passphrase stanza beside another") func passphraseBeside() {
        let header = rawHeader(stanzas: 2) { $0 == 0 ? "-> scrypt AAAA 10\n\n" : "-> grease\n\n" }
        #expect(open(header, with: [key]).failure == .passphraseStanzaNotAlone)
    }

    @Test("out-10: low-order shares, even behind a stanza that opens", arguments: lowOrderPoints)
    func lowOrderShare(_ point: String) throws {
        for topBit: UInt8 in [0, 0x80] {
            var share = hex(point)
            share[31] |= topBit
            var file = HandmadeFile()
            let own = try file.stanza(for: key)
            let bad = Stanza(
                type: "X25519",
                arguments: [String(decoding: Base64.encode(share), as: UTF8.self)],
                body: [UInt8](repeating: 0, count: 32))
            let bytes =
                try file.start([own, bad]) + file.chunk(text, index: 0, isLast: true)
            #expect(open(bytes, with: [key]).failure == .lowOrderShare(position: 2))
        }
    }

    @Test("out-12: a file key of 17 bytes") func longFileKey() {
        let body = String(decoding: Base64.encode([UInt8](repeating: 7, count: 33)), as: UTF8.self)
        let header = rawHeader(stanzas: 1) { _ in "-> X25519 \(zeros)\n\(body)\n" }
        #expect(open(header, with: [key]).failure == .malformedX25519Stanza(position: 1))
    }

    @Test("out-13: sealed to somebody else") func somebodyElse() throws {
        let sealed = try seal(text, to: [other.recipient])
        #expect(open(sealed, with: [key]).failure == .noMatch(recipientCount: 1))
        #expect(open(sealed, with: []).failure == .noMatch(recipientCount: 1))
        #expect(open(sealed, with: [key, other]).plaintext == text)
    }

    @Test(
        "out-14, out-27: not an age file",
        arguments: [
            [], Array("age-encryption.org/v1\r\n".utf8), [0x1f, 0x8b, 8, 0],
            [0x28, 0xb5, 0x2f, 0xfd],
            [UInt8](repeating: 65, count: 100_000), Array("age-encryption.org/v2\n".utf8),
            Array("age-encryption.org/v1\n--- ".utf8), Array("age-encryption.org/v1".utf8),
        ])
    func notAnAgeFile(_ bytes: [UInt8]) {
        #expect(open(bytes, with: [key]).failure?.layer == .header)
    }

    @Test("out-15: a stanza put in afterwards") func addedStanza() throws {
        let sealed = try seal(text, to: [key.recipient])
        let start = Array("age-encryption.org/v1\n".utf8)
        let bytes = start + Array("-> grease\n\n".utf8) + sealed.dropFirst(start.count)
        #expect(open(bytes, with: [key]).failure == .headerNotAuthentic)
    }

    @Test("recipients: none, too many, one twice") func recipientRules() {
        #expect(throws: SealingError.noRecipients) { _ = try seal(text, to: []) }
        #expect(throws: SealingError.tooManyRecipients(limit: 32)) {
            _ = try seal(text, to: (0..<33).map { newKey(UInt64($0)).recipient })
        }
        #expect(throws: SealingError.duplicateRecipient(first: 0, second: 2)) {
            _ = try seal(text, to: [key.recipient, other.recipient, key.recipient])
        }
    }

    @Test("the order of recipients says nothing") func shuffled() throws {
        let keys = (0..<4).map { newKey(UInt64($0 + 10)) }
        var firsts = Set<Int>()
        for _ in 0..<100 {
            let sealed = try seal([], to: keys.map(\.recipient))
            let header = try AgeHeader(source: MemorySource(sealed))
            for (index, key) in keys.enumerated() {
                // A `FileKey?` cannot be compared in place, because it cannot be copied.
                let opened = try header.recipients[0].unwrapped(with: key)
                if opened != nil { firsts.insert(index) }
            }
        }
        #expect(firsts == Set(0..<4))
    }

    private let zeros = String(repeating: "A", count: 43)

    /// A header whose code is nonsense, for what must be refused before the code is looked at.
    private func rawHeader(stanzas: Int, _ stanza: (Int) -> String) -> [UInt8] {
        let text = (0..<stanzas).map(stanza).joined()
        return Array("age-encryption.org/v1\n\(text)--- \(zeros)\n".utf8)
    }
}

/// Encodings of low order, from libsodium's own list.
let lowOrderPoints = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]
