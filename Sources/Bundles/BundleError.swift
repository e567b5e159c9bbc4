package import Bytes
package import MatrixTypes
package import Megolm

/// Why a bundle is refused, by a reader or by the writer.
///
/// `layer` says which check it was.
package enum BundleError: Error, Equatable, Sendable {
    // Layer `frame`.

    /// The first bytes are not a bundle's.
    case notABundle
    /// The first bytes are not a request's for missing keys.
    case notARequest
    /// The first bytes are not a receipt's.
    case notAReceipt
    /// The preamble names another version of the format.
    case wrongVersion(expected: UInt8, actual: UInt8)
    /// The bytes end where more must follow.
    case truncated
    /// A frame of this type, known or not, must not stand here; `index` counts frames from 0.
    case unexpectedFrame(type: UInt8, index: UInt64)
    /// A part is not as the format has it.
    case malformed(BundleField)
    /// A stated total is not what was counted.
    case wrongCount(of: BundleCount, stated: UInt64, counted: UInt64)
    /// The end frame's hash is not that of the bytes before it.
    case wrongDigest
    /// Bytes follow the end frame.
    case trailingBytes

    // Layer `signer`.

    /// The bundle is signed by another key than the one expected.
    case otherSigner
    /// The signer's Ed25519 key is not a canonical point of the prime-order group.
    case invalidSignerKey

    // Layer `sig`.

    /// A frame's signature does not verify; `frame` counts from 0.
    case badSignature(frame: UInt64)

    // Layer `audience`.

    /// The key that opened the bundle is not among those it is addressed to.
    case notInAudience

    // Layer `time`; all in milliseconds since 1970.

    /// The clock here stands before 2024, so no time can be judged.
    case clockTooEarly(now: UInt64)
    /// The bundle was made in the future.
    case notYetMade(created: UInt64, now: UInt64)
    /// The bundle's time is over.
    case expired(expires: UInt64, now: UInt64)

    // Layer `replay`.

    /// A bundle with this id was taken in before.
    case alreadySeen(BundleID)

    // Layer `room`.

    /// The bundle is of another room.
    case otherRoom(expected: RoomID, actual: RoomID)

    // Layer `record`.

    /// A session's key is refused; `record` counts sessions and withheld entries from 0.
    case malformedSession(MegolmError, record: UInt64)
    /// A session id is not above the one before it, so it may stand here twice.
    case outOfOrder(SessionID)
    /// A record names a sender that its frame does not have.
    case senderOutOfRange(index: UInt16, senders: Int)
    /// A session's flags have bits that mean nothing.
    case undefinedMarks(UInt8)
    /// A withheld entry's code means nothing.
    case undefinedWithheldCode(UInt8)
    /// A sender's key is a low-order or invalid point, or not canonically spelled.
    case unsoundSenderKey

    // Layer `limit`.

    /// A frame's body is longer than its type may be, in bytes.
    case bodyTooLong(type: FrameType, byteCount: Int, limit: Int)
    /// More sessions than accepted.
    case tooManySessions(limit: Int)
    /// More withheld entries than accepted.
    case tooManyWithheld(limit: Int)
    /// More senders in one frame than accepted.
    case tooManySenders(count: Int, limit: Int)
    /// More padding than accepted, in bytes.
    case tooMuchPadding(byteCount: Int, limit: Int)
    /// A session's first index is above what is accepted.
    case indexTooHigh(index: UInt32, limit: UInt32)
    /// Longer from making to expiry than accepted, in milliseconds.
    case lifetimeTooLong(milliseconds: UInt64, limit: UInt64)

    // Layer `policy`.

    /// The bundle was made for another purpose.
    case otherPurpose(expected: BundlePurpose, actual: BundlePurpose)

    // Layer `stream`.

    /// Bytes could not be had or put; the layer below knows more.
    case stream(StreamError)
}

/// What a bundle states a count of.
package enum BundleCount: String, Sendable {
    case sessions
    case withheld = "withheld entries"
    case frames
    case overrides
}

