import Archives
import Bundles
import Bytes
import Carriers
import MatrixTypes
import Megolm
import Sealing
import Secrets

/// What a write-only archive turned out to hold.
public struct SegmentsReport: Encodable, Equatable, Sendable {
    /// One segment.
    public struct Segment: Encodable, Equatable, Sendable {
        /// Its place in the chain, from 1.
        public let sequence: UInt64
        /// The room.
        public let room: String
        /// When it was made, ISO 8601.
        public let createdAt: String
        /// How many sessions it holds.
        public let sessions: Int
        /// What became of them; `nil` where they were only verified.
        public let counts: ArchiveAddReport.Counts?
    }

    /// The document's name and version.
    public let schema = "heirloom.archive-segments.v1"
    /// In the chain's order.
    public internal(set) var segments: [Segment] = []
    /// The chain's head, to be compared with what is kept elsewhere.
    public internal(set) var head = ""
    /// Whether a head kept elsewhere was compared; without one, nobody can tell whether the newest
    /// segments are missing.
    public internal(set) var comparedHead = false
}

extension KeyArchive {
    /// Verifies a write-only archive from its first segment to its last, and takes its keys in.
    ///
    /// - Parameters:
    ///   - writer: the first writer's key, as it was pinned.
    ///   - head: what was kept elsewhere; `nil` for nothing.
    ///   - verifyOnly: take nothing in.
    public func openSegments(
        in folder: String, writer: String, head: String?, verifyOnly: Bool,
        _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> SegmentsReport {
        guard let bytes = UnpaddedBase64.decode32(writer) else {
            throw HeirloomError(
                .archive, .badArgument, "the writer's key is 43 characters of unpadded base64")
        }
        var kept: ArchiveHead?
        if let head {
            guard let read = ArchiveHead(head) else {
                throw HeirloomError(
                    .archive, .badArgument,
                    "a head is a number, a colon and 64 hexadecimal digits")
            }
            kept = read
        }
        let start = ArchiveChain(firstWriter: Ed25519.PublicKey(bytes: bytes), keptHead: kept)
        let archive = verifyOnly ? nil : try unlocked(passphrases, create: true)
        let identity = try home.openIdentity(passphrases)
        // Nothing is taken in unless all of it holds.
        var result = try walk(folder, start, identity, into: nil)
        if let archive { result = try walk(folder, start, identity, into: archive) }
        result.comparedHead = kept != nil
        return result
    }

    /// Goes along the chain from its first segment to its last.
    ///
    /// - Parameter archive: what takes the keys in; `nil` for verifying alone.
    private func walk(
        _ folder: String, _ start: ArchiveChain, _ identity: borrowing Identity,
        into archive: Archive?
    ) throws(HeirloomError) -> SegmentsReport {
        var chain = start
        var result = SegmentsReport()
        for path in try segments(in: folder) {
            let (manifest, sessions) = try openSegment(path, identity, &chain)
            let counts = try archive.map { archive throws(HeirloomError) in
                try take(sessions, manifest, into: archive)
            }
            result.segments.append(
                .init(
                    sequence: manifest.archiveLink?.sequence ?? 0, room: manifest.roomID.text,
                    createdAt: UTCDate.text(milliseconds: manifest.createdMilliseconds),
                    sessions: sessions.count, counts: counts))
        }
        do throws(ArchiveChainError) { try chain.checkEnd() } catch {
            throw HeirloomError(.archive, .brokenChain, "\(folder.shown): \(error)")
        }
        guard let last = chain.head else {
            throw HeirloomError(
                .archive, .nothingMatched, "\(folder.shown): there is no segment in it")
        }
        result.head = last.description
        return result
    }

    /// The segments' files by name, which is by number.
    private func segments(in folder: String) throws(HeirloomError) -> [String] {
        let names = try carrying(.archive, folder) { () throws(CarrierError) in
            try Folder.names(in: folder)
        }
        return names.filter { $0.hasPrefix("segment-") && $0.hasSuffix(".heir") }.sorted()
            .map { "\(folder)/\($0)" }
    }

    /// Opens one segment and sees that it continues the chain, before anything of it is used.
    private func openSegment(
        _ path: String, _ identity: borrowing Identity, _ chain: inout ArchiveChain
    ) throws(HeirloomError) -> (BundleManifest, [BundledSession]) {
        let file = try carrying(.archive, path) { () throws(CarrierError) in
            try InputFile(
                path: path, rules: .noSymbolicLink, limit: SealedFileLimits.byteCount)
        }
        let opened: OpenedFile
        do throws(SealingError) {
            opened = try OpenedFile(source: file, identity: identity)
        } catch {
            throw HeirloomError(.open, error, of: path)
        }
        guard let writer = chain.nextWriter else {
            throw HeirloomError(
                .archive, .brokenChain, "\(path.shown): it stands behind the end of the chain")
        }
        var fault: ArchiveChainError?
        var found: (BundleManifest, [BundledSession])?
        do throws(BundleError) {
            let bundle = try UnverifiedBundle(reading: opened)
            let signed = try bundle.verified(as: writer)
            let manifest = signed.manifest
            var admitted = try signed.accepted(
                by: BundleExpectation(
                    recipient: opened.recipient.key, nowMilliseconds: now, roomID: nil,
                    purpose: .archive, isSeen: { _ in false }))
            var sessions: [BundledSession] = []
            while let record = try admitted.next() {
                if case .session(let session) = record { sessions.append(session) }
            }
            fault = Self.fault(adding: manifest, by: writer, to: &chain)
            found = (manifest, sessions)
        } catch .otherSigner {
            throw HeirloomError(
                .archive, .brokenChain,
                "\(path.shown): it is signed by another key than the segment before it named",
                layer: "sig")
        } catch {
            throw HeirloomError(verifying: error, of: path)
        }
        guard fault == nil, let found else {
            let reason = fault.map { "\($0)" } ?? "it cannot be read"
            throw HeirloomError(.archive, .brokenChain, "\(path.shown): \(reason)")
        }
        return found
    }

    private static func fault(
        adding manifest: BundleManifest, by writer: Ed25519.PublicKey,
        to chain: inout ArchiveChain
    ) -> ArchiveChainError? {
        do throws(ArchiveChainError) {
            try chain.append(manifest, signedBy: writer)
            return nil
        } catch {
            return error
        }
    }

    private func take(
        _ sessions: [BundledSession], _ manifest: BundleManifest, into archive: Archive
    ) throws(HeirloomError) -> ArchiveAddReport.Counts {
        try archiving { () throws(ArchiveError) in
            let intake = try archive.beginImport(
                from: ArchiveSource(
                    kind: .segment, name: "segment \(manifest.archiveLink?.sequence ?? 0)",
                    digest: Bytes32(BLAKE2b.hash(manifest.id.array.span, byteCount: 32)) ?? .zero,
                    madeMilliseconds: manifest.createdMilliseconds, bundle: manifest.id.array),
                at: now, random: SystemRandomSource())
            for session in sessions {
                try intake.add(
                    RoomKey(
                        roomID: manifest.roomID, sessionKey: session.sessionKey,
                        claims: session.sender.claims,
                        sharedHistory: session.marks.contains(.sharedHistory)
                            ? .shareable : .unstated))
            }
            return .init(try intake.finish().counts)
        }
    }
}
