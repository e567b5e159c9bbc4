import Bytes
import Secrets
import Testing

@testable import Sealing

struct PassphraseTests {
    @Test(arguments: [
        ("elevenchars", false), ("twelve chars", true), ("äöüäöüäöüäö", false),
        ("äöüäöüäöüäöü", true), ("", false),
    ])
    func typed(_ text: String, _ isLongEnough: Bool) {
        let refusing = layer {
            try Passphrase.check(typed: SecretBytes(copying: Array(text.utf8).span))
        }
        #expect(refusing == (isLongEnough ? nil : .passphrase))
    }

    @Test func generatedOnesAreTenWordsOfTheList() throws {
        var random = SystemRandomSource()
        var seen = Set<String>()
        for _ in 0..<50 {
            let secret = Passphrase.generate(random: &random)
            let text = String(decoding: [UInt8](secret.bytes), as: UTF8.self)
            let words = text.split(separator: "-", omittingEmptySubsequences: false)
            #expect(words.count == 10)
            #expect(words.allSatisfy { FingerprintWords.all.contains(String($0)) })
            try Passphrase.check(typed: secret)
            seen.insert(text)
        }
        #expect(seen.count == 50)
    }
}
