import KeyFormats
import MatrixTypes
import Megolm

/// What became of every entry of one key file.
///
/// The counts add up: keys + otherRooms + withheld + invalid = entries.
public struct KeyFileReport: Encodable, Equatable, Sendable {
    /// Which kind of file it is.
    public enum Kind: String, Encodable, Sendable {
        /// Under a passphrase, as clients export all keys.
        case keyExport = "key-export"
        /// The same keys readable, as a JSON array.
        case keyArray = "key-array"
        /// A JSON object with an array called `sessions`.
        case sessions
        /// The keys that one room's history is shared by (MSC4268).
        case roomKeyBundle = "room-key-bundle"
        /// One readable key a line.
        case jsonLines = "json-lines"
        /// What a homeserver keeps for all of a person's clients.
        case serverBackup = "server-backup"
        /// Printed by Python where JSON belongs; read only to be mended.
        case pythonList = "python-list"

        init(_ layout: KeyFileLayout) {
            self =
                switch layout {
                case .array: .keyArray
                case .sessions: .sessions
                case .bundle: .roomKeyBundle
                case .lines: .jsonLines
                }
        }
    }

    /// Which spelling of the passphrase opened the file.
    public enum Spelling: String, Encodable, Sendable {
        /// UTF-8, as it was typed.
        case asTyped = "as-typed"
        /// ISO 8859-1, which some clients encode it as.
        case latin1 = "latin-1"
        /// With each accent part of its letter (Unicode's form NFC).
        case composed
        /// With each accent behind its letter (NFD).
        case decomposed

        init(_ spelling: KeyExport.PassphraseSpelling) {
            self =
                switch spelling {
                case .asTyped: .asTyped
                case .latin1: .latin1
                case .composed: .composed
                case .decomposed: .decomposed
                }
        }
    }

    /// One reason, and the entries it applies to.
    public struct Fault: Encodable, Equatable, Sendable {
        /// How many entry numbers are named.
        static let namedLimit = 10

        /// The reason, in words.
        public let reason: String
        /// How many entries it applies to.
        public internal(set) var count = 0
        /// The first of them, counted from 1.
        public internal(set) var entries: [Int] = []
    }

    /// The file; `-` is standard input.
    public let path: String
    /// Its kind.
    public internal(set) var kind: Kind?
    /// How the keys stand inside a key export, where that is not the usual array.
    public internal(set) var layout: Kind?
    /// PBKDF2 rounds of a key export.
    public internal(set) var rounds: UInt32?
    /// Which spelling of the passphrase opened it.
    public internal(set) var passphraseSpelling: Spelling?
    /// How wide the cipher's counter has to be taken, where that is not the usual 128 bits.
    public internal(set) var counterBits: Int?

    /// All entries.
    public internal(set) var entries = 0
    /// Sound keys of the room asked for, or of all rooms where none was.
    public internal(set) var keys = 0
    /// Keys of rooms that were not asked for.
    public internal(set) var otherRooms = 0
    /// Entries that say a session was withheld.
    public internal(set) var withheld = 0
    /// Entries that cannot be taken.
    public internal(set) var invalid = 0
    /// Why entries were not taken.
    public internal(set) var faults: [Fault] = []
    /// What was unusual about keys that were.
    public internal(set) var notes: [Fault] = []

    init(path: String) {
        self.path = path
    }

    mutating func count(_ entry: KeyFileEntry, number: Int) {
        entries += 1
        switch entry {
        case .roomKey(_, let entryNotes):
            keys += 1
            for (note, sentence) in Self.sentences where entryNotes.contains(note) {
                Self.add(sentence, number, to: &notes)
            }
        case .otherRoom: otherRooms += 1
        case .withheld: withheld += 1
        case .invalid(let fault):
            invalid += 1
            Self.add(fault.description, number, to: &faults)
        }
    }

    private static let sentences: [(EntryNotes, String)] = [
        (.originUnknown, "its creator's keys are missing or unsound: origin unknown"),
        (.idRespelled, "its session_id was missing or not canonical"),
        (.flagsDisagree, "two spellings of the shared-history flag disagree: counted as false"),
        (.flagNotBoolean, "its shared-history flag is not true or false: counted as false"),
        (.placeDisagrees, "the backup filed it under another room than it says itself"),
        (.signedKeyConverted, "it was a signed key, whose signature verified"),
    ]

    private static func add(_ reason: String, _ number: Int, to faults: inout [Fault]) {
        let place = faults.firstIndex { $0.reason == reason }
        let index = place ?? faults.count
        if place == nil { faults.append(Fault(reason: reason)) }
        faults[index].count += 1
        if faults[index].entries.count < Fault.namedLimit { faults[index].entries.append(number) }
    }
}
