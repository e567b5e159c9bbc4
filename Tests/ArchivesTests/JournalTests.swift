import MatrixTypes
import Megolm
import Secrets
import Testing

@testable import Archives

/// What can be taken back, and what that leaves.
@Suite struct JournalTests {
    @Test func poi28UndoingKeepsWhatALaterSourceImproved() throws {
        let test = try TestArchive()
        try test.add([Sample(index: 10), Sample(session: 2)])
        try test.add([Sample(index: 4)], source: 2)
        let entry = try test.archive.undo(EntryID(1), at: 9)
        #expect(entry.kind == .undone && entry.target == EntryID(1) && entry.affectedCount == 2)
        #expect(try test.session()?.key.firstKnownIndex.value == 4)
        #expect(try test.session()?.copies.count == 1)
        #expect(try test.records().count == 1)
        #expect(try test.archive.verify().isClean)
    }

    @Test func undoingAnImprovementReturnsToWhatWasHeld() throws {
        let test = try TestArchive()
        try test.add([Sample(index: 10)])
        try test.add([Sample(index: 4)], source: 2)
        _ = try test.archive.undo(EntryID(2), at: 9)
        #expect(try test.session()?.key.firstKnownIndex.value == 10)
    }

    @Test func undoingASourceKeepsWhatAnotherSaysToo() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        try test.add([Sample(sender: 2)], source: 2)
        _ = try test.archive.undo(EntryID(1), at: 9)
        let session = try #require(try test.session())
        #expect(session.sources.map(\.value) == [2])
        #expect(session.notes == [])
    }

    @Test func anUndoneFileCanBeAddedAgain() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        _ = try test.archive.undo(EntryID(1), at: 9)
        #expect(try test.add([Sample()]).counts == ImportCounts(new: 1))
        #expect(try test.archive.sources().count == 1)
    }

    @Test func undoesOnceAndNeverAnUndoing() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        _ = try test.archive.undo(EntryID(1), at: 9)
        #expect(throws: ArchiveError.alreadyUndone) {
            _ = try test.archive.undo(EntryID(1), at: 9)
        }
        #expect(throws: ArchiveError.irreversible) {
            _ = try test.archive.undo(EntryID(2), at: 9)
        }
        #expect(throws: ArchiveError.unknown(.journalEntry)) {
            _ = try test.archive.undo(EntryID(7), at: 9)
        }
        let journal = try test.archive.journal()
        #expect(journal.map(\.kind) == [.imported, .undone])
        #expect(journal[0].undoneBy == EntryID(2) && !journal[0].isReversible)
        #expect(journal[0].counts == ImportCounts(new: 1))
    }

    @Test func aPruneIsListedThenHiddenThenFinal() throws {
        let test = try TestArchive()
        let other = "!other:example.org"
        try test.add([Sample(), Sample(session: 2), Sample(session: 3, room: other)])
        let plan = try test.archive.plan(.room(try RoomID("!room:example.org")))
        #expect(plan.sessionCount == 2 && plan.copyCount == 2 && plan.rooms.count == 1)
        #expect(try test.records().count == 3)
        let entry = try #require(
            try test.archive.apply(plan, at: 5, random: SystemRandomSource()))
        #expect(try test.records().count == 1)
        #expect(try test.archive.rooms().map(\.sessionCount) == [1])
        _ = try test.archive.undo(entry, at: 6)
        #expect(try test.records().count == 3)

        let again = try test.archive.plan(.room(try RoomID("!room:example.org")))
        let second = try #require(
            try test.archive.apply(again, at: 7, random: SystemRandomSource()))
        #expect(try test.archive.confirm(second, at: 8) == 2)
        #expect(throws: ArchiveError.irreversible) {
            _ = try test.archive.undo(second, at: 9)
        }
        #expect(throws: ArchiveError.irreversible) {
            _ = try test.archive.confirm(second, at: 9)
        }
        let report = try test.archive.verify()
        #expect(report.isClean && report.copyCount == 1)
    }

    @Test func aPrunedKeyCanComeBackFromItsFile() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let plan = try test.archive.plan(.room(try RoomID("!room:example.org")))
        let entry = try #require(
            try test.archive.apply(plan, at: 5, random: SystemRandomSource()))
        #expect(try test.add([Sample()]).counts == ImportCounts(new: 1))
        _ = try test.archive.undo(entry, at: 6)
        #expect(try test.session()?.standing == .vouched)
        #expect(try test.archive.verify().isClean)
    }

    @Test func aStalePlanIsRefused() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let plan = try test.archive.plan(.room(try RoomID("!room:example.org")))
        try test.add([Sample(session: 2)], source: 2)
        #expect(throws: ArchiveError.stalePlan) {
            _ = try test.archive.apply(plan, at: 5, random: SystemRandomSource())
        }
    }

    @Test func prunesByAgeAndBySession() throws {
        let test = try TestArchive()
        try test.add([Sample(), Sample(session: 2)], at: 1_000)
        try test.add([Sample(session: 2), Sample(session: 3)], source: 2, at: 2_000)
        let old = try test.archive.plan(.addedBefore(milliseconds: 2_000, nil))
        #expect(old.sessionCount == 1)
        let all = try test.archive.plan(
            .addedBefore(milliseconds: 2_001, try RoomID("!room:example.org")))
        #expect(all.sessionCount == 3)
        let two = try test.archive.plan(
            .sessions(
                try RoomID("!room:example.org"),
                [try Sample.sessionID(2), try Sample.sessionID(3), try Sample.sessionID(4)]))
        #expect(two.sessionCount == 2)
        let none = try test.archive.plan(.room(try RoomID("!none:example.org")))
        #expect(none.copyCount == 0)
        let entry = try test.archive.apply(none, at: 5, random: SystemRandomSource())
        #expect(entry == nil)
    }

    @Test func windingForwardKeepsWhatWasSaidAndCanBeUndone() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        try test.add([Sample(index: 4)], source: 2)
        _ = try test.prove(Sample(), .opened(at: MessageIndex(2)))
        let rule = PruneRule.windForward(
            try RoomID("!room:example.org"), [try Sample.sessionID(): MessageIndex(20)])
        let plan = try test.archive.plan(rule)
        #expect(plan.copyCount == 2)
        let entry = try #require(
            try test.archive.apply(plan, at: 5, random: SystemRandomSource()))
        let session = try #require(try test.session())
        #expect(session.key.sessionKey.isIdentical(to: try Sample(index: 20).key().sessionKey))
        #expect(session.standing == .proven && session.copies.count == 1)
        #expect(session.sources.map(\.value) == [1, 2])
        #expect(try test.archive.verify().isClean)
        _ = try test.archive.undo(entry, at: 6)
        let back = try #require(try test.session())
        #expect(back.key.firstKnownIndex == .zero && back.copies.count == 2)

        let final = try #require(
            try test.archive.apply(
                try test.archive.plan(rule), at: 7, random: SystemRandomSource()))
        _ = try test.archive.confirm(final, at: 8)
        #expect(try test.session()?.key.firstKnownIndex.value == 20)
        #expect(try test.archive.verify().isClean)
    }

    @Test func undoingAnImportTakesWhatWasWoundFromIt() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let plan = try test.archive.plan(
            .windForward(
                try RoomID("!room:example.org"), [try Sample.sessionID(): MessageIndex(20)]))
        _ = try test.archive.apply(plan, at: 5, random: SystemRandomSource())
        _ = try test.archive.undo(EntryID(1), at: 6)
        #expect(try test.records().isEmpty)
        let report = try test.archive.verify()
        #expect(report.isClean && report.openedCount == 0)
    }
}
