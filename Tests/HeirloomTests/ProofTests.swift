import Bytes
import MatrixTypes
import Megolm
import RoomTimelines
import Selection
import TestSupport
import Testing

@testable import Heirloom

/// What real messages say of keys: the poisoning cases of the threat model, each with sessions that
/// libolm made.
@Suite struct ProofTests {
    static let device = "bZFrh669vmusHiEcC+Wb5IgRH98zRrT+fKyiQPMF90s"
    static let otherDevice = "vmHBADh7t69bKcj6XJhWrUnPv0UsZXh18N0hrpehyhE"

    /// A room with one session's messages, and a second sender's.
    struct Scene {
        var room = ScriptedRoom()
        let alice = MegolmSender(seed: 30)
        let bob = MegolmSender(seed: 31)

        func prover() throws -> Prover {
            var builder = TimelineBuilder(roomID: try RoomID(room.id))
            _ = try builder.read(MemorySource(Array(room.lines.utf8)), layout: .lines)
            return Prover(try builder.timeline())
        }

        func key(
            _ text: String? = nil, owner: String? = nil, at index: UInt32 = 0
        ) throws -> RoomKey {
            let start = try ExportedSessionKey(base64: Array((text ?? alice.exported).utf8).span)
            let bytes = owner.flatMap { UnpaddedBase64.decode32($0) }
            return RoomKey(
                roomID: try RoomID(room.id),
                sessionKey: try start.wound(to: max(MessageIndex(index), start.firstKnownIndex)),
                claims: OwnerClaims(
                    senderKey: bytes.map(Curve25519PublicKey.init), ed25519: nil),
                sharedHistory: .shareable)
        }
    }

    @Test func withoutMessagesAKeyIsVouchedFor() throws {
        let scene = Scene()
        #expect(try scene.prover().prove(scene.key()) == .vouched)
        #expect(Prover(nil).prove(try scene.key()) == .vouched)
    }

    @Test func aMessageProvesAKeyFromItsFirstIndex() throws {
        var scene = Scene()
        scene.alice.skip(to: 5)
        scene.room.message(scene.alice)
        #expect(
            try scene.prover().prove(scene.key())
                == .proven(from: .zero, isContradictedBelow: false))
    }

    @Test("A ratchet with a wrong bit opens nothing", arguments: 0..<4)
    func spoilt(part: Int) throws {
        var scene = Scene()
        scene.room.message(scene.alice)
        scene.room.message(scene.alice)
        let key = try scene.key(scene.alice.spoilt(part: part))
        #expect(try scene.prover().prove(key) == .contradicted(.opensNothing))
    }

    @Test func aFalseLabelIsProvenOnlyBehindTheBorder() throws {
        var scene = Scene()
        scene.alice.skip(to: 300)
        scene.room.message(scene.alice)
        let key = try scene.key(scene.alice.mislabelled(index: 5))
        #expect(
            try scene.prover().prove(key)
                == .proven(from: MessageIndex(256), isContradictedBelow: false))
    }

    @Test func aPartlyFalseKeyIsProvenWhereItIsTrue() throws {
        var scene = Scene()
        scene.room.message(scene.alice)
        scene.alice.skip(to: 300)
        scene.room.message(scene.alice)
        let key = try scene.key(scene.alice.spoilt(part: 3))
        #expect(
            try scene.prover().prove(key)
                == .proven(from: MessageIndex(256), isContradictedBelow: true))
    }

    @Test func messagesOfTwoPeopleUnderOneSessionConflict() throws {
        var scene = Scene()
        scene.room.message(scene.alice, by: "@a:x")
        scene.room.message(scene.alice, by: "@m:x")
        let users = [try UserID("@a:x"), try UserID("@m:x")]
        #expect(
            try scene.prover().prove(scene.key()) == .contradicted(.severalSenders(users)))
    }

    @Test func anOwnerThatItsMessagesDoNotNameConflicts() throws {
        var scene = Scene()
        scene.room.message(scene.alice, senderKey: Self.device)
        #expect(
            try scene.prover().prove(scene.key(owner: Self.otherDevice))
                == .contradicted(.otherOwner))
        #expect(
            try scene.prover().prove(scene.key(owner: Self.device))
                == .proven(from: .zero, isContradictedBelow: false))
        // Unknown is no contradiction.
        #expect(
            try scene.prover().prove(scene.key())
                == .proven(from: .zero, isContradictedBelow: false))
    }

    @Test func anOwnerKnownToBeSomebodyElseConflicts() throws {
        var scene = Scene()
        scene.room.message(scene.bob, by: "@b:x", senderKey: Self.otherDevice)
        // Newer clients do not name the device.
        scene.room.message(scene.alice, by: "@a:x")
        #expect(
            try scene.prover().prove(scene.key(owner: Self.otherDevice))
                == .contradicted(.otherOwner))
    }

    @Test func aMessageOfAnotherRoomInsideConflicts() throws {
        var scene = Scene()
        scene.room.message(scene.alice, room: "!other:example.org")
        #expect(try scene.prover().prove(scene.key()) == .contradicted(.namesOtherRoom))
    }

    @Test func oneIndexForTwoMessagesConflicts() throws {
        var scene = Scene()
        scene.room.message(scene.alice)
        let twin = MegolmSender(seed: 30)
        let second = scene.room.message(twin, unsigned: "")
        // The same text gives the same message; another text another one.
        #expect(try scene.prover().prove(scene.key()) != .vouched)
        let third = scene.room.ciphertext(
            MegolmSender(seed: 30).encrypt("{} other"), session: scene.alice.sessionID)
        #expect(second != third)
        #expect(
            try scene.prover().prove(scene.key())
                == .contradicted(.reusedIndex([try EventID(third)])))
    }

    @Test("Of two copies that contradict each other a message decides", arguments: [true, false])
    func falseCopyFirst(_ falseFirst: Bool) throws {
        var scene = Scene()
        scene.room.message(scene.alice)
        let right = try scene.key()
        let wrong = try scene.key(scene.alice.spoilt(part: 2))
        var selection = RoomSelection(roomID: right.roomID)
        for key in falseFirst ? [wrong, right] : [right, wrong] { selection.add(key, source: 0) }
        guard case .conflict(let conflict) = try selection.merged().first else {
            Issue.record("two ratchets under one id are a conflict")
            return
        }
        let decided = try #require(try scene.prover().decide(conflict))
        #expect(decided.key.key.sessionKey.isIdentical(to: right.sessionKey))
        #expect(decided.key.notes.contains(.decidedByMessage))
        #expect(Prover(nil).decide(conflict) == nil)
    }

    @Test func wherenothingDecidesTheConflictStays() throws {
        var scene = Scene()
        scene.room.message(scene.bob)
        var selection = RoomSelection(roomID: try RoomID(scene.room.id))
        selection.add(try scene.key(), source: 0)
        selection.add(try scene.key(scene.alice.spoilt(part: 1)), source: 1)
        guard case .conflict(let conflict) = try selection.merged().first else {
            Issue.record("two ratchets under one id are a conflict")
            return
        }
        #expect(try scene.prover().decide(conflict) == nil)
    }
}
