import Bytes
import Megolm
import StrictJSON
import Testing

@testable import KeyFormats

/// Every error and fault has a sentence of its own, and none is code.
@Suite struct SentenceTests {
    static let errors: [KeyFormatError] = [
        .stream(.unreadable(code: 5)), .noBeginLine, .noEndLine(byteCount: 12_345),
        .notBase64(byteOffset: 678), .tooShort(byteCount: 9), .unknownVersion(7), .noRounds,
        .tooManyRounds(rounds: 4_000_000_000, limit: 10_000_000), .wrongPassphraseOrDamaged,
        .json(.duplicateName), .pythonLiteral, .bothSharedAndWithheld, .derivationFailed,
        .cipherRefused,
    ]

    static let faults: [EntryFault] = [
        .notAnObject, .tooLong(byteCount: 131_073), .missing(.sessionKey), .notText(.roomID),
        .otherAlgorithm, .badRoomID, .sessionIDMismatch, .badSessionKey(kind: .byteCount(164)),
        .badSessionKey(kind: .version(3)), .badSessionKey(kind: .notBase64),
        .badSessionKey(kind: .signingKey), .badSessionKey(kind: .index(16_777_217)),
        .badSessionKey(kind: .signature),
    ]

    @Test func everySentenceIsItsOwn() {
        let sentences = Self.errors.map(\.description) + Self.faults.map(\.description)
        #expect(Set(sentences).count == sentences.count)
        for sentence in sentences {
            #expect(sentence.count > 8)
            #expect(!sentence.hasSuffix("."))
            #expect(sentence.contains(" "))
        }
    }

    @Test(
        "numbers are named",
        arguments: [
            (KeyFormatError.noEndLine(byteCount: 12_345).description, "12345"),
            (KeyFormatError.notBase64(byteOffset: 678).description, "678"),
            (KeyFormatError.tooShort(byteCount: 9).description, "9"),
            (KeyFormatError.unknownVersion(7).description, "7"),
            (KeyFormatError.tooManyRounds(rounds: 11, limit: 10).description, "11"),
            (EntryFault.missing(.sessionKey).description, "session_key"),
            (EntryFault.notText(.roomID).description, "room_id"),
            (EntryFault.badSessionKey(kind: .index(16_777_217)).description, "16777217"),
        ])
    func numbersAreNamed(_ sentence: String, _ number: String) {
        #expect(sentence.contains(number))
    }

    /// Megolm's errors arrive under the kind they are counted by.
    @Test(
        "kinds of session key fault",
        arguments: [
            (MegolmError.wrongByteCount(expected: 165, actual: 3), SessionKeyFault.byteCount(3)),
            (.wrongVersion(expected: 1, actual: 2), .version(2)), (.notBase64, .notBase64),
            (.invalidSigningKey, .signingKey), (.indexTooHigh(index: 9, limit: 8), .index(9)),
            (.badSignature, .signature),
        ])
    func keyFaults(_ error: MegolmError, _ fault: SessionKeyFault) {
        #expect(SessionKeyFault(error) == fault)
    }
}
