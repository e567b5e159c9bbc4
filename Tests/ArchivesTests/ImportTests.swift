import MatrixTypes
import Megolm
import Secrets
import Testing

@testable import Archives

/// What becomes of keys that are added, and what is then used.
@Suite struct ImportTests {
    /// Imports one after another, the last one's counts, and what the session then is.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let imports: [[Sample]]
        let counts: ImportCounts
        /// From which index the session is used; `nil` where it is not held.
        let index: UInt32?
        var standing = Standing.vouched
        var copyCount = 1
    }

    static let held = [Sample(index: 10)]

    static let cases: [Case] = [
        Case(
            testDescription: "a first copy", imports: [[Sample()]], counts: ImportCounts(new: 1),
            index: 0),
        Case(
            testDescription: "a first copy to be proven",
            imports: [[Sample(isQuarantined: true)]], counts: ImportCounts(quarantined: 1),
            index: 0, standing: .quarantined),
        Case(
            testDescription: "the same from another source", imports: [[Sample()], [Sample()]],
            counts: ImportCounts(same: 1), index: 0),
        Case(
            testDescription: "quarantined, then vouched for",
            imports: [[Sample(isQuarantined: true)], [Sample()]],
            counts: ImportCounts(improved: 1), index: 0),
        Case(
            testDescription: "vouched for, then quarantined",
            imports: [[Sample()], [Sample(isQuarantined: true)]],
            counts: ImportCounts(same: 1), index: 0),
        Case(
            testDescription: "poi-05: a higher index", imports: [[Sample()], held],
            counts: ImportCounts(worse: 1), index: 0, copyCount: 2),
        Case(
            testDescription: "poi-06: a lower index in the same block",
            imports: [held, [Sample()]],
            counts: ImportCounts(improved: 1), index: 0, copyCount: 2),
        Case(
            testDescription: "poi-07: a spoilt lower index that connects",
            imports: [[Sample(index: 256)], [Sample(altered: [3])]],
            counts: ImportCounts(quarantined: 1), index: 256, copyCount: 2),
        Case(
            testDescription: "poi-09: the same further up",
            imports: [[Sample(index: 65_536)], [Sample(altered: [2])]],
            counts: ImportCounts(quarantined: 1), index: 65_536, copyCount: 2),
        Case(
            testDescription: "poi-11: a genuine lower index to 255",
            imports: [[Sample(index: 255)], [Sample()]], counts: ImportCounts(improved: 1),
            index: 0, copyCount: 2),
        Case(
            testDescription: "poi-11: a genuine lower index to 257",
            imports: [[Sample(index: 257)], [Sample()]], counts: ImportCounts(improved: 1),
            index: 256, copyCount: 2),
        Case(
            testDescription: "poi-13: another ratchet", imports: [held, [Sample(ratchet: 2)]],
            counts: ImportCounts(conflicting: 1), index: 10, standing: .contested, copyCount: 2),
        Case(
            testDescription: "another ratchet, to be proven",
            imports: [held, [Sample(ratchet: 2, isQuarantined: true)]],
            counts: ImportCounts(conflicting: 1), index: 10, copyCount: 2),
        Case(
            testDescription: "a lower index, to be proven",
            imports: [held, [Sample(isQuarantined: true)]],
            counts: ImportCounts(quarantined: 1), index: 10, copyCount: 2),
        Case(
            testDescription: "a spoilt ratchet at the same index",
            imports: [[Sample()], [Sample(altered: [0])]],
            counts: ImportCounts(conflicting: 1), index: 0, standing: .contested, copyCount: 2),
        Case(
            testDescription: "copies in one file, highest first",
            imports: [[Sample(index: 300), Sample(index: 20), Sample(index: 5)]],
            counts: ImportCounts(new: 1, worse: 2), index: 5, copyCount: 3),
        Case(
            testDescription: "the same copy twice in one file", imports: [[Sample(), Sample()]],
            counts: ImportCounts(new: 1, same: 1), index: 0),
    ]

    @Test("adds up to the account", arguments: cases)
    func addsUpToTheAccount(_ sample: Case) throws {
        let test = try TestArchive()
        var account: ImportAccount?
        for (number, copies) in sample.imports.enumerated() {
            account = try test.add(copies, source: UInt8(number + 1))
        }
        #expect(account?.counts == sample.counts)
        let session = try test.session()
        #expect(session?.key.firstKnownIndex.value == sample.index)
        #expect(session?.standing == sample.standing)
        #expect(session?.copies.count == sample.copyCount)
        let report = try test.archive.verify()
        #expect(report.isClean && report.openedCount == sample.copyCount)
    }

    @Test func usesTheVeryRatchetThatWasAdded() throws {
        let test = try TestArchive()
        try test.add([Sample(index: 257)])
        try test.add([Sample()], source: 2)
        let expected = try Sample(index: 256).key()
        let session = try #require(try test.session())
        #expect(session.key.sessionKey.isIdentical(to: expected.sessionKey))
        #expect(session.key.claims == expected.claims)
        #expect(session.key.sharedHistory == .shareable)
        #expect(session.copies.map(\.relation) == [.agrees, .awaitsProof])
    }

    @Test func theSameFileTwiceChangesNothing() throws {
        let test = try TestArchive()
        let samples = (1...40).map { Sample(session: $0, index: UInt32($0)) }
        #expect(try test.add(samples).entry != nil)
        let before = try test.bytes()
        let again = try test.add(samples, at: 5_000)
        #expect(again.entry == nil)
        #expect(again.counts == ImportCounts(same: 40))
        #expect(try test.bytes() == before)
        #expect(try test.archive.journal().count == 1)
        #expect(try test.archive.sources().count == 1)
    }

    @Test func aSessionOfTwoRoomsIsUsedForTheFirst() throws {
        let test = try TestArchive()
        let other = "!other:example.org"
        try test.add([Sample()])
        let account = try test.add([Sample(room: other)], source: 2)
        #expect(account.counts == ImportCounts(conflicting: 1))
        #expect(try test.session(room: "!room:example.org")?.standing == .vouched)
        #expect(try test.session(room: other)?.standing == .contested)
        // An event decides, whichever came first.
        _ = try test.prove(Sample(room: other), .opened(at: .zero))
        #expect(try test.session(room: "!room:example.org")?.standing == .contested)
        #expect(try test.session(room: other)?.standing == .proven)
    }

    @Test func keepsNoMoreCopiesThanItCompares() throws {
        let test = try TestArchive()
        let copies = (0..<40).map { Sample(ratchet: UInt64($0) + 1) }
        let account = try test.add(copies)
        #expect(account.counts == ImportCounts(new: 1, conflicting: 39))
        #expect(account.droppedCount == 8)
        #expect(try test.session()?.copies.count == 32)
    }

    @Test func whatSourcesClaimIsKeptApartAndWeighedAtReading() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        try test.add([Sample(sender: 2, flag: .notShareable)], source: 2)
        try test.add([Sample(sender: nil, flag: .unstated)], source: 3)
        let session = try #require(try test.session())
        #expect(session.notes == [.ownerContested, .flagsDisagree])
        #expect(session.key.claims == .unknown)
        #expect(session.key.sharedHistory == .notShareable)
        #expect(session.sources.map(\.value) == [1, 2, 3])
        #expect(session.copies[0].copy.claims.count == 3)
        _ = try test.archive.undo(EntryID(2), at: 9)
        let left = try #require(try test.session())
        #expect(left.notes == [])
        #expect(left.key.claims == (try Sample().key().claims))
        #expect(left.key.sharedHistory == .shareable)
    }

    @Test func quarantinedSourcesHaveNoSayBesideBelievedOnes() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        try test.add([Sample(sender: 9, flag: .notShareable, isQuarantined: true)], source: 2)
        let session = try #require(try test.session())
        #expect(session.notes == [] && session.key.sharedHistory == .shareable)
    }

    @Test func cancellingLeavesNothing() throws {
        let test = try TestArchive()
        let before = try test.bytes()
        let adding = try test.archive.beginImport(
            from: try TestArchive.source(1), at: 1, random: SystemRandomSource())
        try adding.add(try Sample().key())
        adding.cancel()
        #expect(throws: ArchiveError.finished) { try adding.add(try Sample().key()) }
        #expect(throws: ArchiveError.finished) { _ = try adding.finish() }
        #expect(try test.bytes() == before)
    }

    @Test func lettingGoLeavesNothing() throws {
        let test = try TestArchive()
        do {
            let adding = try test.archive.beginImport(
                from: try TestArchive.source(1), at: 1, random: SystemRandomSource())
            try adding.add(try Sample().key())
        }
        #expect(try test.add([Sample()]).counts == ImportCounts(new: 1))
    }
}
