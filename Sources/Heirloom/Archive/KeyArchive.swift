import Archives
import Bytes
import Carriers
import HistoryRules
import KeyFormats
import MatrixTypes
import Megolm
import Sealing
import Secrets

/// Years of room keys, with where each came from (`formats/archive.md`).
///
/// Room ids, session ids and provenance can be listed by whoever has the file; the ratchets are sealed
/// under a key that this person's identity unlocks.
public struct KeyArchive {
    /// What wraps the archive's key for an identity.
    private static let purpose = "archive"

    let home: Home
    /// Where the archive is.
    public let path: String
    /// The file that unlocks it instead of the identity.
    let keyFile: String?
    let now: UInt64
    let report: (Progress) -> Void

    /// Names an archive; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - path: `nil` for the one in the data folder.
    ///   - keyFile: a key file that unlocks it instead of the identity.
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        home: Home, path: String?, keyFile: String? = nil, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.home = home
        self.keyFile = keyFile
        self.path = path ?? home.archivePath
        self.now = now
        self.report = report
    }

    /// The archive without its key: for lists, the journal and the ledger.
    func open(_ access: Archive.Access = .reading) throws(HeirloomError) -> Archive {
        try archiving { () throws(ArchiveError) in
            try Archive.open(at: path, access: access)
        }
    }

    /// The archive with its key; made where there is none and `create` says so.
    func unlocked(
        _ passphrases: any PassphraseSource, access: Archive.Access = .writing,
        create: Bool = false
    ) throws(HeirloomError) -> Archive {
        let way = try way(passphrases)
        let archive: Archive
        do throws(ArchiveError) {
            archive = try Archive.open(at: path, access: access)
        } catch .missing where create {
            try home.makeData()
            return try make(way)
        } catch {
            throw HeirloomError(error, of: path)
        }
        let key = try key(of: archive, way)
        return try archiving { () throws(ArchiveError) in try archive.unlocked(with: key) }
    }

    /// What unlocks the archive: the key file that was named, or the identity.
    func way(_ passphrases: any PassphraseSource) throws(HeirloomError) -> ArchiveWay {
        if let keyFile {
            return try ArchiveKeyFile.way(readingFrom: keyFile)
        }
        let identity = try home.openIdentity(passphrases)
        return ArchiveWay(
            wrapping: identity.derivedKey(for: Self.purpose), name: identity.publicIdentity.text)
    }

    private func make(_ way: borrowing ArchiveWay) throws(HeirloomError) -> Archive {
        var random = AnyRandomSource(SystemRandomSource())
        let key = ArchiveKey(from: &random)
        let wrapped = WrappedArchiveKey(key, under: way.wrapping.bytes, random: &random)
        do throws(ArchiveError) {
            let slot = try KeySlot(name: way.name, wrapped: wrapped)
            return try Archive.create(at: path, key: key, slots: [slot])
        } catch {
            throw HeirloomError(error, of: path)
        }
    }

    /// The archive's key, by one way to it.
    func key(
        of archive: Archive, _ way: borrowing ArchiveWay
    ) throws(HeirloomError) -> ArchiveKey {
        let name = way.name
        do throws(ArchiveError) {
            guard let slot = try archive.keySlots().first(where: { $0.name == name }) else {
                throw .wrongKey
            }
            return try slot.wrapped.unwrapped(under: way.wrapping.bytes)
        } catch {
            throw HeirloomError(error, of: path)
        }
    }

    func archiving<Result>(
        _ body: () throws(ArchiveError) -> Result
    ) throws(HeirloomError) -> Result {
        do throws(ArchiveError) {
            return try body()
        } catch {
            throw HeirloomError(error, of: path)
        }
    }
}

/// One way to an archive's key: 32 secret bytes, and the name of the slot that they open.
struct ArchiveWay: ~Copyable {
    let wrapping: SecretBytes
    let name: String
}

extension Home {
    /// The archive of room keys.
    public var archivePath: String { "\(data)/archive" }
}

extension HeirloomError {
    init(_ error: ArchiveError, of path: String) {
        let problem: Problem =
            switch error {
            case .missing, .notAFile, .notOwned: .unreadable
            case .exists: .fileExists
            case .noFolder, .readOnly, .full, .system: .unwritable
            case .openToOthers: .openToOthers
            case .notAnArchive: .unknownKind
            case .newer: .newerVersion
            case .busy: .archiveBusy
            case .damaged, .damagedRatchet, .damagedRow: .damagedArchive
            case .locked, .wrongKey: .wrongArchiveKey
            case .megolm, .finished: .brokenLibrary
            case .badText: .badArgument
            case .unknown: .nothingMatched
            case .alreadyUndone, .irreversible, .stalePlan: .notReversible
            case .seen(let otherContent): otherContent ? .replayedWithOtherContent : .replayed
            }
        self.init(.archive, problem, "\(path.shown): \(error)")
    }
}
