// What one step of an archive's life costs with many synthetic sessions: seconds in the archive, and
// the process's peak memory. Run by Tests/Benchmarks/archive.sh.

import Archives
import Bytes
import Foundation
import MatrixTypes
import Megolm
import Secrets

let roomCount = 100
let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[2]) else {
    print(
        "archive-benchmark FOLDER SESSIONS keys|create|add|again|rooms|room|records|read|verify|prune"
    )
    exit(64)
}
let folder = arguments[1]
nonisolated(unsafe) var spent = Duration.zero

func timed<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    defer { unsafe spent += ContinuousClock.now - start }
    return try body()
}

/// Session ids that are real curve points, written once: they are the dear part of a synthetic key.
func writeKeys() throws {
    var bytes: [UInt8] = []
    for number in 0..<count {
        var random = FixedRandomSource(number: UInt64(number))
        let seed = SecretBytes(byteCount: 32, from: &random)
        bytes += Ed25519.SigningKey(seed: seed).publicKey.bytes.array
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/ids"))
}

func rooms() throws -> [RoomID] {
    try (0..<roomCount).map { try RoomID("!room\($0):synthetic.example") }
}

func add(to archive: Archive) throws {
    let ids = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder + "/ids"))
    let rooms = try rooms()
    let source = try ArchiveSource(kind: .keyExport, name: "keys.txt", digest: .zero)
    let adding = try archive.beginImport(from: source, at: 1, random: SystemRandomSource())
    for number in 0..<count {
        var bytes: [UInt8] = [1, 0, 0, 0, 0]
        for half in 0..<2 {
            let name = Array("\(number) \(half)".utf8)
            bytes += BLAKE2b.hash(name.span, byteCount: 64)
        }
        bytes += [UInt8](try ids.read(upToCount: 32) ?? Data())
        let owner = [UInt8](repeating: UInt8(number % 200), count: 32)
        let key = RoomKey(
            roomID: rooms[number % roomCount],
            sessionKey: try ExportedSessionKey(bytes: bytes.span),
            claims: OwnerClaims(
                senderKey: Bytes32(owner).map(Curve25519PublicKey.init),
                ed25519: Bytes32(owner).map(Ed25519PublicKey.init)),
            sharedHistory: .shareable)
        try timed { try adding.add(key) }
    }
    let account = try timed { try adding.finish() }
    print("  new \(account.counts.new), same \(account.counts.same)", terminator: "")
}

func walk(_ archive: Archive, _ query: SessionQuery, opening: Bool) throws {
    var found = 0
    try timed {
        let cursor = try archive.sessions(matching: query)
        while let record = try cursor.next() {
            if opening { _ = try archive.open(record) }
            found += 1
        }
    }
    print("  \(found) sessions", terminator: "")
}

func run(_ step: String) throws {
    let path = folder + "/archive"
    var random = FixedRandomSource(number: 1)
    let key = ArchiveKey(from: &random)
    if step == "keys" { return try writeKeys() }
    if step == "add" || step == "create" {
        _ = try Archive.create(at: path, key: key, slots: [])
    }
    let isReading = ["rooms", "room", "read", "records", "verify"].contains(step)
    let archive = try Archive.open(
        at: path, key: key, access: isReading ? .reading : .writing)
    let room = try rooms()[7]
    switch step {
    case "create": break
    case "add", "again": try add(to: archive)
    case "rooms": print("  \(try timed { try archive.rooms() }.count) rooms", terminator: "")
    case "room": try walk(archive, SessionQuery(roomID: room), opening: false)
    case "read": try walk(archive, SessionQuery(roomID: room), opening: true)
    case "records": try walk(archive, SessionQuery(), opening: false)
    case "verify":
        let report = try timed { try archive.verify() }
        print("  \(report.openedCount) opened, \(report.faultCount) faults", terminator: "")
        if !report.isClean { exit(1) }
    case "prune":
        let entry = try timed {
            try archive.apply(
                try archive.plan(.room(room)), at: 2, random: SystemRandomSource())
        }
        let gone = try timed { try entry.map { try archive.confirm($0, at: 3) } }
        print("  \(gone ?? 0) gone", terminator: "")
    case "undo": _ = try timed { try archive.undo(EntryID(1), at: 4) }
    default: exit(64)
    }
}

do {
    try run(arguments[3])
    var usage = rusage()
    unsafe getrusage(0, &usage)  // of this process
    let seconds = unsafe spent / .seconds(1)
    print(
        "  \(arguments[3]): \(String(format: "%.2f", seconds)) s, peak \(usage.ru_maxrss / 1024) MiB"
    )
} catch {
    print("failed: \(error)")
    exit(1)
}
