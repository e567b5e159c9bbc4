import Bytes
import MatrixTypes
import Megolm

/// A data frame's body: the senders it names and its records.
///
/// ```
/// 2      sender count s, 0 … 4096
/// s ×    see `BundleSender`
/// 4      record count r, at least 1
/// r ×    see `BundledSession`, `WithheldSession`
/// ```
struct DataBody {
    /// The records in the order they stand in; all of them have passed every check that needs no
    /// other frame.
    let records: [BundleRecord]

    /// Reads a body whose signature has been verified.
    ///
    /// - Parameters:
    ///   - indexLimit: the highest first index accepted.
    ///   - recordsBefore: how many records stood in earlier frames.
    init(
        parsing body: Span<UInt8>, indexLimit: MessageIndex, recordsBefore: Int
    ) throws(BundleError) {
        var reader = FieldReader(body)
        let senderCount = Int(try reader.integer(of: .senders, as: UInt16.self))
        guard senderCount <= BundleFormat.maximumSenderCount else {
            throw .tooManySenders(count: senderCount, limit: BundleFormat.maximumSenderCount)
        }
        var senders: [BundleSender] = []
        for _ in 0..<senderCount { senders.append(try BundleSender(from: &reader)) }
        let recordCount: UInt32 = try reader.integer(of: .records)
        guard recordCount > 0 else { throw .malformed(.records) }
        // Nothing is reserved on the count's word; each record must have its bytes.
        var records: [BundleRecord] = []
        for _ in 0..<recordCount {
            let place = UInt64(recordsBefore + records.count)
            let type: UInt8 = try reader.integer(of: .records)
            switch type {
            case BundledSession.recordType:
                let session = try Self.session(
                    from: &reader, senders: senders, indexLimit: indexLimit, place: place)
                records.append(.session(session))
            case WithheldSession.recordType:
                records.append(.withheld(try Self.withheld(from: &reader, senders: senders)))
            default: throw .malformed(.records)
            }
        }
        try reader.end(as: .dataEnd)
        self.records = records
    }

    private static func session(
        from reader: inout FieldReader, senders: [BundleSender], indexLimit: MessageIndex,
        place: UInt64
    ) throws(BundleError) -> BundledSession {
        let marks = SessionMarks(rawValue: try reader.integer(of: .records))
        let sender: UInt16 = try reader.integer(of: .records)
        let key = try reader.bytes(ExportedSessionKey.byteCount, of: .records)
        guard SessionMarks.defined.isSuperset(of: marks) else {
            throw .undefinedMarks(marks.rawValue)
        }
        return BundledSession(
            sessionKey: try sessionKey(key, indexLimit: indexLimit, place: place),
            sender: try self.sender(sender, of: senders), marks: marks)
    }

    private static func sessionKey(
        _ bytes: Span<UInt8>, indexLimit: MessageIndex, place: UInt64
    ) throws(BundleError) -> ExportedSessionKey {
        do {
            return try ExportedSessionKey(bytes: bytes, indexLimit: indexLimit)
        } catch .indexTooHigh(let index, let limit) {
            throw .indexTooHigh(index: index, limit: limit)
        } catch {
            throw .malformedSession(error, record: place)
        }
    }

    private static func withheld(
        from reader: inout FieldReader, senders: [BundleSender]
    ) throws(BundleError) -> WithheldSession {
        let code: UInt8 = try reader.integer(of: .records)
        let sender: UInt16 = try reader.integer(of: .records)
        let id = SessionID(bytes: try reader.bytes32(of: .records))
        guard let known = WithheldCode(rawValue: code) else {
            throw .undefinedWithheldCode(code)
        }
        return WithheldSession(
            sessionID: id, code: known, sender: try self.sender(sender, of: senders))
    }

    private static func sender(
        _ index: UInt16, of senders: [BundleSender]
    ) throws(BundleError) -> BundleSender {
        guard Int(index) < senders.count else {
            throw .senderOutOfRange(index: index, senders: senders.count)
        }
        return senders[Int(index)]
    }
}
