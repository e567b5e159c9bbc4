import Bytes
import Secrets
import TestSupport
import Testing

@testable import Sealing

/// Identity files, and what a stranger may have done to them.
struct IdentityFileTests {
    private let cheap = Argon2id.Cost(passes: 2, kibibytes: 64 << 10)
    private let publicIdentity = newIdentity(1).publicIdentity
    private let createdAt = newIdentity(1).createdAt

    private func passphrase(_ text: String = "correct horse battery") -> SecretBytes {
        SecretBytes(copying: Array(text.utf8).span)
    }

    /// The text of a file under the passphrase, the same at every run.
    private func protectedText() throws -> [UInt8] {
        var random = FixedRandomSource(number: 5)
        let file = try IdentityFile.sealed(
            newIdentity(1), passphrase: passphrase(), cost: cheap, random: &random)
        return [UInt8](file.text.bytes)
    }

    private func unprotectedText() -> [UInt8] {
        let file = IdentityFile.unprotected(newIdentity(1))
        return [UInt8](file.text.bytes)
    }

    @Test func protectedFilesOpen() throws {
        let text = try protectedText()
        let file = try IdentityFile(text: text.span)
        let isProtected = file.isProtected
        #expect(isProtected)
        let opened = try file.open(passphrase: passphrase())
        expectSame(opened)
        let again = [UInt8](file.text.bytes)
        #expect(again == text)
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        #expect(
            lines[0] == "# \(publicIdentity.text) created 2026-11-23T23:10:00Z")
        #expect(lines[1] == "HEIRLOOM-IDENTITY-V1")
        #expect(lines[2].utf8.count == 228)
    }

    @Test func unprotectedFilesOpen() throws {
        let text = unprotectedText()
        let file = try IdentityFile(text: text.span)
        let isProtected = file.isProtected
        #expect(!isProtected)
        let opened = try file.open()
        expectSame(opened)
        let again = [UInt8](file.text.bytes)
        #expect(again == text)
    }

    @Test("idn-01: a wrong passphrase is told from damage") func wrongPassphrase() throws {
        let text = try protectedText()
        let file = try IdentityFile(text: text.span)
        #expect(throws: SealingError.wrongPassphrase) {
            _ = try file.open(passphrase: passphrase("correct horse batterx"))
        }
        #expect(throws: SealingError.passphraseNeeded) { _ = try file.open() }
        let plainText = unprotectedText()
        let unprotected = try IdentityFile(text: plainText.span)
        #expect(throws: SealingError.passphraseNotNeeded) {
            _ = try unprotected.open(passphrase: passphrase())
        }
    }

    /// One bit in each field: its place, and who must refuse.
    @Test(
        "idn-02: one bit turned in each field",
        arguments: [
            (0, SealingError.malformedIdentityFile(.version)),
            (1, .malformedIdentityFile(.keyDerivation)), (5, .wrongPassphrase),
            (8, .wrongPassphrase), (10, .wrongPassphrase), (25, .wrongPassphrase),
            (26, .identityFileDamaged), (49, .identityFileDamaged), (50, .wrongPassphrase),
            (81, .wrongPassphrase), (82, .identityFileDamaged), (114, .identityFileDamaged),
            (146, .identityFileDamaged), (154, .identityFileDamaged), (169, .identityFileDamaged),
        ])
    func turnedBit(_ place: Int, _ expected: SealingError) throws {
        let text = try changed(try protectedText()) { $0[place] ^= 1 }
        #expect(throws: expected) {
            let file = try IdentityFile(text: text.span)
            _ = try file.open(passphrase: passphrase())
        }
    }

    @Test("idn-02: no bit of the text without a passphrase gives another key")
    func everyTurnedBit() throws {
        let text = unprotectedText()
        for bit in 0..<text.count * 8 {
            var damaged = text
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let file = try? IdentityFile(text: damaged.span), let opened = try? file.open()
            else { continue }
            // X25519 passes over five bits of a seed, and the date's milliseconds are not shown.
            #expect(opened.publicIdentity == publicIdentity)
            #expect(opened.createdAt / 1000 == createdAt / 1000)
        }
    }

    @Test(
        "idn-03: work out of bounds is refused before it is done",
        arguments: [
            (3, UInt32.max), (3, (1 << 20) + 1), (3, (64 << 10) - 1), (3, 0), (0, 64 << 10),
            (1, 64 << 10), (11, 64 << 10), (UInt32.max, 64 << 10),
        ] as [(UInt32, UInt32)])
    func cost(_ passes: UInt32, _ kibibytes: UInt32) throws {
        let error = SealingError.costOutOfBounds(passes: passes, kibibytes: kibibytes)
        let text = try changed(try protectedText()) { body in
            var numbers: [UInt8] = []
            numbers.append(bigEndian: passes)
            numbers.append(bigEndian: kibibytes)
            body.replaceSubrange(2..<10, with: numbers)
        }
        #expect(throws: error) { _ = try IdentityFile(text: text.span) }
        #expect(throws: error) {
            var random = FixedRandomSource(number: 5)
            _ = try IdentityFile.sealed(
                newIdentity(1), passphrase: passphrase(),
                cost: Argon2id.Cost(passes: passes, kibibytes: kibibytes), random: &random)
        }
    }

    @Test("idn-04: unknown versions and key derivations", arguments: [0, 1, 3, 255] as [UInt8])
    func unknown(_ value: UInt8) throws {
        let kdf = try changed(try protectedText()) { $0[1] = value }
        #expect(throws: SealingError.malformedIdentityFile(.keyDerivation)) {
            _ = try IdentityFile(text: kdf.span)
        }
        guard value != 1 else { return }
        let version = try changed(try protectedText()) { $0[0] = value }
        #expect(throws: SealingError.malformedIdentityFile(.version)) {
            _ = try IdentityFile(text: version.span)
        }
    }

    @Test("idn-05: the first line of another identity") func otherPublicLine() throws {
        let other = IdentityFile.unprotected(newIdentity(2))
        let otherLine = String(decoding: [UInt8](other.text.bytes), as: UTF8.self)
            .split(separator: "\n")[0]
        for (text, error) in [
            (try protectedText(), SealingError.identityFileDamaged),
            (unprotectedText(), .identityMismatch),
        ] {
            var lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
            lines[0] = otherLine
            #expect(open(lines.joined(separator: "\n") + "\n") == error)
        }
    }

    @Test("idn-05: another date in the first line") func otherDate() throws {
        for text in [try protectedText(), unprotectedText()] {
            let edited = String(decoding: text, as: UTF8.self).replacing(
                "23:10:00", with: "23:10:01")
            #expect(open(edited) == .identityMismatch)
        }
    }

    @Test("texts that are not exactly of this form") func otherForms() throws {
        let text = String(decoding: unprotectedText(), as: UTF8.self)
        let forms = [
            "", "\n\n\n", String(text.dropLast()), text + "\n", text + " ", " " + text,
            text.replacing("\n", with: "\r\n"), text.replacing("# heir", with: "#heir"),
            text.replacing("# ", with: "#  "), text.replacing(" created", with: "  created"),
            text.replacing("=", with: ""), text.replacing("=", with: "=="),
            text.replacing("V1", with: "V2"), text.replacing("IDENTITY", with: "identity"),
            text.replacing(
                publicIdentity.text, with: publicIdentity.text.uppercased()),
        ]
        for form in forms { #expect(open(form)?.layer == .identity, "\(form)") }
    }

    private func expectSame(_ opened: borrowing Identity) {
        #expect(opened.publicIdentity == publicIdentity)
        #expect(opened.createdAt == createdAt)
        let isSame = secretText(opened.encryptionKey) == secretText(newIdentity(1).encryptionKey)
        #expect(isSame)
        let message: [UInt8] = [1, 2, 3]
        let signature = opened.signingKey.sign(message.span)
        let verifies = publicIdentity.signingKey.verifies(
            signature.span, of: message.span)
        #expect(verifies)
    }

    /// Why a text does not open, `nil` where it does.
    private func open(_ text: String) -> SealingError? {
        do throws(SealingError) {
            let file = try IdentityFile(text: Array(text.utf8).span)
            _ = file.isProtected ? try file.open(passphrase: passphrase()) : try file.open()
            return nil
        } catch {
            return error
        }
    }

    /// The text with its body changed.
    private func changed(_ text: [UInt8], _ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
        var lines = text.split(separator: 10).map(Array.init)
        var body = try #require(Base64.decode(lines[2].dropLast()))
        change(&body)
        lines[2] = Base64.encode(body) + [UInt8(ascii: "=")]
        return Array(lines.joined(separator: [10])) + [10]
    }
}