extension BundleError {
    /// The check that refused.
    package var layer: BundleLayer {
        switch self {
        case .notABundle, .notARequest, .notAReceipt, .wrongVersion, .truncated, .unexpectedFrame,
            .malformed,
            .wrongCount, .wrongDigest, .trailingBytes:
            .frame
        case .otherSigner, .invalidSignerKey: .signer
        case .badSignature: .sig
        case .notInAudience: .audience
        case .clockTooEarly, .notYetMade, .expired: .time
        case .alreadySeen: .replay
        case .otherRoom: .room
        case .malformedSession, .outOfOrder, .senderOutOfRange, .undefinedMarks,
            .undefinedWithheldCode, .unsoundSenderKey:
            .record
        case .bodyTooLong, .tooManySessions, .tooManyWithheld, .tooManySenders, .tooMuchPadding,
            .indexTooHigh, .lifetimeTooLong:
            .limit
        case .otherPurpose: .policy
        case .stream: .stream
        }
    }
}

extension BundleError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notABundle: "it is not a key bundle"
        case .notARequest: "it is not a request for missing keys"
        case .notAReceipt: "it is not a receipt"
        case .wrongVersion(let expected, let actual) where actual > expected:
            "the bundle was made by a newer version (format \(actual), expected \(expected))"
        case .wrongVersion(let expected, let actual):
            "the bundle is of format \(actual), expected \(expected)"
        case .truncated: "the bundle ends before its end frame does"
        case .unexpectedFrame(let type, let index):
            "frame \(index) of the bundle is of type \(type), which must not stand there"
        case .malformed(let field): "\(field.rawValue) is malformed"
        case .wrongCount(let what, let stated, let counted):
            "the bundle states \(stated) \(what.rawValue) and has \(counted)"
        case .wrongDigest: "the bundle's final hash does not match its content"
        case .trailingBytes: "something follows the end of the bundle"
        case .otherSigner: "the bundle is signed by another key than the one expected"
        case .invalidSignerKey: "the signer's key is not a valid point"
        case .badSignature(let frame): "the signature of frame \(frame) does not verify"
        case .notInAudience: "the bundle is not addressed to the identity that opened it"
        case .clockTooEarly: "this computer's clock stands before 2024, so no time can be judged"
        case .notYetMade(let created, let now):
            "the bundle says it was made \(Self.span(created - now)) from now"
        case .expired(let expires, let now):
            "the bundle expired \(Self.span(now - expires)) ago"
        case .alreadySeen(let id): "bundle \(id) was taken in before"
        case .otherRoom(let expected, let actual):
            "the bundle is of room \(actual), expected \(expected)"
        case .malformedSession(let error, let record): "record \(record): \(error)"
        case .outOfOrder(let id): "session \(id) is not above the one before it"
        case .senderOutOfRange(let index, let senders):
            "a record names sender \(index) of \(senders)"
        case .undefinedMarks(let marks): "a session has flags without a meaning (\(marks))"
        case .undefinedWithheldCode(let code): "a withheld entry has unknown code \(code)"
        case .unsoundSenderKey: "a sender's key is not a sound point"
        case .bodyTooLong(let type, let byteCount, let limit):
            "a \(type) frame of \(byteCount) bytes, expected at most \(limit)"
        case .tooManySessions(let limit): "more than \(limit) sessions"
        case .tooManyWithheld(let limit): "more than \(limit) withheld entries"
        case .tooManySenders(let count, let limit):
            "\(count) senders in one frame, expected at most \(limit)"
        case .tooMuchPadding(let byteCount, let limit):
            "\(byteCount) bytes of padding, expected at most \(limit)"
        case .indexTooHigh(let index, let limit):
            "a session's first index is \(index), expected at most \(limit)"
        case .lifetimeTooLong(let milliseconds, let limit):
            "the bundle lives for \(Self.span(milliseconds)), expected at most \(Self.span(limit))"
        case .otherPurpose(let expected, let actual):
            "the bundle was made as \(actual.sentenceForm), expected \(expected.sentenceForm)"
        case .stream(let error): error.description
        }
    }

    /// A length of time as people say it, in its largest whole unit.
    private static func span(_ milliseconds: UInt64) -> String {
        for (unit, length) in [("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000)] {
            let count = milliseconds / UInt64(length)
            if count > 0 { return "\(count) \(unit)\(count == 1 ? "" : "s")" }
        }
        return "\(milliseconds) ms"
    }
}
