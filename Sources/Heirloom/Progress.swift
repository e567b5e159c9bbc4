import Bytes
import Carriers

/// How far a long step is.
public struct Progress: Sendable {
    /// The long steps.
    public enum Work: String, Sendable {
        /// A file of room keys.
        case readingKeys
        /// A file of saved history.
        case readingHistory
        /// A sealed file is written.
        case sealing
        /// A sealed file is read.
        case opening
        /// What was taken in is written for a client.
        case delivering
        /// A sealed file becomes QR codes.
        case makingCodes
        /// Pictures are searched for QR codes.
        case scanning
        /// A room's past comes from the homeserver; by count, its end is not known.
        case fetchingHistory
        /// A key backup comes from the homeserver.
        case fetchingBackup
        /// Keys go into the key backup.
        case writingBackup
    }

    /// Which step it is.
    public let work: Work
    /// From 0 to 1; 0 where nobody knows how much there is.
    public let fraction: Double
    /// How many there are so far, where nobody knows how many there will be.
    public let count: Int?

    init(work: Work, fraction: Double) {
        self.work = work
        self.fraction = fraction
        count = nil
    }

    init(work: Work, count: Int) {
        self.work = work
        fraction = 0
        self.count = count
    }
}

/// A source that tells how far it has been read.
final class ReportingSource: RewindableByteSource {
    private let source: any RewindableByteSource
    private let report: (Double) -> Void
    private var position = 0

    var byteCount: Int { source.byteCount }

    init(_ source: any RewindableByteSource, report: @escaping (Double) -> Void) {
        self.source = source
        self.report = report
    }

    func rewind() throws(StreamError) {
        position = 0
        try source.rewind()
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let count = try source.read(into: &buffer)
        position += count
        report(Double(position) / Double(max(byteCount, 1)))
        return count
    }
}
