import Archives
import MatrixTypes
import Sealing

/// What an archive holds.
public struct ArchiveListReport: Encodable, Equatable, Sendable {
    /// One room.
    public struct Room: Encodable, Equatable, Sendable {
        /// The room's id.
        public let room: String
        /// How many sessions.
        public let sessions: Int
        /// How many different keys of them.
        public let copies: Int
    }

    /// Where keys came from.
    public struct Source: Encodable, Equatable, Sendable {
        /// Its number.
        public let source: Int64
        /// `key-export`, `server-backup`, `room-key-bundle`, `json-lines`, `hand-over` or `segment`.
        public let kind: String
        /// The file's name, or whom a hand-over was from.
        public let name: String
        /// When it was first added, ISO 8601.
        public let addedAt: String
    }

    /// One session of the room that was asked for.
    public struct Session: Encodable, Equatable, Sendable {
        /// The session's id.
        public let sessionID: String
        /// The first index that any copy opens.
        public let firstKnownIndex: UInt32
        /// How many different keys.
        public let copies: Int
        /// Whether a real message proved one.
        public let isProven: Bool
        /// The numbers of the sources that brought it.
        public let sources: [Int64]
    }

    /// The document's name and version.
    public let schema = "heirloom.archive-list.v1"
    /// The archive.
    public let path: String
    /// By id.
    public let rooms: [Room]
    /// In the order they came.
    public let sources: [Source]
    /// The sessions of one room or source; `nil` where none was named.
    public internal(set) var sessions: [Session]?
}

extension KeyArchive {
    /// Lists rooms and sources, and the sessions of a room or of a source; needs no passphrase.
    public func list(
        room: String?, source: Int64?
    ) throws(HeirloomError) -> ArchiveListReport {
        let archive = try open()
        let roomID = try room.map { text throws(HeirloomError) in try RoomID(argument: text) }
        var report = try archiving { () throws(ArchiveError) in
            ArchiveListReport(
                path: path,
                rooms: try archive.rooms().filter { roomID == nil || $0.roomID == roomID }.map {
                    .init(
                        room: $0.roomID.text, sessions: $0.sessionCount, copies: $0.copyCount)
                },
                sources: try archive.sources().map {
                    .init(
                        source: $0.id.value, kind: $0.source.kind.word, name: $0.source.name,
                        addedAt: UTCDate.text(milliseconds: $0.addedMilliseconds))
                })
        }
        guard roomID != nil || source != nil else { return report }
        let query = SessionQuery(roomID: roomID, source: source.map(SourceID.init))
        report.sessions = try archiving { () throws(ArchiveError) in
            let cursor = try archive.sessions(matching: query)
            var sessions: [ArchiveListReport.Session] = []
            while let record = try cursor.next() { sessions.append(.init(record)) }
            return sessions
        }
        guard report.sessions?.isEmpty == false else {
            throw HeirloomError(
                .archive, .nothingMatched, "\(path.shown): it holds no session that was asked for")
        }
        return report
    }
}

extension ArchiveSource.Kind {
    /// As it is called in documents.
    var word: String {
        switch self {
        case .keyExport: "key-export"
        case .keyBackup: "server-backup"
        case .roomKeyBundle: "room-key-bundle"
        case .jsonLines: "json-lines"
        case .bundle: "hand-over"
        case .segment: "segment"
        }
    }
}

extension ArchiveListReport.Session {
    init(_ record: SessionRecord) {
        sessionID = record.sessionID.text
        firstKnownIndex = record.copies.map(\.firstKnownIndex.value).min() ?? 0
        copies = record.copies.count
        isProven = record.copies.contains { $0.provenFrom != nil }
        sources = Set(record.copies.flatMap { $0.claims.map(\.source.value) }).sorted()
    }
}
