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
    public let path: String
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
        let window = try exportWindow(request, room)
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
        let sink = output.sink
        let attachmentKey: SharedSecret?
        do throws(KeyFormatError) {
            attachmentKey = try write(source, request.format, passphrase, to: sink)
        } catch .stream(let error) {
            if let failure = source.failure { throw HeirloomError(failure, of: path) }
            throw HeirloomError(.archive, error, of: destination.path)
        } catch {
            throw HeirloomError(.archive, .brokenLibrary, "the keys cannot be written: \(error)")
        }
        if let failure = source.failure { throw HeirloomError(failure, of: path) }
        var result = source.account(path: destination.path)
        guard result.keys > 0 else {
            throw HeirloomError(
                .archive, .nothingMatched, "the archive holds no key that was asked for")
        }
        try destination.writeBeside(attachmentKey, step: .archive)
        result.byteCount = try output.commit(step: .archive)
        return result
    }

    private func exportWindow(
        _ request: ArchiveExportRequest, _ room: RoomID?
    ) throws(HeirloomError) -> ArchivedKeys.Window? {
        guard request.since != nil || request.until != nil else { return nil }
        guard !request.historyFiles.isEmpty else {
            throw HeirloomError(
                .select, .noHistory,
                "keys do not say when they were used: a window needs the room's saved history")
        }
        let now = self.now
        let since = try request.since.map { text throws(HeirloomError) in
            try PointInTime.milliseconds(text, now: now, named: "--since")
        }
        let until = try request.until.map { text throws(HeirloomError) in
            try PointInTime.milliseconds(text, now: now, named: "--until")
        }
        guard let window = TimeWindow(since: since, until: until) else {
            throw HeirloomError(.select, .badArgument, "the window ends before it begins")
        }
        let (timeline, _) = try History(request.historyFiles, report: report)
            .timeline(of: room, users: [])
        return .init(plan: WindowPlan(window), timeline: timeline)
    }

    /// Writes all keys; gives the key to an encrypted attachment.
    private func write(
        _ keys: ArchivedKeys, _ format: ConvertRequest.Format, _ passphrase: borrowing Passphrase,
        to sink: any ByteSink
    ) throws(KeyFormatError) -> SharedSecret? {
        var random = AnyRandomSource(SystemRandomSource())
        switch format {
        case .keyExport:
            let export = try KeyExportWriter(
                to: sink, passphrase: passphrase.bytes, random: &random)
            try write(keys, as: .array, to: export)
            try export.finish()
        case .roomKeyBundle: try write(keys, as: .bundle, to: sink)
        case .jsonLines: try write(keys, as: .lines, to: sink)
        case .encryptedBundle:
            let attachment = AttachmentWriter(to: sink, random: &random)
            try write(keys, as: .bundle, to: attachment)
            return try attachment.finishedKey()
        }
        return nil
    }

    private func write(
        _ keys: ArchivedKeys, as layout: RoomKeyWriter.Layout, to sink: any ByteSink
    ) throws(KeyFormatError) {
        var writer = try RoomKeyWriter(layout, to: sink)
        while let key = keys.next() {
            if layout == .bundle, key.sharedHistory != .shareable {
                keys.noteWithheld()
                try writer.addWithheld(
                    roomID: key.roomID, sessionID: key.sessionID, senderKey: key.claims.senderKey,
                    code: "m.history_not_shared")
            } else {
                try writer.add(key)
            }
        }
        try writer.finish()
    }
}
