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
    let now: UInt64
    let report: (Progress) -> Void

    /// Names an archive; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - path: `nil` for the one in the data folder.
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        home: Home, path: String?, now: UInt64, report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.home = home
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
        let identity = try home.openIdentity(passphrases)
        let wrapping = identity.derivedKey(for: Self.purpose)
        let name = identity.publicIdentity.text
        let archive: Archive
        do throws(ArchiveError) {
            archive = try Archive.open(at: path, access: access)
        } catch .missing where create {
            try home.makeData()
            return try make(wrapping, name)
        } catch {
            throw HeirloomError(error, of: path)
        }
        return try unlock(archive, wrapping, name)
    }

    private func make(
        _ wrapping: borrowing SecretBytes, _ name: String
    ) throws(HeirloomError) -> Archive {
        var random = AnyRandomSource(SystemRandomSource())
        let key = ArchiveKey(from: &random)
        let wrapped = WrappedArchiveKey(key, under: wrapping.bytes, random: &random)
        do throws(ArchiveError) {
            let slot = try KeySlot(name: name, wrapped: wrapped)
            return try Archive.create(at: path, key: key, slots: [slot])
        } catch {
            throw HeirloomError(error, of: path)
        }
    }

    private func unlock(
        _ archive: Archive, _ wrapping: borrowing SecretBytes, _ name: String
    ) throws(HeirloomError) -> Archive {
        do throws(ArchiveError) {
            guard let slot = try archive.keySlots().first(where: { $0.name == name }) else {
                throw .wrongKey
            }
            return try archive.unlocked(with: slot.wrapped.unwrapped(under: wrapping.bytes))
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
