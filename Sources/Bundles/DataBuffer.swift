import Bytes
import MatrixTypes
import Megolm
import Secrets

/// A data frame's body being gathered: at most 256 KiB, the records in memory that is wiped.
struct DataBuffer: ~Copyable {
    private var senderTable: [UInt8] = []
    private var senderIndices: [[UInt8]: UInt16] = [:]
    private var records = SecretBytes(byteCount: FrameType.data.maximumBodyByteCount)
    private var recordByteCount = 0
    private(set) var recordCount: UInt32 = 0

    private static let countsByteCount = 2 + 4

    var isEmpty: Bool { recordCount == 0 }

    var bodyByteCount: Int { Self.countsByteCount + senderTable.count + recordByteCount }

    /// Adds the record, or returns `false` where the frame has no room left for it.
    mutating func append(_ record: BundleRecord) -> Bool {
        let sender = record.sender.encoded
        let known = senderIndices[sender]
        let growth = record.byteCount + (known == nil ? sender.count : 0)
        guard bodyByteCount + growth <= FrameType.data.maximumBodyByteCount,
            known != nil || senderIndices.count < BundleFormat.maximumSenderCount
        else { return false }
        let index = known ?? UInt16(senderIndices.count)
        if known == nil {
            senderIndices[sender] = index
            senderTable += sender
        }
        append(record, senderIndex: index)
        return true
    }

    /// Writes what was gathered as one frame, and is empty again.
    mutating func flush(
        to frames: inout FrameWriter, signedBy key: borrowing Ed25519.SigningKey
    ) throws(BundleError) {
        try frames.begin(FrameHeader(type: .data, bodyByteCount: bodyByteCount))
        var counts: [UInt8] = []
        counts.append(bigEndian: UInt16(senderIndices.count))
        try frames.append(counts.span)
        try frames.append(senderTable.span)
        counts = []
        counts.append(bigEndian: recordCount)
        try frames.append(counts.span)
        try frames.append(records.bytes.extracting(first: recordByteCount))
        try frames.end(.data, signedBy: key)
        senderTable = []
        senderIndices = [:]
        recordByteCount = 0
        recordCount = 0
    }

    private mutating func append(_ record: BundleRecord, senderIndex: UInt16) {
        switch record {
        case .session(let session):
            append(BundledSession.recordType, session.marks.rawValue, senderIndex)
            append(session.sessionKey.bytes)
        case .withheld(let withheld):
            append(WithheldSession.recordType, withheld.code.rawValue, senderIndex)
            append(withheld.sessionID.bytes.array.span)
        }
        recordCount += 1
    }

    private mutating func append(_ type: UInt8, _ code: UInt8, _ senderIndex: UInt16) {
        var head = [type, code]
        head.append(bigEndian: senderIndex)
        append(head.span)
    }

    private mutating func append(_ bytes: Span<UInt8>) {
        let offset = recordByteCount
        var span = records.mutableBytes
        span.copy(bytes, to: offset)
        recordByteCount = offset + bytes.count
    }
}
