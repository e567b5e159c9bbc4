package import Bytes
package import MatrixTypes
import Megolm
import Secrets
import StrictJSON

/// The sessions of a server-side key backup, decrypted one at a time and in bounded memory.
///
/// Every session comes out as something, as `RoomKeyEntries` has it. All of it is a stranger's word:
/// whoever knows the backup's public key, the server first, can add to it.
package struct BackupEntries: ~Copyable {
    /// How many sessions have come out.
    package private(set) var count = 0

    fileprivate enum Level {
        case root(BackupPlace.Room), keys, rooms, room(BackupPlace.Room), sessions(BackupPlace.Room)
    }

    private var members: JSONMembers
    private var levels: [Level] = []
    private var hasBegun = false
    private let key: BackupKey
    private let wish: RoomKeyEntries.Wish
    private let place: BackupPlace.Room
    private let checked = CheckedKeys()

    /// - Parameters:
    ///   - key: the backup's own, checked against its public key where that is known.
    ///   - room: which room was asked for, where the answer is that for one room.
    package init(
        _ source: any ByteSource, key: BackupKey, room: RoomID? = nil,
        wish: RoomKeyEntries.Wish = .init()
    ) {
        members = JSONMembers(source)
        self.key = key
        self.wish = wish
        place = room.map { .named($0) } ?? .unnamed
    }

    /// The next session, or `nil` at the end of JSON that is whole.
    ///
    /// - Throws: `KeyFormatError.json`, or `.stream`.
    package mutating func next() throws(KeyFormatError) -> KeyFileEntry? {
        do throws(StrictJSONError) {
            return try step()
        } catch .stream(let error) {
            throw .stream(error)
        } catch {
            throw .json(error)
        }
    }

    private mutating func step() throws(StrictJSONError) -> KeyFileEntry? {
        if !hasBegun {
            guard try members.enter() else { throw .malformed(byteOffset: 0) }
            hasBegun = true
            levels = [.root(place)]
        }
        while let level = levels.last {
            guard let name = try members.nextName() else {
                levels.removeLast()
                continue
            }
            if case .sessions(let room) = level {
                let value = try members.value()
                count += 1
                return entry(BackupPlace(room: room, sessionID: name), value)
            }
            if let inner = level.inner(name), try members.enter() {
                levels.append(inner)
            } else {
                _ = try members.value()
            }
        }
        return nil
    }

    private mutating func entry(_ place: BackupPlace, _ range: Range<Int>?) -> KeyFileEntry {
        guard let range else {
            return .invalid(.tooLong(byteCount: JSONElements.maximumElementByteCount))
        }
        if let wanted = wish.roomID, case .named(let room) = place.room, room != wanted {
            return .otherRoom(sessionID: place.statedSessionID)
        }
        let (wish, checked) = (wish, checked)
        do throws(EntryFault) {
            var window = members.window
            var text = window.slice(range)
            let data = try SessionData(keyBackupData: &text)
            var plaintext = try key.open(data)
            var bytes = plaintext.mutableBytes
            return try bytes.roomKeyEntry(
                wish: wish, isBundle: false, checked: checked, backedUpAt: place)
        } catch {
            return .invalid(error)
        }
    }
}

extension BackupEntries.Level {
    /// What a member of this object holds, where it leads to sessions.
    fileprivate func inner(_ name: String) -> Self? {
        switch (self, name) {
        case (.root, "keys"): .keys
        case (.root, "rooms"), (.keys, "rooms"): .rooms
        case (.root(let room), "sessions"): .sessions(room)
        case (.keys, "sessions"): .sessions(.unnamed)
        case (.rooms, _): .room((try? RoomID(name)).map { .named($0) } ?? .notOne)
        case (.room(let room), "sessions"): .sessions(room)
        default: nil
        }
    }
}

/// Where in a backup a session stood: the server's claim of its room and id.
struct BackupPlace {
    enum Room {
        case named(RoomID)
        /// The saved answer is that for one room and does not say which.
        case unnamed
        /// The name is no room's id.
        case notOne
    }

    let room: Room
    let sessionID: String

    var statedSessionID: Bytes32? { Array(sessionID.utf8).span.respelledKey }
}
