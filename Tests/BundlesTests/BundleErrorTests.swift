import Bundles
import Bytes
import MatrixTypes
import Megolm
import Testing

struct BundleErrorTests {
    /// One of each case.
    static let all: [BundleError] = [
        .notABundle, .wrongVersion(expected: 1, actual: 0), .wrongVersion(expected: 1, actual: 2),
        .truncated, .unexpectedFrame(type: 4, index: 1), .malformed(.room),
        .wrongCount(of: .sessions, stated: 1, counted: 2), .wrongDigest, .trailingBytes,
        .otherSigner, .invalidSignerKey, .badSignature(frame: 3), .notInAudience,
        .clockTooEarly(now: 0), .notYetMade(created: day, now: 0), .expired(expires: 0, now: 1),
        .malformedSession(.invalidSigningKey, record: 0), .outOfOrder(SessionID(bytes: .zero)),
        .senderOutOfRange(index: 1, senders: 1), .undefinedMarks(16), .undefinedWithheldCode(9),
        .unsoundSenderKey, .bodyTooLong(type: .data, byteCount: 2, limit: 1),
        .tooManySessions(limit: 1), .tooManyWithheld(limit: 1), .tooManySenders(count: 2, limit: 1),
        .tooMuchPadding(byteCount: 2, limit: 1), .indexTooHigh(index: 2, limit: 1),
        .lifetimeTooLong(milliseconds: 91 * day, limit: 90 * day),
        .otherPurpose(expected: .handover, actual: .archive), .stream(.damagedBelow),
    ]

    @Test(arguments: all)
    func isOneSentence(error: BundleError) throws {
        let sentence = error.description
        #expect(sentence.count > 10)
        #expect(!sentence.hasSuffix("."))
        #expect(try #require(sentence.first).isLowercase || sentence.first?.isNumber == true)
    }

    @Test func newerFormatsAreNamedAsSuch() {
        #expect("\(BundleError.wrongVersion(expected: 1, actual: 2))".contains("newer version"))
        #expect(!"\(BundleError.wrongVersion(expected: 1, actual: 0))".contains("newer version"))
    }

    @Test func everyLayerHasAnError() throws {
        let room = try RoomID("!a:b")
        let id = try sampleManifest().id
        let errors = Self.all + [.alreadySeen(id), .otherRoom(expected: room, actual: room)]
        #expect(Set(errors.map(\.layer)) == Set(BundleLayer.allCases))
    }
}
