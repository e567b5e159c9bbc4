import MatrixTypes
import Megolm
import Testing

@testable import Archives

/// What real events make of the copies.
@Suite struct ProofTests {
    @Test func poi02AnEventProvesFromTheFirstIndex() throws {
        let test = try TestArchive()
        try test.add([Sample(isQuarantined: true)])
        #expect(try test.prove(Sample(), .opened(at: MessageIndex(5))) != nil)
        let session = try #require(try test.session())
        #expect(session.standing == .proven && session.key.firstKnownIndex == .zero)
        // Said again, or said of a later index, it is nothing new.
        #expect(try test.prove(Sample(), .opened(at: MessageIndex(7))) == nil)
    }

    @Test func poi04TheTrueKeyWinsWhoeverCameFirst() throws {
        let test = try TestArchive()
        try test.add([Sample(ratchet: 2)])
        try test.add([Sample(index: 3)], source: 2)
        #expect(try test.session()?.standing == .contested)
        _ = try test.prove(Sample(index: 3), .opened(at: MessageIndex(4)))
        let session = try #require(try test.session())
        #expect(session.standing == .proven && session.key.firstKnownIndex.value == 3)
        #expect(session.copies.map(\.relation) == [.contradicts, .agrees])
    }

    @Test func poi08TheTrueLowIndexAfterASpoiltOne() throws {
        let test = try TestArchive()
        try test.add([Sample(index: 256)])
        try test.add([Sample(altered: [3])], source: 2)
        try test.add([Sample()], source: 3)
        #expect(try test.session()?.key.firstKnownIndex.value == 256)
        _ = try test.prove(Sample(), .opened(at: MessageIndex(3)))
        let session = try #require(try test.session())
        #expect(session.key.sessionKey.isIdentical(to: try Sample().key().sessionKey))
        #expect(session.copies.map(\.relation) == [.agrees, .contradicts, .agrees])
    }

    @Test func poi12AWrongIndexLabelCountsFromTheBorderOn() throws {
        let test = try TestArchive()
        try test.add([Sample(altered: [3], isQuarantined: true)])
        _ = try test.prove(Sample(altered: [3]), .opened(at: MessageIndex(300)))
        let session = try #require(try test.session())
        #expect(session.standing == .proven && session.key.firstKnownIndex.value == 256)
        #expect(session.copies[0].relation == .awaitsProof)
        // That it fails below the border does not refute it above.
        _ = try test.prove(Sample(altered: [3]), .failed)
        #expect(try test.session()?.key.firstKnownIndex.value == 256)
    }

    @Test func aRefutedCopyIsNotUsed() throws {
        let test = try TestArchive()
        try test.add([Sample(ratchet: 2)])
        try test.add([Sample()], source: 2)
        _ = try test.prove(Sample(ratchet: 2), .failed)
        let session = try #require(try test.session())
        #expect(session.standing == .vouched)
        #expect(session.key.sessionKey.isIdentical(to: try Sample().key().sessionKey))
        _ = try test.prove(Sample(), .failed)
        let isHeld = try test.session() != nil
        #expect(!isHeld)
    }

    @Test func proofsCanBeTakenBack() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let entry = try #require(try test.prove(Sample(), .opened(at: .zero)))
        #expect(try test.session()?.standing == .proven)
        _ = try test.archive.undo(entry, at: 9)
        #expect(try test.session()?.standing == .vouched)
    }

    @Test func whatIsNotHeldCannotBeProven() throws {
        let test = try TestArchive()
        try test.add([Sample(index: 4)])
        #expect(throws: ArchiveError.unknown(.candidate)) {
            _ = try test.prove(Sample(index: 4), .opened(at: MessageIndex(3)))
        }
        let proof = CopyProof(
            roomID: try RoomID("!other:x"), sessionID: try Sample.sessionID(),
            copy: CopyID(value: 1), verdict: .failed)
        #expect(throws: ArchiveError.unknown(.candidate)) {
            _ = try test.archive.record([proof], at: 1)
        }
        #expect(try test.archive.journal().count == 1)
    }
}
