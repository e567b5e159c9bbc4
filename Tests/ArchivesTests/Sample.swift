import Bytes
import Foundation
import MatrixTypes
import Megolm
import Secrets
import TestSupport
import Testing

@testable import Archives

/// One copy of a session, as a source may bring it.
struct Sample: Sendable {
    var session: UInt64 = 1
    /// Ratchets with other numbers do not belong together.
    var ratchet: UInt64 = 1
    var index: UInt32 = 0
    /// Parts of the ratchet, 0 to 3, in which one bit is wrong.
    var altered: Set<Int> = []
    var room = "!room:example.org"
    var sender: UInt8? = 1
    var flag = SharedHistory.shareable
    var isQuarantined = false

    func key() throws -> RoomKey {
        var seeds = FixedRandomSource(number: session)
        let signing = Ed25519.SigningKey(seed: SecretBytes(byteCount: 32, from: &seeds))
        var ratchets = FixedRandomSource(number: ratchet)
        let bytes = [1, 0, 0, 0, 0] + ratchets.bytes(128) + signing.publicKey.bytes.array
        let start = try ExportedSessionKey(bytes: bytes.span)
        let later = try start.wound(to: MessageIndex(index))
        var wound = [UInt8](later.bytes)
        for part in altered { wound[5 + part * 32 + 7] ^= 0x10 }
        let claims = OwnerClaims(
            senderKey: sender.flatMap { byte in
                Bytes32([UInt8](repeating: byte, count: 32)).map(Curve25519PublicKey.init)
            }, ed25519: nil)
        return RoomKey(
            roomID: try RoomID(room), sessionKey: try ExportedSessionKey(bytes: wound.span),
            claims: claims, sharedHistory: flag)
    }

    static func sessionID(_ session: UInt64 = 1) throws -> SessionID {
        try Sample(session: session).key().sessionID
    }
}

/// An archive of one test.
struct TestArchive {
    let folder: TemporaryFolder
    let archive: Archive
    let key: ArchiveKey
    /// The same at every run, and of no stream that a sample is made of.
    static func key() -> ArchiveKey {
        var random = FixedRandomSource(number: 2_000_000)
        return ArchiveKey(from: &random)
    }

    static let wrappingKey = [UInt8](repeating: 7, count: 32)

    init() throws {
        folder = try TemporaryFolder()
        var random = FixedRandomSource(number: 1_000_000)
        key = Self.key()
        let wrapped = WrappedArchiveKey(
            wrapping: key, with: Self.wrappingKey, random: &random)
        archive = try Archive.create(
            at: folder.path("archive"), key: key,
            slots: [KeySlot(name: "identity", wrapped: wrapped)])
    }

    var path: String { archive.path }

    static func source(_ number: UInt8, name: String = "keys.txt") throws -> ArchiveSource {
        try ArchiveSource(
            kind: .keyExport, name: name,
            digest: Bytes32([UInt8](repeating: number, count: 32)) ?? .zero)
    }

    /// Adds copies as one source.
    @discardableResult
    func add(
        _ samples: [Sample], source: UInt8 = 1, at milliseconds: UInt64 = 1_000
    ) throws -> ImportAccount {
        let adding = try archive.beginImport(
            from: try Self.source(source), at: milliseconds, random: SystemRandomSource())
        for sample in samples {
            try adding.add(try sample.key(), quarantined: sample.isQuarantined)
        }
        return try adding.finish()
    }

    func records(_ query: SessionQuery = SessionQuery()) throws -> [SessionRecord] {
        let cursor = try archive.sessions(matching: query)
        var records: [SessionRecord] = []
        while let record = try cursor.next() { records.append(record) }
        return records
    }

    /// What one session amounts to.
    func session(_ number: UInt64 = 1, room: String? = nil) throws -> ArchivedSession? {
        let query = SessionQuery(
            roomID: try room.map { try RoomID($0) }, sessionID: try Sample.sessionID(number))
        return try records(query).first.flatMap { try archive.open($0) }
    }

    /// Says that an event opened, or failed, under the copy that is the sample's.
    func prove(_ sample: Sample, _ verdict: CopyProof.Verdict) throws -> EntryID? {
        let key = try sample.key()
        let session = try #require(
            try records(SessionQuery(roomID: key.roomID, sessionID: key.sessionID)).first)
        let opened = try #require(try archive.open(session))
        let copy = try #require(
            opened.copies.first { $0.sessionKey.isIdentical(to: key.sessionKey) })
        let proof = CopyProof(
            roomID: key.roomID, sessionID: key.sessionID, copy: copy.copy.id, verdict: verdict)
        return try archive.record([proof], at: 2_000)
    }

    /// All bytes of the archive's files.
    func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        for suffix in ["", "-wal"] {
            bytes +=
                (try? Data(contentsOf: URL(fileURLWithPath: path + suffix))).map([UInt8].init) ?? []
        }
        return bytes
    }
}

extension ImportCounts {
    init(
        new: Int = 0, improved: Int = 0, same: Int = 0, worse: Int = 0, conflicting: Int = 0,
        quarantined: Int = 0
    ) {
        self.init()
        self.new = new
        self.improved = improved
        self.same = same
        self.worse = worse
        self.conflicting = conflicting
        self.quarantined = quarantined
    }
}

// Spans do not outlive the closures that expectations make; arrays do.
extension WrappedArchiveKey {
    init(wrapping key: ArchiveKey, with bytes: [UInt8], random: inout some RandomSource) {
        self.init(key, under: bytes.span, random: &random)
    }

    func opened(with bytes: [UInt8]) throws -> ArchiveKey {
        try unwrapped(under: bytes.span)
    }
}
