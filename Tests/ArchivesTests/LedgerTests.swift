import Bytes
import MatrixTypes
import Secrets
import Testing

@testable import Archives

/// What was given, what was acknowledged, what was seen.
@Suite struct LedgerTests {
    static let bundle = [UInt8](repeating: 5, count: 16)
    static let signer = Bytes32([UInt8](repeating: 6, count: 32)) ?? .zero

    static func handOver(override: String? = "asked by the council") throws -> HandOver {
        HandOver(
            bundle: bundle, milliseconds: 7, roomID: try RoomID("!room:example.org"),
            recipients: [
                HandOver.Recipient(identity: [1, 2], name: "bob"),
                HandOver.Recipient(identity: [1, 1], name: "alice"),
            ], override: override)
    }

    @Test func saysWhatWasGivenToWhom() throws {
        let test = try TestArchive()
        let locked = try Archive.open(at: test.path)
        let sessions = try [3, 1, 2].map {
            HandOver.Session(sessionID: try Sample.sessionID($0), from: MessageIndex(UInt32($0)))
        }
        try locked.record(try Self.handOver(), of: sessions)
        #expect(throws: ArchiveError.seen(otherContent: false)) {
            try locked.record(try Self.handOver(), of: [])
        }
        let entry = try #require(try locked.ledger().first)
        #expect(entry.sessionCount == 3 && entry.receipts.isEmpty)
        #expect(entry.handOver.recipients.map(\.name) == ["alice", "bob"])
        #expect(entry.handOver.override == "asked by the council")
        #expect(entry.handOver.milliseconds == 7)
        let given = try locked.sessions(ofHandOver: entry.number)
        #expect(given == sessions.sorted { $0.sessionID < $1.sessionID })
        #expect(throws: ArchiveError.unknown(.handOver)) {
            _ = try locked.sessions(ofHandOver: 77)
        }
        #expect(throws: ArchiveError.badText(limit: 4_096)) {
            try test.archive.record(try Self.handOver(override: ""), of: [])
        }
    }

    @Test func keepsReceiptsOfWhatWasGiven() throws {
        let test = try TestArchive()
        let receipt = Receipt(
            bundle: Self.bundle, signer: Self.signer, receivedMilliseconds: 9, bytes: [1, 2, 3])
        #expect(throws: ArchiveError.unknown(.handOver)) {
            try test.archive.keep(receipt, at: 10)
        }
        try test.archive.record(try Self.handOver(), of: [])
        try test.archive.keep(receipt, at: 10)
        try test.archive.keep(receipt, at: 11)
        #expect(try test.archive.ledger().first?.receipts == [receipt])
    }

    @Test func remembersBundlesWithTheImportThatTookThem() throws {
        let test = try TestArchive()
        let seen = SeenBundle(bundle: Self.bundle, manifest: .zero, milliseconds: 1)
        try test.archive.checkUnseen(bundle: Self.bundle, manifest: .zero)
        let adding = try test.archive.beginImport(
            from: try TestArchive.source(1), at: 1, random: SystemRandomSource())
        try adding.add(try Sample().key())
        let account = try adding.finish(noting: seen)
        let entry = try #require(account.entry)
        // It outlives the keys.
        _ = try test.archive.undo(entry, at: 2)
        #expect(throws: ArchiveError.seen(otherContent: false)) {
            try test.archive.checkUnseen(bundle: Self.bundle, manifest: .zero)
        }
        #expect(throws: ArchiveError.seen(otherContent: true)) {
            try test.archive.checkUnseen(bundle: Self.bundle, manifest: Self.signer)
        }
        // Another bundle under the same id takes its import with it.
        let other = try test.archive.beginImport(
            from: try TestArchive.source(2), at: 3, random: SystemRandomSource())
        try other.add(try Sample(session: 2).key())
        #expect(throws: ArchiveError.seen(otherContent: true)) {
            _ = try other.finish(
                noting: SeenBundle(
                    bundle: Self.bundle, manifest: Self.signer, milliseconds: 3))
        }
        #expect(try test.records().isEmpty)
        // An import that changes nothing remembers its bundle all the same.
        try test.add([Sample()], source: 3)
        let unchanged = try test.archive.beginImport(
            from: try TestArchive.source(3), at: 4, random: SystemRandomSource())
        try unchanged.add(try Sample().key())
        let third = [UInt8](repeating: 3, count: 16)
        let nothing = try unchanged.finish(
            noting: SeenBundle(bundle: third, manifest: .zero, milliseconds: 4))
        #expect(nothing.entry == nil)
        #expect(throws: ArchiveError.seen(otherContent: false)) {
            try test.archive.checkUnseen(bundle: third, manifest: .zero)
        }
    }

    @Test func readsByRoomSourceAndIndex() throws {
        let test = try TestArchive()
        let other = "!other:example.org"
        // More than one page of a room.
        try test.add((1...600).map { Sample(session: $0) })
        try test.add(
            [Sample(session: 1), Sample(session: 700, index: 5, room: other)], source: 2)
        #expect(try test.records().count == 601)
        let ids = try test.records(SessionQuery(roomID: try RoomID("!room:example.org")))
            .map(\.sessionID)
        #expect(ids.count == 600 && ids == ids.sorted() && Set(ids).count == 600)
        #expect(try test.records(SessionQuery(source: SourceID(2))).count == 2)
        #expect(try test.records(SessionQuery(opening: .zero)).count == 600)
        let inOther = SessionQuery(roomID: try RoomID(other), opening: MessageIndex(5))
        #expect(try test.records(inOther).count == 1)
        #expect(try test.records(SessionQuery(roomID: try RoomID("!none:x"))).isEmpty)
        let rooms = try test.archive.rooms()
        #expect(rooms.map(\.roomID.text) == [other, "!room:example.org"])
        #expect(rooms.map(\.sessionCount) == [1, 600])
        let source = try #require(
            try test.archive.source(withDigest: try TestArchive.source(2).digest))
        #expect(source.id == SourceID(2) && source.source.name == "keys.txt")
    }
}
