import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

@testable import Selection

/// What the copies of a session amount to, whatever order they come in.
@Suite struct RoomSelectionTests {
    static let roomText = "!room:example.org"

    /// One copy of a session in some key file.
    struct Copy: Sendable {
        var session: UInt64 = 1
        /// Ratchets with other numbers do not belong together.
        var ratchet: UInt64 = 1
        var index: UInt32 = 0
        var sender: UInt8? = 1
        var flag = SharedHistory.shareable

        func key(in roomID: RoomID) throws -> RoomKey {
            var seeds = FixedRandomSource(number: session)
            let signing = Ed25519.SigningKey(seed: SecretBytes(byteCount: 32, from: &seeds))
            var ratchets = FixedRandomSource(number: ratchet)
            let bytes =
                [1, 0, 0, 0, 0] + ratchets.bytes(128) + signing.publicKey.bytes.array
            let start = try ExportedSessionKey(bytes: bytes.span)
            let claims = OwnerClaims(
                senderKey: sender.flatMap { byte in
                    Bytes32([UInt8](repeating: byte, count: 32)).map(Curve25519PublicKey.init)
                }, ed25519: nil)
            return RoomKey(
                roomID: roomID, sessionKey: try start.wound(to: MessageIndex(index)),
                claims: claims, sharedHistory: flag)
        }
    }

    /// Copies, and what they must amount to in every order.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let copies: [Copy]
        /// The index of the key that goes; `nil` for a conflict.
        let index: UInt32?
        var notes: MergeNotes = []
        var flag = SharedHistory.shareable
        var ownerKnown = true
    }

    static let cases: [Case] = [
        Case(testDescription: "one copy", copies: [Copy()], index: 0),
        Case(testDescription: "the same twice", copies: [Copy(), Copy()], index: 0),
        Case(testDescription: "a lower index", copies: [Copy(index: 9), Copy(index: 2)], index: 2),
        Case(
            testDescription: "across a boundary", copies: [Copy(index: 300), Copy(index: 5)],
            index: 5),
        Case(
            testDescription: "three that agree",
            copies: [Copy(index: 9), Copy(index: 2), Copy(index: 4)], index: 2),
        Case(
            testDescription: "garbage at the same index",
            copies: [Copy(), Copy(ratchet: 2)], index: nil),
        Case(
            testDescription: "garbage at a lower index",
            copies: [Copy(index: 2), Copy(ratchet: 2)], index: nil),
        Case(
            testDescription: "garbage at a higher index",
            copies: [Copy(), Copy(ratchet: 2, index: 7)], index: nil),
        Case(
            testDescription: "two good and one bad",
            copies: [Copy(), Copy(index: 3), Copy(ratchet: 2, index: 1)], index: nil),
        Case(
            testDescription: "another owner", copies: [Copy(), Copy(sender: 2)], index: 0,
            notes: .ownerContested, ownerKnown: false),
        Case(
            testDescription: "an owner lost on the way", copies: [Copy(), Copy(sender: nil)],
            index: 0),
        Case(
            testDescription: "a flag lost on the way",
            copies: [Copy(), Copy(flag: .unstated)], index: 0),
        Case(
            testDescription: "flags that disagree",
            copies: [Copy(), Copy(flag: .notShareable)], index: 0, notes: .flagsDisagree,
            flag: .notShareable),
        Case(
            testDescription: "no flag", copies: [Copy(flag: .unstated)], index: 0, flag: .unstated),
    ]

    @Test("amounts to the same in every order", arguments: cases)
    func everyOrder(_ vector: Case) throws {
        for order in Self.orders(of: vector.copies) {
            let roomID = try RoomID(Self.roomText)
            var selection = RoomSelection(roomID: roomID)
            for (place, copy) in order.enumerated() {
                selection.add(try copy.key(in: roomID), source: place)
            }
            let merged = try selection.merged()
            #expect(merged.count == 1)
            switch try #require(merged.first) {
            case .key(let selected):
                #expect(selected.key.firstKnownIndex.value == vector.index)
                #expect(selected.notes == vector.notes)
                #expect(selected.key.sharedHistory == vector.flag)
                #expect((selected.key.claims.senderKey != nil) == vector.ownerKnown)
                #expect(selected.copyCount == order.count)
                #expect(selected.sources == Array(order.indices))
            case .conflict(let conflict):
                #expect(vector.index == nil)
                #expect(conflict.reason == .unconnectedRatchets)
                #expect(conflict.candidates.count == order.count)
            }
        }
    }

    @Test func aSessionOfTwoRoomsIsAConflict() throws {
        let roomID = try RoomID(Self.roomText)
        let key = try Copy().key(in: roomID)
        var selection = RoomSelection(roomID: roomID)
        selection.addElsewhere(key.sessionID.bytes)
        selection.add(key, source: 0)
        selection.add(try Copy(session: 2).key(in: roomID), source: 0)
        let merged = try selection.merged()
        let conflicts = merged.compactMap { session -> SessionConflict? in
            if case .conflict(let conflict) = session { conflict } else { nil }
        }
        #expect(merged.count == 2)
        #expect(conflicts.map(\.reason) == [.claimedForAnotherRoom])
        #expect(conflicts.map(\.sessionID) == [key.sessionID])
    }

    @Test func aFloodOfCopiesIsAConflict() throws {
        let roomID = try RoomID(Self.roomText)
        var selection = RoomSelection(roomID: roomID)
        for index in 0...UInt32(RoomSelection.copyLimit) {
            selection.add(try Copy(index: index).key(in: roomID), source: 0)
        }
        guard case .conflict(let conflict) = try #require(try selection.merged().first) else {
            Issue.record("it was merged")
            return
        }
        #expect(conflict.reason == .tooManyCopies(limit: RoomSelection.copyLimit))
    }

    @Test func sessionsComeInTheOrderOfTheirIds() throws {
        let roomID = try RoomID(Self.roomText)
        var selection = RoomSelection(roomID: roomID)
        for number in 1...40 {
            selection.add(try Copy(session: UInt64(number)).key(in: roomID), source: 0)
        }
        let ids = try selection.merged().map(\.sessionID)
        #expect(ids.count == 40)
        #expect(ids == ids.sorted())
    }

    private static func orders(of copies: [Copy]) -> [[Copy]] {
        guard copies.count > 1 else { return [copies] }
        return copies.indices.flatMap { first in
            var rest = copies
            let copy = rest.remove(at: first)
            return orders(of: rest).map { [copy] + $0 }
        }
    }
}
