import Bytes
import MatrixTypes
import Megolm
import Secrets
import Selection
import TestSupport
import Testing

@testable import Heirloom

/// Keys put away and taken out again: whole, in order, merged.
@Suite struct KeySpoolTests {
    /// A home whose keys are put away there.
    struct Scene {
        let folder: TemporaryFolder
        let home: Home
        var random = SystemRandomSource()

        init() throws {
            folder = try TemporaryFolder()
            home = Home(environment: ["HEIRLOOM_HOME": folder.path("home")])
        }

        mutating func spool(_ keys: [RoomKey]) throws -> KeySpool {
            let spool = try home.keySpool(random: &random)
            for key in keys { spool.add(key) }
            return spool
        }
    }

    static func key(
        _ seed: UInt8, room: String = "!a:example.org", at index: UInt32 = 0,
        text: String? = nil, flag: SharedHistory = .shareable
    ) throws -> RoomKey {
        let text = text ?? MegolmSender(seed: seed).exported
        let bytes = try #require(Bytes32([UInt8](repeating: seed, count: 32)))
        return RoomKey(
            roomID: try RoomID(room),
            sessionKey: try ExportedSessionKey(base64: Array(text.utf8).span)
                .wound(to: MessageIndex(index)),
            claims: OwnerClaims(
                senderKey: seed % 2 == 0 ? nil : Curve25519PublicKey(bytes: bytes),
                ed25519: seed % 3 == 0 ? nil : Ed25519PublicKey(bytes: bytes)),
            sharedHistory: flag)
    }

    @Test func givesBackWhatItWasGiven() throws {
        var scene = try Scene()
        let flags: [SharedHistory] = [.shareable, .notShareable, .unstated]
        let longest = "!" + String(repeating: "é", count: 127)
        var keys: [RoomKey] = []
        for seed in 1...30 {
            let room = seed % 4 == 0 ? longest : "!\(seed % 4):example.org"
            keys.append(
                try Self.key(UInt8(seed), room: room, at: UInt32(seed), flag: flags[seed % 3]))
        }
        let spool = try scene.spool(keys)
        var found: [RoomKey] = []
        try spool.drain { session throws(HeirloomError) in
            if case .key(let selected) = session { found.append(selected.key) }
        }
        #expect(found.count == keys.count)
        for key in keys {
            let place = found.firstIndex {
                $0.roomID == key.roomID && $0.sessionID == key.sessionID
            }
            let same = found[try #require(place)]
            #expect(same.sessionKey.isIdentical(to: key.sessionKey))
            #expect(same.claims == key.claims)
            #expect(same.sharedHistory == key.sharedHistory)
            #expect(same.firstKnownIndex == key.firstKnownIndex)
        }
        // Room by room, and in each by session.
        var rooms: [RoomID] = []
        for key in found where rooms.last != key.roomID { rooms.append(key.roomID) }
        #expect(rooms.count == Set(rooms).count)
        for room in rooms {
            let sessions = found.filter { $0.roomID == room }.map(\.sessionID)
            #expect(sessions == sessions.sorted())
        }
        #expect(spool.isEmpty)
    }

    @Test func mergesCopiesAndKeepsWhatContradicts() throws {
        var scene = try Scene()
        let sender = MegolmSender(seed: 7)
        let spoilt = MegolmSender(seed: 8)
        let spool = try scene.spool([
            Self.key(7, at: 5), Self.key(8), Self.key(7, text: sender.exported),
            Self.key(8, text: spoilt.spoilt(part: 2)), Self.key(7, room: "!b:example.org"),
        ])
        var copies: [Int] = []
        var conflicts: [SessionID] = []
        try spool.drain { session throws(HeirloomError) in
            switch session {
            case .key(let selected):
                copies.append(selected.copyCount)
                #expect(selected.key.firstKnownIndex == .zero)
            case .conflict(let conflict):
                conflicts.append(conflict.sessionID)
                #expect(conflict.candidates.count == 2)
            }
        }
        #expect(copies.sorted() == [1, 2])
        #expect(conflicts == [try Self.key(8).sessionID])
    }

    /// Nothing that lies on the disk is a key: not its ratchet, nor its room.
    @Test func whatLiesOnTheDiskIsSealed() throws {
        var random = SystemRandomSource()
        var seal = KeyRecordSeal(random: &random)
        let key = try Self.key(5)
        let sealed = seal.seal(key, at: 0)
        #expect(seal.open(sealed, at: 0)?.sessionID == key.sessionID)
        #expect(seal.open(sealed, at: 1) == nil)
        for place in sealed.indices {
            var other = sealed
            other[place] ^= 1
            #expect(seal.open(other, at: 0) == nil)
        }
        #expect(seal.open(Array(sealed.dropLast()), at: 0) == nil)
        #expect(seal.open([], at: 0) == nil)
        var another = KeyRecordSeal(random: &random)
        #expect(another.open(sealed, at: 0) == nil)
        let ratchet = [UInt8](key.sessionKey.bytes)[5..<37]
        #expect(!sealed.indices.dropLast(32).contains { sealed[$0..<$0 + 32] == ratchet })
    }
}
