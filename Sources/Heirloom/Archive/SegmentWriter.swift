import Bundles
import Bytes
import Carriers
import Foundation
import KeyFormats
import MatrixTypes
import Megolm
import Sealing
import Secrets
import Selection

/// A segment that was added to a write-only archive.
public struct WrittenSegment: Encodable, Equatable, Sendable {
    /// Where it is.
    public let path: String
    /// Its place in the chain, from 1.
    public let sequence: UInt64
    /// The room.
    public let room: String
    /// How many sessions it holds.
    public let sessions: Int
    /// What is to be kept elsewhere: `sequence:64 hexadecimal digits`.
    public let head: String
}

/// What was added to a write-only archive, and what became of every entry of the key files.
public struct SegmentsWritten: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.archive-seal.v1"
    /// The first writer's key, which moderators pin, where the chain begins with this; else `nil`.
    public internal(set) var firstWriter: String?
    /// What became of the files' entries.
    public internal(set) var files: [KeyFileReport] = []
    /// In the chain's order.
    public internal(set) var segments: [WrittenSegment] = []
    /// Sessions whose copies contradict each other: every copy is sealed, each in another segment.
    public internal(set) var contradicting = 0
    /// Those of them that have more different copies than are kept.
    public internal(set) var overflowing = 0
}

/// A machine that archives keys and cannot read them again: it holds the moderators' public keys, and
/// a key of its own that signs one segment and is then forgotten (`formats/archive.md`).
///
/// “Write-only” holds only where the machine keeps no copy of what it archived: a client's own store on
/// the same disk, swap, logs.
public struct SegmentWriter {
    /// The first 8 bytes of the writer's state.
    private static let magic = Array("heirwrit".utf8)
    private static let stateByteCount = 8 + 8 + 32 + 32 + 32 + 32

    let folder: String
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void
    private var random = AnyRandomSource(SystemRandomSource())

    /// Names a folder of segments; nothing is opened yet.
    public init(
        folder: String, home: Home, now: UInt64, report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.folder = folder
        self.home = home
        self.now = now
        self.report = report
    }

