import Foundation
import MatrixTypes
import Megolm
import Secrets
import TestSupport
import Testing

@testable import Archives

/// Killed while it writes, the archive is the old one or the new one.
@Suite struct CrashTests {
    static let sampleCount = 60

    @Test("killed in an import", arguments: [0, 1, 7, 30, 59, 60])
    func killedInAnImport(after count: Int) async throws {
        let test = try TestArchive()
        try test.add([Sample(session: 1_000)])
        let path = test.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, count = count as Int] in
            let archive = try Archive.open(at: path, key: TestArchive.key())
            let adding = try archive.beginImport(
                from: try TestArchive.source(2), at: 1, random: SystemRandomSource())
            for number in 0..<count { try adding.add(try Sample(session: UInt64(number)).key()) }
            // Some of it is in the log already, not committed.
            try adding.flush()
            kill(getpid(), SIGKILL)
        }
        let archive = try Archive.open(at: path, key: test.key)
        #expect(try archive.journal().count == 1)
        let report = try archive.verify()
        #expect(report.isClean && report.copyCount == 1)
        let again = (0..<Self.sampleCount).map { Sample(session: UInt64($0)) }
        #expect(try test.add(again, source: 2).counts == ImportCounts(new: 60))
    }

    @Test func killedAfterTheCommit() async throws {
        let test = try TestArchive()
        let path = test.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let archive = try Archive.open(at: path, key: TestArchive.key())
            let adding = try archive.beginImport(
                from: try TestArchive.source(2), at: 1, random: SystemRandomSource())
            try adding.add(try Sample().key())
            _ = try adding.finish()
            kill(getpid(), SIGKILL)
        }
        #expect(try test.records().count == 1)
        #expect(try test.archive.verify().isClean)
    }

    /// The files as they are on the disk at any moment, opened elsewhere: what a power cut leaves.
    @Test func cutOffAtAnyLengthOfTheLog() throws {
        let test = try TestArchive()
        try test.add([Sample(session: 1_000)])
        let adding = try test.archive.beginImport(
            from: try TestArchive.source(2), at: 1, random: SystemRandomSource())
        for number in 0..<60 { try adding.add(try Sample(session: UInt64(number)).key()) }
        _ = try adding.finish()
        let main = try Data(contentsOf: URL(fileURLWithPath: test.path))
        let log = try Data(contentsOf: URL(fileURLWithPath: test.path + "-wal"))
        #expect(log.count > 8_192)
        var found: Set<Int> = []
        for step in 0...40 {
            let folder = try TemporaryFolder()
            let path = folder.path("archive")
            try main.write(to: URL(fileURLWithPath: path))
            try log.prefix(log.count * step / 40).write(to: URL(fileURLWithPath: path + "-wal"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            guard let archive = try? Archive.open(at: path, key: test.key) else {
                // Before the first commit reached the log there is no archive in the file yet.
                Issue.record("not an archive at \(step)")
                continue
            }
            let report = try archive.verify()
            #expect(report.isClean, "\(step)")
            found.insert(report.copyCount)
        }
        #expect(found.isSubset(of: [0, 1, 61]) && found.contains(61))
    }
}
