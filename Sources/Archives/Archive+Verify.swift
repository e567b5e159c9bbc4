import Foundation
import GRDB
package import MatrixTypes
import Megolm
import Secrets

/// What a check of the whole archive found.
package struct VerifyReport: Hashable, Sendable {
    /// Something that is not as it should be.
    package enum Fault: Hashable, Sendable {
        /// What SQLite says of the file.
        case file(String)
        /// A ratchet does not open, or is another session's.
        case ratchet(RoomID, SessionID, CopyID)
        /// A row of this table points nowhere, or says what none may say.
        case row(table: String)
    }

    /// How many faults are told one by one.
    package static let faultLimit = 100

    package internal(set) var sessionCount = 0
    package internal(set) var copyCount = 0
    /// How many ratchets were opened: none without the key.
    package internal(set) var openedCount = 0
    package internal(set) var faultCount = 0
    /// The first hundred.
    package internal(set) var faults: [Fault] = []

    package var isClean: Bool { faultCount == 0 }

    mutating func add(_ fault: Fault) {
        faultCount += 1
        if faults.count < Self.faultLimit { faults.append(fault) }
    }
}

extension VerifyReport.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let reason): "the file is damaged: \(reason)"
        case .ratchet(let room, let session, let copy):
            "copy \(copy.value) of session \(session) in \(room) does not open"
        case .row(let table): "a row of the table “\(table)” is damaged"
        }
    }
}

extension Archive {
    /// Checks the whole archive: the file, every reference, and with the key every ratchet.
    ///
    /// - Parameter progress: told the number of copies checked so far, now and then.
    /// - Throws: what keeps the archive from being read at all; damage is in the report.
    package func verify(
        progress: (Int) -> Void = { _ in }
    ) throws(ArchiveError) -> VerifyReport {
        let ratchets = try? unlockedRatchets()
        return try read { db in
            var report = VerifyReport()
            for line in try String.fetchAll(
                db, sql: "PRAGMA integrity_check(\(VerifyReport.faultLimit))")
            where line != "ok" { report.add(.file(line)) }
            for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
                report.add(.row(table: row[0]))
            }
            // A file that is not sound is not walked: what it says would be chance.
            guard report.isClean else { return report }
            try Self.checkClaims(in: db, &report)
            try Self.checkCopies(with: ratchets, in: db, &report, progress)
            return report
        }
    }

    private static func checkClaims(in db: Database, _ report: inout VerifyReport) throws {
        let wrong = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM claims WHERE flag NOT IN (0, 1, 2)")
        for _ in 0..<min(wrong ?? 0, VerifyReport.faultLimit) { report.add(.row(table: "claims")) }
    }

    private static func checkCopies(
        with ratchets: RatchetSeal?, in db: Database, _ report: inout VerifyReport,
        _ progress: (Int) -> Void
    ) throws {
        var opened = SecretBytes(byteCount: ExportedSessionKey.byteCount)
        var rooms: [Int64: RoomID] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT room, room_id FROM rooms") {
            rooms[row[0]] = try RoomID(stored: row[1])
        }
        var last: (room: Int64, session: Data) = (0, Data())
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT room, session, number, first_index, fingerprint, sealed, hidden_by
                FROM candidates ORDER BY room, session, number
                """)
        while let row = try rows.next() {
            let session = try SessionID(stored: row[1])
            guard let room = rooms[row[0]] else { throw ArchiveError.damagedRow(table: "rooms") }
            if row[6] == nil {
                report.copyCount += 1
                let place: (Int64, Data) = (row[0], row[1])
                if place.0 != last.room || place.1 != last.session { report.sessionCount += 1 }
                last = place
            }
            guard let ratchets else { continue }
            let place = RatchetPlace(
                roomID: room, sessionID: session, number: row[2], firstIndex: try index(row[3]))
            var output = opened.mutableBytes
            do throws(ArchiveError) {
                try ratchets.open([UInt8](row[5] as Data), at: place, into: &output)
                guard ratchets.fingerprint(of: output.span) == [UInt8](row[4] as Data) else {
                    throw .damagedRatchet(session: session.text)
                }
                report.openedCount += 1
            } catch {
                report.add(.ratchet(room, session, CopyID(value: row[2])))
            }
            if report.copyCount % 4_096 == 0 { progress(report.copyCount) }
        }
    }
}
