import Bytes
import Carriers
import Foundation
import Homeserver
import RoomTimelines

/// Where an interrupted fetch goes on, and what it has met so far.
struct FetchBookmark: Codable, Equatable {
    /// A change of the room's visibility.
    struct Change: Codable, Equatable {
        let id: String
        let replaces: String?
        /// What it changes to; `nil` where the event does not say.
        let visibility: String?
    }

    let room: String
    let user: String
    let since: String?
    let isFull: Bool
    var next: String?
    var isDone = false
    /// How much of the file is whole.
    var byteCount = 0
    var events = 0
    /// Events that are no events, or longer than any may be: a gap in the history.
    var unread = 0
    var pages = 0
    var oldest: String?
    var oldestTimestamp: UInt64?
    var hasBeginning = false
    var hasState = false
    var changes: [Change] = []

    init(room: String, user: String, since: String?, isFull: Bool) {
        self.room = room
        self.user = user
        self.since = since
        self.isFull = isFull
    }

    /// Whether another fetch asked for the same.
    func isLike(_ other: FetchBookmark) -> Bool {
        room == other.room && user == other.user && since == other.since && isFull == other.isFull
    }
}

/// A fetch under way: the events so far and the bookmark, on disk together after every page.
struct PartialFetch {
    private static let bookmarkLimit = 64 << 20

    let file: PartialFile
    private let path: String
    private(set) var bookmark: FetchBookmark
    private(set) var isResumed = false

    /// Takes up what an earlier run left, or begins anew.
    ///
    /// - Throws: `fileExists` where something else was being fetched into the same file.
    static func begin(
        at path: String, _ asked: FetchBookmark, replacing: Bool
    ) throws(HeirloomError) -> PartialFetch {
        let part = path + ".part"
        let file = try carrying(.history, part) { () throws(CarrierError) in
            try PartialFile(path: part)
        }
        var fetch = PartialFetch(file: file, path: path, bookmark: asked)
        if let left = try leftBehind(part + ".json") {
            if left.isLike(asked), left.byteCount <= file.byteCount {
                fetch.bookmark = left
                fetch.isResumed = true
            } else if !replacing {
                throw HeirloomError(
                    .history, .fileExists,
                    "\(part.shown): another fetch was interrupted there, of room "
                        + "\(left.room.shown) for \(left.user.shown)")
            }
        } else if file.byteCount > 0, !replacing {
            throw HeirloomError(
                .history, .fileExists, "\(part.shown): it is there, and nothing says what it is")
        }
        let start = fetch.bookmark.byteCount
        try moving(.history, part) { () throws(StreamError) in try file.cut(to: start) }
        return fetch
    }

    /// Adds a page.
    mutating func add(_ page: MessagePage, isLast: Bool) throws(HeirloomError) {
        try write(page.events)
        for event in page.events {
            if let id = event.id {
                bookmark.oldest = id
                bookmark.oldestTimestamp = event.timestamp ?? bookmark.oldestTimestamp
            }
            if event.type == "m.room.create", event.stateKey == "" { bookmark.hasBeginning = true }
            if event.type == "m.room.history_visibility", event.stateKey == "", let id = event.id {
                bookmark.changes.append(
                    .init(
                        id: id, replaces: event.replaces,
                        visibility: event.visibility))
            }
        }
        bookmark.pages += 1
        bookmark.next = page.next
        bookmark.isDone = isLast
        try save()
    }

    /// Adds the state behind the oldest event.
    mutating func addState(_ events: [ServerEvent]) throws(HeirloomError) {
        try write(events)
        bookmark.hasState = true
        try save()
    }

    /// Leaves nothing where nothing came.
    func forgetIfEmpty() {
        // One that stays is taken for what it is: a fetch that has fetched nothing yet.
        if bookmark.pages == 0 { try? Folder.remove(path + ".part") }
    }

    /// Gives the file its name and forgets the bookmark.
    func finish(as name: String, replacing: Bool) throws(HeirloomError) {
        guard bookmark.events > 0 else {
            throw HeirloomError(
                .history, .nothingMatched,
                "the homeserver shows \(bookmark.user.shown) no event of the room")
        }
        try carrying(.carry, name) { () throws(CarrierError) in
            try file.commit(as: name, replacing: replacing)
        }
        try carrying(.history, path + ".part.json") { () throws(CarrierError) in
            try Folder.remove(path + ".part.json")
        }
    }

    private mutating func write(_ events: [ServerEvent]) throws(HeirloomError) {
        let file = self.file
        try moving(.carry, path) { () throws(StreamError) in
            if file.byteCount == 0 {
                try file.write(Array("\(HistoryLayout.fetchedHeader)\n".utf8))
            }
            for event in events {
                try file.write(event.text)
                try file.write([UInt8(ascii: "\n")])
            }
            try file.sync()
        }
        bookmark.events += events.count
        bookmark.unread += events.count { $0.id == nil }
        bookmark.byteCount = file.byteCount
    }

    private func save() throws(HeirloomError) {
        guard let text = try? JSONEncoder().encode(bookmark) else {
            preconditionFailure("numbers and texts are always JSON")
        }
        try Destination(path: path + ".part.json", replacing: true).write(Array(text))
    }

    private static func leftBehind(_ path: String) throws(HeirloomError) -> FetchBookmark? {
        let file: InputFile
        do throws(CarrierError) {
            file = try InputFile(
                path: path, rules: [.noSymbolicLink, .ownerOnly], limit: bookmarkLimit)
        } catch .missing {
            return nil
        } catch {
            throw HeirloomError(.history, error, of: path)
        }
        let text = try moving(.history, path) { () throws(StreamError) in
            try file.readAll(limit: bookmarkLimit)
        }
        guard let bookmark = try? JSONDecoder().decode(FetchBookmark.self, from: Data(text)) else {
            throw HeirloomError(
                .history, .damaged, "\(path.shown): it does not say where to go on")
        }
        return bookmark
    }
}
