import Bytes
import Foundation
import GRDB
import MatrixTypes
import Megolm
import Secrets
import TestSupport
import Testing

@testable import Archives

/// The file: whose it is, what it is, what becomes of it when things go wrong.
@Suite struct FileTests {
    static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    /// Changes the file behind the archive's back.
    static func execute(_ sql: String, _ arguments: StatementArguments = [], at path: String) throws
    {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            try db.execute(sql: sql, arguments: arguments)
        }
        try queue.close()
    }

    @Test func isForItsOwnerAlone() throws {
        let test = try TestArchive()
        let adding = try test.archive.beginImport(
            from: try TestArchive.source(1), at: 1, random: SystemRandomSource())
        try adding.add(try Sample().key())
        for suffix in ["", "-wal", "-shm"] {
            #expect(try Self.mode(test.path + suffix) == 0o600, "\(suffix)")
        }
        adding.cancel()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: test.path)
        #expect(throws: ArchiveError.openToOthers(mode: 0o640)) {
            _ = try Archive.open(at: test.path)
        }
    }

    @Test func isMadeWholeAndReplacesNothing() throws {
        let test = try TestArchive()
        let before = try test.bytes()
        #expect(throws: ArchiveError.exists) {
            _ = try Archive.create(at: test.path, key: test.key, slots: [])
        }
        #expect(try test.bytes() == before)
        #expect(throws: ArchiveError.noFolder) {
            _ = try Archive.create(
                at: test.folder.path("none/archive"), key: test.key, slots: [])
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: test.folder.url.path)
        #expect(names.allSatisfy { $0.hasPrefix("archive") && !$0.hasSuffix("partial") })
    }

    @Test func refusesWhatIsNotAnArchive() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ArchiveError.missing) { _ = try Archive.open(at: folder.path("none")) }
        #expect(throws: ArchiveError.notAFile) { _ = try Archive.open(at: folder.url.path) }
        let other = folder.path("other")
        let queue = try DatabaseQueue(path: other)
        try queue.write { db in try db.execute(sql: "CREATE TABLE t (a)") }
        try queue.close()
        let text = folder.path("text")
        let empty = folder.path("empty")
        try Data(repeating: 65, count: 5_000).write(to: URL(fileURLWithPath: text))
        try Data().write(to: URL(fileURLWithPath: empty))
        for path in [other, text, empty] {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(throws: ArchiveError.notAnArchive) { _ = try Archive.open(at: path) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other)
        #expect(throws: ArchiveError.notAFile) { _ = try Archive.open(at: link) }
    }

    @Test(
        "refuses a newer archive",
        arguments: [
            "PRAGMA user_version = 2",
            "INSERT INTO grdb_migrations VALUES ('2 of tomorrow')",
        ])
    func refusesANewerArchive(_ sql: String) throws {
        let test = try TestArchive()
        try Self.execute(sql, at: test.path)
        let error = #expect(throws: ArchiveError.self) { _ = try Archive.open(at: test.path) }
        guard case .newer(_, known: 1) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("made by a newer program") == true)
    }

    @Test func readsWhereItMayNotWrite() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let reading = try Archive.open(at: test.path, key: test.key, access: .reading)
        #expect(try reading.rooms().count == 1)
        #expect(try reading.sessions().next() != nil)
        #expect(try reading.verify().isClean)
        #expect(throws: ArchiveError.readOnly) { _ = try reading.undo(EntryID(1), at: 1) }
        #expect(throws: ArchiveError.readOnly) {
            _ = try reading.beginImport(
                from: try TestArchive.source(2), at: 1, random: SystemRandomSource())
        }
    }

    @Test func whatNeedsNoKeyWorksWithoutIt() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let locked = try Archive.open(at: test.path)
        #expect(try locked.rooms().map(\.sessionCount) == [1])
        #expect(try locked.sources().count == 1 && locked.journal().count == 1)
        let report = try locked.verify()
        #expect(report.isClean && report.copyCount == 1 && report.openedCount == 0)
        let record = try #require(try locked.sessions().next())
        #expect(throws: ArchiveError.locked) { _ = try locked.open(record) }
        #expect(throws: ArchiveError.locked) {
            _ = try locked.beginImport(
                from: try TestArchive.source(2), at: 1, random: SystemRandomSource())
        }
        let slot = try #require(try locked.keySlots().first)
        let wrong = [UInt8](repeating: 8, count: 32)
        #expect(throws: ArchiveError.wrongKey) {
            _ = try slot.wrapped.opened(with: wrong)
        }
        let key = try slot.wrapped.opened(with: TestArchive.wrappingKey)
        #expect(try locked.unlocked(with: key).open(record) != nil)
        var random = FixedRandomSource(number: 9)
        let other = ArchiveKey(from: &random)
        #expect(throws: ArchiveError.wrongKey) { _ = try locked.unlocked(with: other) }
        let wrapped = WrappedArchiveKey(
            wrapping: other, with: TestArchive.wrappingKey, random: &random)
        #expect(throws: ArchiveError.wrongKey) {
            try locked.keep(try KeySlot(name: "x", wrapped: wrapped))
        }
        #expect(throws: ArchiveError.irreversible) { try locked.removeKeySlot(named: "identity") }
        try locked.keep(try KeySlot(name: "key file", wrapped: slot.wrapped))
        try locked.removeKeySlot(named: "identity")
        #expect(try locked.keySlots().map(\.name) == ["key file"])
    }

    @Test func twoWritersTakeTurns() throws {
        let test = try TestArchive()
        let second = try Archive.open(at: test.path, key: test.key)
        let adding = try test.archive.beginImport(
            from: try TestArchive.source(1), at: 1, random: SystemRandomSource())
        try adding.add(try Sample().key())
        let reader = try second.sessions()
        let account = try adding.finish()
        #expect(account.counts == ImportCounts(new: 1))
        // The reader began before the import ended.
        let isSeen = try reader.next() != nil
        #expect(!isSeen)
        #expect(try second.rooms().count == 1)
        #expect(try second.verify().isClean)
    }

    @Test func aFullDiskLosesNothing() throws {
        let test = try TestArchive()
        try test.add([Sample()])
        let before = try test.bytes()
        let adding = try test.archive.beginImport(
            from: try TestArchive.source(2), at: 1, random: SystemRandomSource())
        try adding.limitPages(to: 40)
        let error = #expect(throws: ArchiveError.self) {
            for number in 2...400 { try adding.add(try Sample(session: UInt64(number)).key()) }
            _ = try adding.finish()
        }
        #expect(error == .full)
        #expect(throws: ArchiveError.finished) { _ = try adding.finish() }
        _ = before
        #expect(try test.records().count == 1)
        #expect(try test.archive.verify().isClean)
        #expect(try test.archive.journal().count == 1)
        #expect(try test.add([Sample(session: 2)], source: 2).counts == ImportCounts(new: 1))
    }

    @Test func aDamagedPageIsFoundAndSaid() throws {
        let test = try TestArchive()
        try test.add((1...200).map { Sample(session: $0) })
        try Self.execute("PRAGMA wal_checkpoint(TRUNCATE)", at: test.path)
        let url = URL(fileURLWithPath: test.path)
        var bytes = [UInt8](try Data(contentsOf: url))
        let pageCount = bytes.count / 4_096
        for page in (pageCount - 8)..<pageCount {
            for offset in 0..<64 { bytes[page * 4_096 + offset] ^= 0xa5 }
        }
        let damaged = test.folder.path("damaged")
        try Data(bytes).write(to: URL(fileURLWithPath: damaged))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: damaged)
        let archive = try Archive.open(at: damaged, key: test.key)
        // SQLite may refuse before it has checked.
        let report = try? archive.verify()
        #expect(report?.isClean != true)
        let error = #expect(throws: ArchiveError.self) {
            let cursor = try archive.sessions()
            while try cursor.next() != nil {}
        }
        guard case .damaged = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// Rows put in each other's place, and what they then are.
    @Test(
        "finds rows that were tampered with",
        arguments: [
            // The ratchets of two sessions of one room change places.
            """
            CREATE TEMP TABLE t AS SELECT * FROM candidates;
            UPDATE candidates SET sealed = ifnull((SELECT sealed FROM t WHERE t.session <> candidates.session
                AND t.room = candidates.room AND t.number = candidates.number
                LIMIT 1), sealed)
            """,
            "UPDATE candidates SET first_index = first_index + 1",
            "UPDATE candidates SET number = number + 10",
            "UPDATE candidates SET room = 3 - room",
            "UPDATE candidates SET fingerprint = zeroblob(16)",
            "UPDATE candidates SET sealed = zeroblob(205)",
            "UPDATE candidates SET sealed = zeroblob(1)",
            "UPDATE rooms SET room_id = room_id || 'x'",
            "UPDATE meta SET value = zeroblob(16) WHERE name = 'archive'",
            "UPDATE claims SET owner = 77",
            "UPDATE claims SET flag = 3",
            "DELETE FROM sources",
        ])
    func findsRowsThatWereTamperedWith(_ sql: String) throws {
        let test = try TestArchive()
        try test.add([
            Sample(), Sample(session: 2), Sample(session: 3, room: "!other:example.org"),
        ])
        try Self.execute(sql, at: test.path)
        if sql.contains("UPDATE meta") {
            #expect(throws: ArchiveError.wrongKey) {
                _ = try Archive.open(at: test.path, key: test.key)
            }
            return
        }
        let report = try Archive.open(at: test.path, key: test.key).verify()
        #expect(!report.isClean)
        #expect(report.faultCount == report.faults.count)
    }

    /// What a thief of the disk sees, and what not.
    @Test func theFileShowsNoRatchet() throws {
        let test = try TestArchive()
        let samples = [Sample(), Sample(session: 2, index: 77)]
        try test.add(samples)
        let bytes = try test.bytes()
        func shows(_ part: some Sequence<UInt8>) -> Bool { bytes.contains(Array(part)) }
        #expect(shows("!room:example.org".utf8))
        for sample in samples {
            let sessionKey = try sample.key().sessionKey
            let key = [UInt8](sessionKey.bytes)
            #expect(shows(key[133...]))
            for part in stride(from: 5, to: 133, by: 32) {
                #expect(!shows(key[part..<part + 8]))
            }
        }
        let secret = [UInt8](test.key.secret.bytes)
        #expect(!shows(secret[..<8]))
    }

    @Test func aConfirmedPruneLeavesNoSealedRatchetBehind() throws {
        let test = try TestArchive()
        try test.add([Sample(), Sample(session: 2)])
        let record = try #require(
            try test.records(SessionQuery(sessionID: try Sample.sessionID())).first)
        let sealed = record.copies[0].sealed
        #expect(try test.bytes().contains(sealed))
        let plan = try test.archive.plan(
            .sessions(try RoomID("!room:example.org"), [try Sample.sessionID()]))
        let entry = try #require(
            try test.archive.apply(plan, at: 1, random: SystemRandomSource()))
        #expect(try test.archive.confirm(entry, at: 2) == 1)
        #expect(try !test.bytes().contains(sealed))
        #expect(try test.records().count == 1)
    }
}
