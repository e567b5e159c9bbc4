import Archives
import Bytes
import KeyFormats
import MatrixTypes
import Megolm
import Secrets
import Selection

/// What is to be got out of an archive.
public struct ArchiveExportRequest: Sendable {
    /// Only this room's keys; `nil` for all rooms'.
    public var room: String?
    /// The form wanted.
    public var format: ConvertRequest.Format
    /// Whether only keys go that a real message proved.
    public var provenOnly = false
    /// Saved history, for a window.
    public var historyFiles: [String] = []
    /// From when on: ISO 8601 with a zone, or a span back from now.
    public var since: String?
    /// Until when.
    public var until: String?

    /// A request for all keys.
    public init(to format: ConvertRequest.Format) {
        self.format = format
    }
}

/// What came out of an archive.
///
/// keys + withheld + notProven + contradicted + outsideWindow + unknownAge = sessions.
public struct ArchiveExportReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.archive-export.v1"
    /// Where it was written.
    public internal(set) var path = ""
    /// What became of the history files' events.
    public internal(set) var historyFiles: [HistoryFileReport] = []
    /// Sessions looked at.
    public internal(set) var sessions = 0
    /// Keys written.
    public internal(set) var keys = 0
    /// Named as withheld in a bundle, because they are not shareable.
    public internal(set) var withheld = 0
    /// Left out because no message proved them, where that was asked for.
    public internal(set) var notProven = 0
    /// Left out because copies or messages contradict them.
    public internal(set) var contradicted = 0
    /// Left out of the window.
    public internal(set) var outsideWindow = 0
    /// Left out of the window because nobody knows when they were used.
    public internal(set) var unknownAge = 0
    /// The size of what was written.
    public internal(set) var byteCount = 0
}

extension KeyArchive {
    /// Writes keys out in a stream, each session once, from where it may be used.
    public func export(
        _ request: ArchiveExportRequest, into destination: Destination,
        _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ArchiveExportReport {
        let room = try request.room.map { text throws(HeirloomError) in
            try RoomID(argument: text)
        }
        if request.format.isBundle, room == nil {
            throw HeirloomError(
                .select, .badArgument, "a room key bundle is of one room, and none was named")
        }
        try destination.checkName(for: request.format)
        let (window, historyFiles) = try exportWindow(request, room)
        let archive = try unlocked(passphrases, access: .reading)
        let source = try archiving { () throws(ArchiveError) in
            ArchivedKeys(
                archive, try archive.sessions(matching: SessionQuery(roomID: room)),
                provenOnly: request.provenOnly, window: window)
        }
        let passphrase =
            request.format == .keyExport
            ? try passphrases.passphrase(for: .newKeyFile(path: destination.path))
            : Passphrase(bytes: SecretBytes(byteCount: 0))
        let output = try destination.open(step: .archive)
        var random = AnyRandomSource(SystemRandomSource())
        var writer = try KeyFileWriter(
            request.format, under: passphrase, to: output.sink, at: destination.path,
            step: .archive, random: &random)
        while let key = source.next() { try writer.add(key) }
        if let failure = source.failure { throw HeirloomError(failure, of: path) }
        var result = source.account(path: destination.path)
        result.historyFiles = historyFiles
        (result.keys, result.withheld) = (writer.written, writer.withheld)
        guard result.keys > 0 else {
            throw HeirloomError(
                .archive, .nothingMatched, "the archive holds no key that was asked for")
        }
        try destination.writeBeside(try writer.finish(), step: .archive)
        result.byteCount = try output.commit(step: .archive)
        return result
    }

    private func exportWindow(
        _ request: ArchiveExportRequest, _ room: RoomID?
    ) throws(HeirloomError) -> (ArchivedKeys.Window?, [HistoryFileReport]) {
        guard
            let window = try TimeWindow(since: request.since, until: request.until, now: now)
        else { return (nil, []) }
        guard !request.historyFiles.isEmpty else { throw HeirloomError.windowWithoutHistory }
        let (timeline, files) = try History(request.historyFiles, report: report)
            .timeline(of: room, users: [])
        return (.init(plan: WindowPlan(window), timeline: timeline), files)
    }
}
