package import Megolm

/// Why an archive cannot do what was asked.
///
/// Whatever the reason, the archive is what it was before the call.
package enum ArchiveError: Error, Equatable, Sendable {
    /// No such file.
    case missing
    /// There is a file of that name already.
    case exists
    /// The folder to make it in is missing.
    case noFolder
    /// A symbolic link, a directory, a device: not a file of the owner's own.
    case notAFile
    /// Others than its owner can read or write it; `mode` is its permission bits.
    case openToOthers(mode: UInt32)
    /// Owned by somebody else.
    case notOwned
    /// A file of another kind.
    case notAnArchive
    /// Made by a newer program.
    case newer(version: Int, known: Int)
    /// The file, its folder or the caller's choice allows reading only.
    case readOnly
    /// Another program is writing; it did not finish in time.
    case busy
    /// No room left on the disk.
    case full
    /// The file is damaged; `reason` is SQLite's word for how.
    case damaged(reason: String)
    /// The archive was opened without its key.
    case locked
    /// The key, or what a key was wrapped under, belongs to another archive or is wrong.
    case wrongKey
    /// A sealed ratchet does not open, or holds another session than its row says.
    case damagedRatchet(session: String)
    /// A row says what no archive says.
    case damagedRow(table: String)
    /// libolm or the key's own form refuses a ratchet.
    case megolm(MegolmError)
    /// A name or a text is empty, not printable or longer than accepted, in bytes.
    case badText(limit: Int)
    /// The journal, the sources or a session has no such entry.
    case unknown(Reference)
    /// The entry was undone before.
    case alreadyUndone
    /// An entry of this kind, or a prune that was confirmed, cannot be undone or confirmed.
    case irreversible
    /// The archive changed after the plan was made.
    case stalePlan
    /// An import that was finished, cancelled or failed is used again.
    case finished
    /// A bundle of this id was seen before; `otherContent` when its manifest was another.
    case seen(otherContent: Bool)
    /// The system refused; `code` is its error number or SQLite's.
    case system(code: Int32)

    /// What was looked for.
    package enum Reference: Hashable, Sendable {
        case journalEntry, source, candidate, handOver
    }
}

extension ArchiveError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "there is no such archive"
        case .exists: "there is a file of that name already"
        case .noFolder: "the folder to make it in does not exist"
        case .notAFile: "it is not a regular file"
        case .openToOthers(let mode):
            "others can read or write it (mode \(String(mode, radix: 8))), expected mode 600"
        case .notOwned: "it belongs to another user"
        case .notAnArchive: "it is not an archive"
        case .newer(let version, let known):
            "it is of version \(version), made by a newer program; this one knows up to \(known)"
        case .readOnly: "it can only be read"
        case .busy: "another program is writing to it"
        case .full: "there is no space left on the disk"
        case .damaged(let reason): "its file is damaged: \(reason)"
        case .locked: "the archive's key is needed for that"
        case .wrongKey: "the key is not this archive's"
        case .damagedRatchet(let session): "the key of session \(session) does not open"
        case .damagedRow(let table): "a row of its table “\(table)” is damaged"
        case .megolm(let error): error.description
        case .badText(let limit):
            "a name or text in it is empty, unprintable or longer than \(limit) bytes"
        case .unknown(let reference): "it has no such \(reference.noun)"
        case .alreadyUndone: "that was undone before"
        case .irreversible: "that cannot be undone or confirmed"
        case .stalePlan: "it changed after the plan was made"
        case .finished: "the import is over"
        case .seen(let otherContent):
            otherContent
                ? "another bundle of the same id was taken in before"
                : "the bundle was taken in before"
        case .system(let code): "the system refused (error \(code))"
        }
    }
}

extension ArchiveError.Reference {
    fileprivate var noun: String {
        switch self {
        case .journalEntry: "journal entry"
        case .source: "source"
        case .candidate: "session key"
        case .handOver: "hand-over"
        }
    }
}
