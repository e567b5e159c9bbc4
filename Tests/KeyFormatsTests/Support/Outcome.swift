import Bytes
import KeyFormats
import MatrixTypes
import Megolm
import Secrets
import Testing

/// What an entry turned out to be, in words that compare.
enum Outcome: Equatable, Sendable, CustomTestStringConvertible {
    case key(KeyFacts, EntryNotes)
    case otherRoom(Bytes32?)
    case withheld(room: String, id: String, code: String)
    case invalid(EntryFault)

    init(_ entry: KeyFileEntry) {
        switch entry {
        case .roomKey(let key, let notes): self = .key(KeyFacts(key), notes)
        case .otherRoom(let id): self = .otherRoom(id)
        case .withheld(let room, let id, let code):
            self = .withheld(room: room.text, id: id.text, code: code)
        case .invalid(let fault): self = .invalid(fault)
        }
    }

    var testDescription: String {
        switch self {
        case .key(let facts, let notes): "key \(facts.id) notes \(notes.rawValue)"
        case .otherRoom(let id): "other room \(id == nil ? "without" : "with") id"
        case .withheld(_, let id, let code): "withheld \(id) \(code)"
        case .invalid(let fault): "invalid: \(fault)"
        }
    }

    /// The key's facts, where it is a key.
    var facts: KeyFacts? {
        if case .key(let facts, _) = self { facts } else { nil }
    }

    var notes: EntryNotes? {
        if case .key(_, let notes) = self { notes } else { nil }
    }
}

/// All that an entry says of a key; the keys of tests are no secrets.
struct KeyFacts: Equatable, Sendable {
    var room = "!r:example.org"
    var id: String
    var sessionKey: String
    var index: UInt32
    var senderKey: String?
    var ed25519: String?
    var sharedHistory = SharedHistory.unstated

    init(_ key: RoomKey) {
        room = key.roomID.text
        id = key.sessionID.text
        let characters = key.sessionKey.base64
        sessionKey = String(decoding: [UInt8](characters.bytes), as: UTF8.self)
        index = key.firstKnownIndex.value
        senderKey = key.claims.senderKey?.text
        ed25519 = key.claims.ed25519?.text
        sharedHistory = key.sharedHistory
    }

    /// What `EntryJSON` of this session says.
    init(_ session: TestSession) {
        id = session.id
        sessionKey = session.exported
        index = session.index
        senderKey = TestSession.senderKey
        ed25519 = TestSession.ed25519
    }
}

/// Reads all entries of some JSON, from a source that gives them in small pieces too.
func outcomes(
    of text: String, layout: KeyFileLayout = .array, wish: RoomKeyEntries.Wish = .init()
) throws -> [Outcome] {
    try outcomes(of: Array(text.utf8), layout: layout, wish: wish)
}

func outcomes(
    of text: [UInt8], layout: KeyFileLayout = .array, wish: RoomKeyEntries.Wish = .init()
) throws -> [Outcome] {
    try outcomes(of: MemorySource(text), layout: layout, wish: wish)
}

func outcomes(
    of source: any ByteSource, layout: KeyFileLayout = .array, wish: RoomKeyEntries.Wish = .init()
) throws -> [Outcome] {
    var entries = RoomKeyEntries(source, layout: layout, wish: wish)
    var outcomes: [Outcome] = []
    while let entry = try entries.next() { outcomes.append(Outcome(entry)) }
    #expect(entries.count == outcomes.count)
    return outcomes
}

/// The outcome of one entry that stands alone in an array.
func outcome(of entry: EntryJSON, wish: RoomKeyEntries.Wish = .init()) throws -> Outcome {
    let all = try outcomes(of: "[\(entry.text)]", wish: wish)
    try #require(all.count == 1)
    return all[0]
}
