import Archives
import Bytes
import Carriers
import HistoryRules
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing

/// What a person wants to read.
public struct ArchiveReadRequest: Sendable {
    /// Saved history of the room.
    public var historyFiles: [String]
    /// The room's id; `nil` for that of the history's first event.
    public var room: String?
    /// From when on: ISO 8601 with a zone, or a span back from now.
    public var since: String?

    /// A request for all of a room.
    public init(historyFiles: [String]) {
        self.historyFiles = historyFiles
    }
}

/// A room's messages as a readable log.
public struct ArchiveLog: Encodable, Sendable {
    /// One message in its place.
    public struct Line: Encodable, Equatable, Sendable {
        /// The event's id.
        public let eventID: String
        /// When its sender's homeserver says it was sent, ISO 8601.
        public let at: String
        /// Who sent it, as the homeserver says.
        public let sender: String
        /// What it says; `nil` where it stays closed.
        public internal(set) var body: String?
        /// `m.text`, `m.image` and its like.
        public internal(set) var messageType: String?
        /// Whether the text is that of a later edit.
        public internal(set) var isEdited = false
        /// The event it answers.
        public internal(set) var repliesTo: String?
        /// Why it stays closed; `nil` where it does not.
        public internal(set) var closed: String?
    }

    /// The document's name and version.
    public let schema = "heirloom.archive-log.v1"
    /// The room's id.
    public let room: String
    /// What became of the history files' events.
    public let historyFiles: [HistoryFileReport]
    /// In the room's order; edits stand in the place of what they change.
    public let lines: [Line]
    /// How many messages opened, edits among them.
    public let opened: Int
    /// How many there are, edits and redacted ones among them.
    public let total: Int
}

/// A message that opened, and what its event says of others.
struct OpenedMessage {
    let content: MessageContent
    let outside: MessageRelation

    var edits: String? { outside.edits ?? content.relation.edits }
    var repliesTo: String? { outside.repliesTo ?? content.relation.repliesTo }
}

extension KeyArchive {
    /// Opens saved messages with archived keys, in the room's order.
    public func read(
        _ request: ArchiveReadRequest, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ArchiveLog {
        let wish = try request.room.map { text throws(HeirloomError) in
            try RoomID(argument: text)
        }
        let now = self.now
        let since = try request.since.map { text throws(HeirloomError) in
            try PointInTime.milliseconds(text, now: now, named: "--since")
        }
        let (timeline, files) = try History(request.historyFiles, report: report)
            .timeline(of: wish, users: [])
        let keys = try keys(of: timeline.roomID, passphrases)
        var opened: [String: OpenedMessage] = [:]
        var failed: [String: String] = [:]
        for path in request.historyFiles {
            try open(path, timeline.roomID, keys, &opened, &failed)
        }
        return Self.log(timeline, files, since: since, keys, opened, failed)
    }

    /// The room's keys that may be used.
    private func keys(
        of room: RoomID, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> [SessionID: RoomKey] {
        let archive = try unlocked(passphrases, access: .reading)
        let source = try archiving { () throws(ArchiveError) in
            ArchivedKeys(
                archive, try archive.sessions(matching: SessionQuery(roomID: room)),
                provenOnly: false, window: nil)
        }
        var keys: [SessionID: RoomKey] = [:]
        while let key = source.next() { keys[key.sessionID] = key }
        if let failure = source.failure { throw HeirloomError(failure, of: path) }
        return keys
    }

    private func open(
        _ path: String, _ room: RoomID, _ keys: [SessionID: RoomKey],
        _ opened: inout [String: OpenedMessage], _ failed: inout [String: String]
    ) throws(HeirloomError) {
        let (file, layout) = try History([path], report: report).open(path)
        var messages = SavedMessages(file, layout: layout, of: room)
        do throws(TimelineError) {
            while let message = try messages.next() {
                guard let key = keys[message.sessionID], opened[message.eventID] == nil else {
                    continue
                }
                do throws(MegolmError) {
                    let event = try DecryptedEvent(message.message, key: key)
                    opened[message.eventID] = event.content().map {
                        OpenedMessage(content: $0, outside: message.relation)
                    }
                } catch {
                    failed[message.eventID] = "\(error)"
                }
            }
        } catch {
            throw HeirloomError(error, of: path.shown)
        }
    }

    private static func log(
        _ timeline: RoomTimeline, _ files: [HistoryFileReport], since: UInt64?,
        _ keys: [SessionID: RoomKey], _ opened: [String: OpenedMessage], _ failed: [String: String]
    ) -> ArchiveLog {
        var lines: [ArchiveLog.Line] = []
        var places: [String: Int] = [:]
        var (openedCount, total) = (0, 0)
        for position in 0..<timeline.eventCount {
            guard let kind = timeline.messageKind(at: position),
                since.map({ timeline.timestamp(at: position) >= $0 }) ?? true
            else { continue }
            total += 1
            let id = timeline.eventID(at: position).text
            var line = ArchiveLog.Line(
                eventID: id,
                at: UTCDate.text(milliseconds: timeline.timestamp(at: position)),
                sender: timeline.sender(at: position).text)
            if let message = opened[id] {
                let content = message.content
                openedCount += 1
                // An edit changes what it names, if the same person wrote both.
                if let target = message.edits, let place = places[target],
                    lines[place].sender == line.sender
                {
                    lines[place].body = content.newBody ?? content.body
                    lines[place].isEdited = true
                    continue
                }
                line.body = content.newBody ?? content.body ?? "[\(content.type)]"
                line.messageType = content.messageType
                line.repliesTo = message.repliesTo
            } else {
                line.closed = failed[id] ?? reason(kind, keys)
            }
            places[id] = lines.count
            lines.append(line)
        }
        return ArchiveLog(
            room: timeline.roomID.text, historyFiles: files, lines: lines, opened: openedCount,
            total: total)
    }

    private static func reason(
        _ kind: RoomTimeline.MessageKind, _ keys: [SessionID: RoomKey]
    ) -> String {
        switch kind {
        case .redacted: "its sender or a moderator took it back"
        case .undecipherable: "it is encrypted in a way that is not known here"
        case .foreign: "its session did not sign it"
        case .message(let session, let index):
            keys[session].map {
                $0.firstKnownIndex > index
                    ? "the key begins \($0.firstKnownIndex.value - index.value) messages later"
                    : "its plaintext is no message"
            } ?? "no key"
        }
    }
}
