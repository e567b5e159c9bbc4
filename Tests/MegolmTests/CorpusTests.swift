import Foundation
import MatrixTypes
import Megolm
import Testing

/// The plaintext of a message event.
struct PlainEvent: Decodable {
    struct Content: Decodable {
        let body: String?
    }

    let content: Content

    init(_ text: String) throws {
        self = try JSONDecoder().decode(PlainEvent.self, from: Data(text.utf8))
    }
}

/// Rooms and keys made with real clients on a real server, where they lie beside the package.
private enum Corpus {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/corpus").standardizedFileURL

    static var isPresent: Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "alice.keys.json").path)
    }

    struct Entry: Decodable {
        let roomID: String
        let sessionID: String
        let sessionKey: String

        enum CodingKeys: String, CodingKey {
            case roomID = "room_id"
            case sessionID = "session_id"
            case sessionKey = "session_key"
        }
    }

    struct Event: Decodable {
        struct Content: Decodable {
            let ciphertext: String?
            let sessionID: String?

            enum CodingKeys: String, CodingKey {
                case ciphertext
                case sessionID = "session_id"
            }
        }

        let type: String
        let id: String
        let content: Content

        enum CodingKeys: String, CodingKey {
            case type, content
            case id = "event_id"
        }
    }

    struct Truth: Decodable {
        let body: String?
        let index: UInt32

        enum CodingKeys: String, CodingKey {
            case body
            case index = "message_index"
        }
    }

    static func read<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: path)))
    }
}

/// Real rooms open under real keys, and poisoned keys are refused.
@Suite(.enabled(if: Corpus.isPresent)) struct CorpusTests {
    @Test(
        "Every event of a room opens to what was written",
        arguments: [("garden", 121), ("council", 108), ("archive", 130), ("bridge", 408)])
    func room(_ name: String, count: Int) throws {
        let entries = try Corpus.read("alice.keys.json", as: [Corpus.Entry].self)
        var keys: [String: RoomKey] = [:]
        for entry in entries {
            let key = try ExportedSessionKey(entry.sessionKey, limit: 1 << 24)
            #expect(key.sessionID.text == entry.sessionID)
            keys[entry.sessionID] = try roomKey(key, room: entry.roomID)
        }
        let truth = try Corpus.read("\(name)/truth.json", as: [String: Corpus.Truth].self)
        var opened = 0
        for event in try Corpus.read("\(name)/events.json", as: [Corpus.Event].self) {
            // A redacted event has lost its ciphertext.
            guard event.type == "m.room.encrypted", let ciphertext = event.content.ciphertext
            else { continue }
            let sessionID = try #require(event.content.sessionID)
            let key = try #require(keys[sessionID])
            let expected = try #require(truth[event.id])
            let event = try Opened(ciphertext, key)
            #expect(event.index == expected.index)
            #expect(try PlainEvent(event.plaintext).content.body == expected.body)
            opened += 1
        }
        #expect(opened == count)
    }

    struct Poison: Sendable, CustomTestStringConvertible {
        let name: String
        let error: MegolmError
        var testDescription: String { name }
    }

    static let poison = [
        Poison(name: "v2-signed-key", error: .wrongByteCount(expected: 165, actual: 229)),
        Poison(name: "v1-version-byte-2", error: .wrongVersion(expected: 1, actual: 2)),
        Poison(name: "version-byte-3", error: .wrongVersion(expected: 1, actual: 3)),
        Poison(name: "trailing-bytes", error: .wrongByteCount(expected: 165, actual: 168)),
        Poison(name: "trailing-char", error: .notBase64),
        Poison(name: "truncated", error: .wrongByteCount(expected: 165, actual: 164)),
        Poison(name: "illegal-base64", error: .notBase64),
        Poison(name: "urlsafe-base64", error: .notBase64),
        Poison(name: "index-max", error: .indexTooHigh(index: .max, limit: 1 << 24)),
        Poison(name: "small-order-key", error: .invalidSigningKey),
    ]

    @Test("A poisoned key is refused as what it is", arguments: poison)
    func poisoned(_ poison: Poison) throws {
        let entries = try Corpus.read("poison/\(poison.name).json", as: [Corpus.Entry].self)
        let entry = try #require(entries.first)
        #expect(throws: poison.error) { try ExportedSessionKey(entry.sessionKey, limit: 1 << 24) }
    }

    @Test("A key that opens only the end of a long session is proven only there")
    func spoiltLongSession() throws {
        let entries = try Corpus.read("poison/r3-flipped-long.json", as: [Corpus.Entry].self)
        let spoilt = try #require(entries.first)
        let key = try roomKey(ExportedSessionKey(spoilt.sessionKey), room: spoilt.roomID)
        let truth = try Corpus.read("bridge/truth.json", as: [String: Corpus.Truth].self)
        var opened: [UInt32] = []
        for event in try Corpus.read("bridge/events.json", as: [Corpus.Event].self)
        where event.content.sessionID == spoilt.sessionID {
            let ciphertext = try #require(event.content.ciphertext)
            let index = try #require(truth[event.id]).index
            if index < 256 {
                #expect(throws: MegolmError.badMAC) { try Opened(ciphertext, key) }
            } else {
                opened.append(try Opened(ciphertext, key).index)
            }
        }
        #expect(opened.sorted() == Array(256..<320))
        let proven = key.firstKnownIndex.provenBoundary(agreeingAt: MessageIndex(319))
        #expect(proven == MessageIndex(256))
    }
}