    /// Seals the keys of files to moderators, one segment a room.
    ///
    /// Which of several contradicting copies is true, only messages can tell, and this machine may be
    /// about to forget them: all go, in further segments of the room, because a bundle holds a session
    /// once.
    ///
    /// - Parameter recipients: contacts' names or whole `heir1…` strings.
    public mutating func seal(
        _ files: [String], to recipients: [String], _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> SegmentsWritten {
        var people: [PublicIdentity] = []
        for who in recipients {
            let identity = try home.resolve(who).0
            if !people.contains(identity) { people.append(identity) }
        }
        var written = SegmentsWritten()
        let keys = try collect(files, passphrases, &written)
        guard !keys.isEmpty else {
            throw HeirloomError(.archive, .nothingMatched, "the files hold no key to archive")
        }
        try carrying(.carry, folder) { () throws(CarrierError) in try Folder.make(folder) }
        let lock = try home.lock("\(folder)/writer", step: .archive)
        defer { withExtendedLifetime(lock) {} }
        written.firstWriter = try begin()
        var layers: [[RoomKey]] = []
        try keys.drain { session throws(HeirloomError) in
            if let room = layers.first?.first?.roomID, room != session.roomID {
                try write(layers, to: people, &written)
                layers = []
            }
            Self.add(session, to: &layers, &written)
        }
        try write(layers, to: people, &written)
        return written
    }

    private mutating func collect(
        _ files: [String], _ passphrases: any PassphraseSource, _ written: inout SegmentsWritten
    ) throws(HeirloomError) -> KeySpool {
        let keys = try home.keySpool(random: &random)
        for path in files {
            let reader = KeyFile(path: path, roundsLimit: KeyFileLimits.usualRounds, report: report)
            var tally = KeyFileReport(path: path)
            try reader.read(.init(), passphrases, report: &tally) { entry in
                if case .roomKey(let key, _) = entry { keys.add(key) }
            }
            written.files.append(tally)
        }
        return keys
    }

    /// Adds a session of a room to its layers, each of which holds a session once: all sessions in the
    /// first, further copies of contradicting ones in those behind it.
    private static func add(
        _ session: MergedSession, to layers: inout [[RoomKey]], _ written: inout SegmentsWritten
    ) {
        var copies: [RoomKey] = []
        switch session {
        case .key(let selected): copies = [selected.key]
        case .conflict(let conflict):
            written.contradicting += 1
            if case .tooManyCopies = conflict.reason { written.overflowing += 1 }
            copies = conflict.candidates
        }
        for (layer, key) in copies.enumerated() {
            if layer == layers.count { layers.append([]) }
            layers[layer].append(key)
        }
    }

    /// Writes a room's layers, a segment each.
    private mutating func write(
        _ layers: [[RoomKey]], to people: [PublicIdentity], _ written: inout SegmentsWritten
    ) throws(HeirloomError) {
        for keys in layers {
            guard let room = keys.first?.roomID else { continue }
            written.segments.append(try write(keys, of: room, to: people))
        }
    }

    private var statePath: String { "\(folder)/writer" }

    /// Draws the first two keys where the chain begins; gives the first one's public half.
    private mutating func begin() throws(HeirloomError) -> String? {
        if Self.isThere(statePath) { return nil }
        let first = SecretBytes(byteCount: 32, from: &random)
        let second = SecretBytes(byteCount: 32, from: &random)
        try keep(sequence: 1, digest: .zero, first, second)
        let key = Ed25519.SigningKey(seed: first)
        return Ed25519PublicKey(bytes: key.publicKey.bytes).text
    }

    private func keep(
        sequence: UInt64, digest: Bytes32, pending: Bytes32 = .zero,
        _ seed: borrowing SecretBytes, _ next: borrowing SecretBytes
    ) throws(HeirloomError) {
        var state = SecretBytes(byteCount: Self.stateByteCount)
        var head = Self.magic
        head.append(bigEndian: sequence)
        state.copy((head + digest.array + pending.array).span, to: 0)
        state.copy(seed.bytes, to: 80)
        state.copy(next.bytes, to: 112)
        try home.store(state.bytes, at: statePath, replacing: true, step: .archive)
    }

    /// Writes one segment, then forgets the key that signed it.
    ///
    /// The next key and the segment's digest are noted before: a machine that dies in between finds
    /// them again, and writes the segment anew under the same keys, or goes on behind the one it had
    /// finished, which it cannot open.
    private mutating func write(
        _ keys: [RoomKey], of room: RoomID, to people: [PublicIdentity]
    ) throws(HeirloomError) -> WrittenSegment {
        var state = try readState()
        if state.pending != .zero, Self.isThere("\(folder)/\(Self.name(state.sequence))") {
            let following = SecretBytes(byteCount: 32, from: &random)
            try keep(
                sequence: state.sequence + 1, digest: state.pending, state.next, following)
            state = try readState()
        }
        let signer = Ed25519.SigningKey(seed: state.seed)
        let next = Ed25519.SigningKey(seed: state.next)
        let id = BundleID(from: &random)
        let now = self.now
        let link = ArchiveLink(
            sequence: state.sequence, previous: state.digest, nextWriterKey: next.publicKey.bytes)
        let manifest = try bundling { () throws(BundleError) in
            try BundleManifest(
                purpose: .archive, id: id, createdMilliseconds: now, expiresMilliseconds: 0,
                audience: AudienceHash.list(of: people.map(\.encryptionKey), bundle: id),
                roomID: room, archiveLink: link)
        }
        let path = "\(folder)/\(Self.name(state.sequence))"
        let destination = Destination(path: path)
        let output = try destination.open(step: .archive)
        try write(keys, manifest, signer, to: people, output.sink, path)
        let head = ArchiveHead(after: manifest)
        try keep(
            sequence: state.sequence, digest: state.digest, pending: head?.digest ?? .zero,
            state.seed, state.next)
        _ = try output.commit(step: .archive)
        let following = SecretBytes(byteCount: 32, from: &random)
        try keep(
            sequence: state.sequence + 1, digest: head?.digest ?? .zero, state.next, following)
        return WrittenSegment(
            path: path, sequence: state.sequence, room: room.text, sessions: keys.count,
            head: head?.description ?? "")
    }

    /// The writer's secret, and its place in the chain; a file of 144 bytes, mode 0600.
    ///
    /// ```
    ///  8    "heirwrit"
    ///  8    sequence of the next segment
    /// 32    first 32 bytes of the last manifest's BLAKE2b-512; zeros before the first
    /// 32    the same of the segment being written; zeros for none
    /// 32    Ed25519 seed that signs the next segment
    /// 32    Ed25519 seed of the one after it
    /// ```
    private struct State: ~Copyable {
        let sequence: UInt64
        let digest: Bytes32
        let pending: Bytes32
        let seed: SecretBytes
        let next: SecretBytes
    }

    private func readState() throws(HeirloomError) -> State {
        let path = statePath
        let file = try carrying(.archive, path) { () throws(CarrierError) in
            try InputFile(
                path: path, rules: [.noSymbolicLink, .ownerOnly], limit: Self.stateByteCount)
        }
        let state = try moving(.archive, path) { () throws(StreamError) in
            try file.readSecret(upTo: Self.stateByteCount)
        }
        let bytes = state.bytes
        guard bytes.count == Self.stateByteCount,
            (0..<8).allSatisfy({ bytes[$0] == Self.magic[$0] }),
            let digest = Bytes32(bytes.extracting(16..<48)),
            let pending = Bytes32(bytes.extracting(48..<80))
        else {
            throw HeirloomError(
                .archive, .damagedArchive, "\(path.shown): it is no writer's state")
        }
        return State(
            sequence: bytes.bigEndian(at: 8, as: UInt64.self), digest: digest, pending: pending,
            seed: SecretBytes(copying: bytes.extracting(80..<112)),
            next: SecretBytes(copying: bytes.extracting(112..<144)))
    }

    private mutating func write(
        _ keys: [RoomKey], _ manifest: BundleManifest, _ signer: borrowing Ed25519.SigningKey,
        to people: [PublicIdentity], _ sink: any ByteSink, _ path: String
    ) throws(HeirloomError) {
        let sealed: SealedFileWriter
        do throws(SealingError) {
            sealed = try SealedFileWriter(
                to: people.map(\.recipient), into: sink, random: &random)
        } catch {
            throw HeirloomError(.seal, error, of: "the moderators")
        }
        do throws(BundleError) {
            var bundle = try BundleWriter(to: sealed, manifest: manifest, signedBy: signer)
            for key in keys {
                try bundle.add(
                    .session(
                        BundledSession(
                            sessionKey: key.sessionKey, sender: BundleSender(claims: key.claims),
                            marks: key.sharedHistory == .shareable ? .sharedHistory : [])),
                    signedBy: signer)
            }
            _ = try bundle.finish(signedBy: signer)
        } catch {
            throw HeirloomError(bundling: error)
        }
        try moving(.seal, path) { () throws(StreamError) in try sealed.finish() }
    }

    private static func isThere(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// `segment-00000001.heir`.
    static func name(_ sequence: UInt64) -> String {
        let digits = String(sequence)
        return "segment-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).heir"
    }
}
