import Bytes
import Testing

@testable import Sealing

/// Every refusal has a layer and a sentence that fits into another sentence.
struct SealingErrorTests {
    private static let fingerprint = newIdentity(1).publicIdentity.fingerprint

    static let all: [(SealingError, SealingError.Layer)] = [
        (.notAnAgeFile, .header), (.unsupportedAgeVersion, .header), (.headerEndsEarly, .header),
        (.malformedHeaderLine(number: 2), .header), (.malformedX25519Stanza(position: 1), .header),
        (.lowOrderShare(position: 1), .header), (.passphraseStanzaNotAlone, .header),
        (.noMatch(recipientCount: 3), .noMatch), (.headerNotAuthentic, .hmac),
        (.chunkNotAuthentic(index: 0), .payload), (.payloadEndsEarly(index: 0), .payload),
        (.finalChunkMissing, .payload), (.bytesBehindFinalChunk, .payload),
        (.emptyFinalChunk, .payload), (.malformedArmor(line: 1), .armor),
        (.armorEndsEarly, .armor), (.malformedKeyText(.recipient, .checksum), .identity),
        (.malformedKeyText(.ageSecretKey, .wrongPrefix), .identity),
        (.malformedKeyText(.publicIdentity, .character(position: 4)), .identity),
        (.malformedKeyText(.publicIdentity, .padding), .identity),
        (.malformedKeyText(.publicIdentity, .wrongCase), .identity),
        (.wrongKeyByteCount(.recipient, expected: 32, actual: 31), .identity),
        (.unsoundEncryptionKey, .identity), (.invalidSigningKey, .identity),
        (.malformedIdentityFile(.publicLine), .identity), (.identityFileDamaged, .identity),
        (.identityMismatch, .identity), (.passphraseNeeded, .passphrase),
        (.passphraseNotNeeded, .passphrase), (.noRecipients, .identity),
        (.duplicateRecipient(first: 0, second: 1), .identity), (.wrongPassphrase, .passphrase),
        (.passphraseTooShort(minimum: 12), .passphrase), (.headerTooLarge(limit: 1), .limit),
        (.tooManyStanzas(limit: 1), .limit), (.tooManyRecipients(limit: 1), .limit),
        (.armorTooLarge(limit: 1), .limit), (.costOutOfBounds(passes: 1, kibibytes: 1), .limit),
        (.outOfMemory(kibibytes: 1), .limit), (.contactsTooLarge(limit: 1), .limit),
        (.unsuitableName(.length), .contact), (.malformedMatrixUser, .contact),
        (.unknownContact, .contact), (.alreadyPinned, .contact),
        (.keyPinnedElsewhere(name: "A"), .contact),
        (.keyChanged(name: "A", known: fingerprint, offered: fingerprint), .contact),
        (.malformedContacts, .contact), (.unsupportedContactsVersion(2), .contact),
        (.stream(.damagedBelow), .stream),
    ]

    @Test(arguments: all) func hasItsLayerAndASentence(
        _ error: SealingError, _ layer: SealingError.Layer
    ) throws {
        #expect(error.layer == layer)
        let sentence = error.description
        let first = try #require(sentence.first)
        #expect(!first.isUppercase && !sentence.hasSuffix("."))
    }

    @Test func aChangedKeyShowsBothFingerprints() {
        let other = newIdentity(2).publicIdentity.fingerprint
        let error = SealingError.keyChanged(
            name: "Alice", known: Self.fingerprint, offered: other)
        #expect(error.description.contains(Self.fingerprint.words))
        #expect(error.description.contains(other.words))
    }
}
