import Archives
import Bundles
import Bytes
import Carriers
import KeyFormats
import Megolm
import Secrets

/// What an archive took of one file.
public struct ArchiveAddReport: Encodable, Equatable, Sendable {
    /// What became of each key: new + improved + same + worse + conflicting + quarantined = total.
    public struct Counts: Encodable, Equatable, Sendable {
        /// No copy of the session was held.
        public let new: Int
        /// It opens more than what was held.
        public let improved: Int
        /// Held just so.
        public let same: Int
        /// It opens less than what is held; kept as what its source said.
        public let worse: Int
        /// It contradicts what is held; kept apart.
        public let conflicting: Int
        /// Kept until a message proves it.
        public let quarantined: Int
        /// All keys.
        public let total: Int

        init(_ counts: ImportCounts) {
            new = counts.new
            improved = counts.improved
            same = counts.same
            worse = counts.worse
            conflicting = counts.conflicting
            quarantined = counts.quarantined
            total = counts.total
        }
    }

    /// What became of the file's entries.
    public let file: KeyFileReport
    /// What became of its keys.
    public let counts: Counts
    /// The journal's entry; `nil` where nothing changed.
    public let entry: Int64?
    /// Keys beyond the most copies kept of one session.
    public let dropped: Int
}

extension KeyArchive {
    /// Adds the keys of one file, all or none; makes the archive where there is none.
    public func add(
        _ file: String, _ passphrases: any PassphraseSource,
        roundsLimit: UInt32 = KeyFileLimits.usualRounds
    ) throws(HeirloomError) -> ArchiveAddReport {
        let input = try carrying(.collect, file) { () throws(CarrierError) in
            try InputFile(path: file, rules: .pipesInMemory, limit: KeyFileLimits.fileByteCount)
        }
        let beginning = try input.beginning(named: file)
        let kind = ArchiveSource.Kind(KeyFileKind(beginningOf: beginning.bytes))
        let reader = KeyFile(path: file, roundsLimit: roundsLimit, report: report)
        return try add(file, kind, input, passphrases) { (tally, body) throws(HeirloomError) in
            try reader.read(.init(), file: input, passphrases, report: &tally, body)
        }
    }

    /// Adds the keys of a backup that was fetched, all or none.
    public func add(
        _ pulled: PulledBackup, _ passphrases: any PassphraseSource,
        roundsLimit: UInt32 = KeyFileLimits.usualRounds
    ) throws(HeirloomError) -> ArchiveAddReport {
        let reader = KeyFile(path: pulled.name, roundsLimit: roundsLimit, report: report)
        return try add(pulled.name, .keyBackup, pulled.sessions, passphrases) {
            (tally, body) throws(HeirloomError) in
            try reader.read(pulled, .init(), passphrases, report: &tally, body)
        }
    }

    private func add(
        _ name: String, _ kind: ArchiveSource.Kind, _ input: any RewindableByteSource,
        _ passphrases: any PassphraseSource,
        reading: (inout KeyFileReport, (KeyFileEntry) -> Void) throws(HeirloomError) -> Void
    ) throws(HeirloomError) -> ArchiveAddReport {
        let archive = try unlocked(passphrases, create: true)
        let digest = try digest(of: input, name)
        var tally = KeyFileReport(path: name)
        let intake = try archiving { () throws(ArchiveError) in
            try archive.beginImport(
                from: ArchiveSource(kind: kind, name: name.sourceName, digest: digest), at: now,
                random: SystemRandomSource())
        }
        var failure: ArchiveError?
        do throws(HeirloomError) {
            try reading(&tally) { entry in
                guard failure == nil, case .roomKey(let key, _) = entry else { return }
                do throws(ArchiveError) { try intake.add(key) } catch { failure = error }
            }
        } catch {
            intake.cancel()
            throw error
        }
        if let failure { throw HeirloomError(failure, of: path) }
        let account = try archiving { () throws(ArchiveError) in try intake.finish() }
        return ArchiveAddReport(
            file: tally, counts: .init(account.counts), entry: account.entry?.value,
            dropped: account.droppedCount)
    }

    /// What tells a file from every other: BLAKE2b-256 of its bytes.
    private func digest(
        of file: any RewindableByteSource, _ name: String
    ) throws(HeirloomError) -> Bytes32 {
        var hash = BLAKE2b.State(byteCount: 32)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        do throws(StreamError) {
            try file.rewind()
            while true {
                var span = piece.mutableSpan
                let count = try file.fill(&span)
                if count == 0 { break }
                hash.update(piece.span.extracting(first: count))
            }
            try file.rewind()
        } catch {
            throw HeirloomError(.collect, error, of: name)
        }
        return Bytes32(hash.finish()) ?? .zero
    }

    /// Keeps what a hand-over brought, as one journal entry.
    public func keep(
        _ plan: ReceivePlan, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ArchiveAddReport {
        let archive = try unlocked(passphrases, create: true)
        let keys = try plan.taken()
        let manifest = plan.manifest
        let seen = SeenBundle(
            bundle: manifest.id.array,
            manifest: Bytes32(BLAKE2b.hash(manifest.encoded.span, byteCount: 32)) ?? .zero,
            milliseconds: now)
        // An archive that came from another machine remembers what this one has not seen.
        if !plan.isAgain {
            try archiving { () throws(ArchiveError) in
                try archive.checkUnseen(bundle: seen.bundle, manifest: seen.manifest)
            }
        }
        let intake = try archiving { () throws(ArchiveError) in
            try archive.beginImport(
                from: ArchiveSource(
                    kind: .bundle, name: "from \(plan.giver.title)",
                    digest: Bytes32(BLAKE2b.hash(manifest.id.array.span, byteCount: 32)) ?? .zero,
                    madeMilliseconds: manifest.createdMilliseconds, signer: plan.signer.bytes,
                    bundle: manifest.id.array), at: now, random: SystemRandomSource())
        }
        let account = try archiving { () throws(ArchiveError) in
            for key in keys { try intake.add(key) }
            return try intake.finish(noting: seen)
        }
        return ArchiveAddReport(
            file: KeyFileReport(path: "bundle \(manifest.id)"), counts: .init(account.counts),
            entry: account.entry?.value, dropped: account.droppedCount)
    }
}

extension ArchiveSource.Kind {
    init(_ kind: KeyFileKind?) {
        switch kind {
        case .plain(.bundle): self = .roomKeyBundle
        case .plain(.lines), .plain(.array), .plain(.sessions): self = .jsonLines
        case .serverBackup: self = .keyBackup
        case .keyExport, .pythonLiteral, nil: self = .keyExport
        }
    }
}

extension String {
    /// A file's name as a source's: the last part of its path, of at most 255 printable bytes.
    fileprivate var sourceName: String {
        let last = split(separator: "/").last.map(String.init) ?? self
        let name = last == "-" ? "standard input" : last.shown
        return name.utf8.count <= 255 ? name : String(name.prefix(60))
    }
}
