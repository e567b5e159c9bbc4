import Foundation
import TestSupport
import Testing

@testable import Sealing

/// The words, the digits, and what a person may type of them.
struct FingerprintTests {
    private let words =
        "control alert microbe camp frame waffle clear baby angle retreat cobbler celery"
    private let digits = "11378 91297 61066 57318 21503 19090 66691 58749"
    private let fingerprint: Fingerprint
    private let identity: PublicIdentity

    init() throws {
        identity = try PublicIdentity(Bech32Tests.knownIdentity)
        fingerprint = identity.fingerprint
    }

    @Test func knownIdentityHasItsKnownFingerprint() {
        #expect(fingerprint.words == words)
        #expect(fingerprint.digits == digits)
    }

    @Test("idn-15: what may be typed")
    func accepted() {
        let cut = words.split(separator: " ").map { $0.prefix(4) }.joined(separator: " ")
        let accepted = [
            words, words.uppercased(), "  \(words)\n", words.replacing(" ", with: " \t "),
            words.replacing(" ", with: "-"), words.replacing(" ", with: " - "), cut,
            cut.uppercased(), words.replacing("retreat", with: "retre"), digits,
            digits.replacing(" ", with: ""), digits.replacing(" ", with: "-"),
            "1137 8912 9761 0665 7318 2150 3190 9066 6915 8749", Bech32Tests.knownIdentity,
            Bech32Tests.knownIdentity.uppercased(), " \(Bech32Tests.knownIdentity)\n",
        ]
        for text in accepted { #expect(fingerprint.matches(typed: text), "\(text)") }
    }

    @Test("idn-16: what is not the fingerprint")
    func refused() {
        let list = words.split(separator: " ").map(String.init)
        var swapped = list
        swapped.swapAt(3, 4)
        let refused = [
            "", " ", "-", list.dropLast().joined(separator: " "), words + " celery",
            swapped.joined(separator: " "), words.replacing("camp", with: "cabin"),
            words.replacing("control", with: "con"), words.replacing("control", with: "controls"),
            String(digits.dropLast()), digits + "0", digits.replacing("11378", with: "11379"),
            list[0], String(digits.prefix(5)), Bech32Tests.knownRecipient,
            newIdentity(5).publicIdentity.text, newIdentity(5).publicIdentity.fingerprint.words,
        ]
        for text in refused { #expect(!fingerprint.matches(typed: text), "\(text)") }
    }

    @Test func wordsAreThoseOfTheFormat() throws {
        let file = try PackageFolder.bytes(of: "formats/fingerprint-words.txt")
        let lines = String(decoding: file, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(FingerprintWords.all == lines)
        #expect(lines.count == 2048)
        #expect(Set(lines.map { $0.prefix(4) }).count == 2048)
        #expect(lines.allSatisfy { $0.allSatisfy { ("a"..."z").contains($0) } })
    }
}
