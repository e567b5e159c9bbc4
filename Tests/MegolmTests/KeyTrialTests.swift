import Bytes
import MatrixTypes
import Megolm
import TestSupport
import Testing

/// What real messages, and a key already held, say of a key that arrives.
@Suite struct KeyTrialTests {
    static let room = "!room:example.org"

    /// Messages of one real session at the indices named, and keys of it true and false.
    struct Session {
        let sender: MegolmSender
        var messages: [MegolmMessage] = []

        init(at indices: [UInt32], room: String = KeyTrialTests.room) throws {
            sender = MegolmSender(seed: 77)
            for index in indices {
                sender.skip(to: index)
                let text = #"{"type":"m.room.message","content":{},"room_id":"\#(room)"}"#
                messages.append(try MegolmMessage(ciphertext: sender.encrypt(text)))
            }
        }

        func key(_ text: String) throws -> RoomKey {
            try roomKey(try ExportedSessionKey(text), room: KeyTrialTests.room)
        }
    }

    @Test("A true key is proven from its first index", arguments: [UInt32(0), 5, 255, 300])
    func trueKey(at index: UInt32) throws {
        let session = try Session(at: [index])
        let trial = KeyTrial(of: try session.key(session.sender.exported), on: session.messages)
        #expect(trial.opened == [MessageIndex(index)])
        #expect(trial.provenFrom == MessageIndex(index < 256 ? 0 : 256))
        #expect(!trial.isContradicted)
    }

    @Test("One wrong bit opens nothing in its block", arguments: 0..<4)
    func spoilt(part: Int) throws {
        let session = try Session(at: [3, 9])
        let trial = KeyTrial(
            of: try session.key(session.sender.spoilt(part: part)), on: session.messages)
        #expect(trial.opened.isEmpty)
        #expect(trial.failed.map(\.value) == [3, 9])
        #expect(trial.isContradicted)
    }

    @Test func aFalseLabelIsProvenOnlyBehindTheBorder() throws {
        let session = try Session(at: [300])
        let key = try session.key(session.sender.mislabelled(index: 5))
        #expect(KeyTrial(of: key, on: session.messages).provenFrom == MessageIndex(256))
    }

    @Test func aSpoiltFastPartHealsBehindTheBorderAndIsToldOf() throws {
        let session = try Session(at: [3, 300])
        let key = try session.key(session.sender.spoilt(part: 3))
        let trial = KeyTrial(of: key, on: session.messages)
        #expect(trial.failed == [MessageIndex(3)])
        #expect(trial.provenFrom == MessageIndex(256))
        #expect(trial.isContradicted)
    }

    @Test func aMessageOfAnotherRoomSaysSo() throws {
        let session = try Session(at: [0], room: "!other:example.org")
        let trial = KeyTrial(of: try session.key(session.sender.exported), on: session.messages)
        #expect(trial.namesOtherRoom)
        #expect(trial.provenFrom == nil)
    }

    @Test func whatAnotherSessionSignedSaysNothing() throws {
        let session = try Session(at: [0])
        let other = MegolmSender(seed: 78)
        let trial = KeyTrial(of: try session.key(other.exported), on: session.messages)
        #expect(trial.opened.isEmpty && trial.failed.isEmpty && !trial.isContradicted)
    }

    @Test func messagesBeforeTheFirstIndexSayNothing() throws {
        let session = try Session(at: [0, 4])
        let late = try ExportedSessionKey(session.sender.exported).wound(toIndex: 9)
        let trial = KeyTrial(of: try roomKey(late, room: Self.room), on: session.messages)
        #expect(trial.opened.isEmpty && trial.failed.isEmpty)
    }

    struct Merge: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let held: UInt32
        let candidate: UInt32
        /// The part of the ratchet that is wrong at the candidate's index.
        var spoilt: Int?
        var provenFrom: UInt32?
        let expected: KeyMerge
    }

    static let merges: [Merge] = [
        Merge(testDescription: "the same", held: 5, candidate: 5, expected: .same),
        Merge(testDescription: "later", held: 0, candidate: 10, expected: .worse),
        Merge(
            testDescription: "earlier in the block", held: 10, candidate: 0,
            expected: .improved(from: .zero)),
        Merge(
            testDescription: "R3 wrong, held from 256", held: 256, candidate: 0, spoilt: 3,
            expected: .unproven),
        Merge(
            testDescription: "genuine, held from 256: not proven either", held: 256, candidate: 0,
            expected: .unproven),
        Merge(
            testDescription: "genuine, held from 256, a message at 3 opens", held: 256,
            candidate: 0, provenFrom: 0, expected: .improved(from: .zero)),
        Merge(
            testDescription: "genuine, held from 255", held: 255, candidate: 0,
            expected: .improved(from: .zero)),
        Merge(
            testDescription: "genuine, held from 257", held: 257, candidate: 0,
            expected: .improved(from: MessageIndex(256))),
        Merge(
            testDescription: "R2 wrong, held from 65,536", held: 65_536, candidate: 0, spoilt: 2,
            expected: .unproven),
        Merge(
            testDescription: "R1 wrong, held from 2²⁴", held: 1 << 24, candidate: 0, spoilt: 1,
            expected: .unproven),
        Merge(
            testDescription: "R3 wrong in the block", held: 9, candidate: 0, spoilt: 3,
            expected: .conflict),
        Merge(
            testDescription: "R0 wrong, held from 2²⁴", held: 1 << 24, candidate: 0, spoilt: 0,
            expected: .conflict),
        Merge(
            testDescription: "not connected at one index", held: 5, candidate: 5, spoilt: 2,
            expected: .conflict),
    ]

    @Test("A held key and one that arrives", arguments: merges)
    func merge(_ merge: Merge) throws {
        let start = try ExportedSessionKey(MegolmSender(seed: 79).exported)
        let held = try start.wound(toIndex: merge.held)
        var candidate = try start.wound(toIndex: merge.candidate)
        if let part = merge.spoilt { candidate = try candidate.altered(parts: [part]) }
        #expect(
            try KeyMerge(
                candidate, provenFrom: merge.provenFrom.map(MessageIndex.init), into: held)
                == merge.expected)
    }
}
