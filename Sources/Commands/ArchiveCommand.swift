import ArgumentParser
import Heirloom

/// Years of keys.
struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Keep keys for years, with where each came from.",
        discussion: """
            The archive is one file in your data folder, or where --archive says. Whoever has the \
            file sees rooms, session ids and sources; the keys themselves open only with your \
            identity, or with a key file that ‘archive key-file’ makes.
            """,
        subcommands: [
            Add.self, List.self, Verify.self, Export.self, Journal.self, Undo.self, Prune.self,
            Ledger.self, Read.self, Seal.self, Open.self, KeyFile.self,
        ])

    /// Which archive.
    struct Place: ParsableArguments {
        @OptionGroup var common: CommonOptions

        @Option(
            name: .long,
            help: ArgumentHelp("Another archive than your usual one.", valueName: "file"))
        var archive: String?

        @Option(
            name: .long,
            help: ArgumentHelp(
                "Unlock the archive with this key file, not the identity.", valueName: "file"))
        var archiveKeyFile: String?

        func keyArchive(_ bar: ProgressBar = ProgressBar()) -> KeyArchive {
            KeyArchive(
                home: common.home, path: archive, keyFile: archiveKeyFile, now: common.now
            ) { bar.update($0) }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in key files; adding one twice changes nothing.")

        @OptionGroup var place: Place

        @Argument(help: "Key files; ‘-’ is standard input.")
        var files: [String]

        @Option(
            name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
        var maxRounds: UInt32 = KeyFileLimits.usualRounds

        @OptionGroup var keysPassphrase: KeysPassphraseOptions
        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        private struct Document: Encodable {
            let schema = "heirloom.archive-add.v1"
            let path: String
            let files: [ArchiveAddReport]
        }

        func run() throws {
            let bar = ProgressBar()
            let archive = place.keyArchive(bar)
            let passphrases = Passphrases(
                identity: identityPassphrase.given, keyFiles: files, keys: keysPassphrase.given)
            var reports: [ArchiveAddReport] = []
            for file in files {
                let report = try place.common.telling { () throws(HeirloomError) in
                    try archive.add(file, passphrases, roundsLimit: maxRounds)
                }
                bar.clear()
                ArchiveText.tell(report)
                reports.append(report)
            }
            if place.common.json { Output.json(Document(path: archive.path, files: reports)) }
            if reports.contains(where: {
                $0.file.invalid + $0.counts.conflicting + $0.dropped > 0
            }) {
                throw ExitCode(ExitStatus.partly.rawValue)
            }
            if reports.allSatisfy({ $0.counts.total == 0 }) {
                throw ExitCode(ExitStatus.nothingMatched.rawValue)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List rooms and sources, and the sessions of one.",
            discussion: "Needs no passphrase.")

        @OptionGroup var place: Place

        @Option(name: .long, help: "The sessions of this room.")
        var room: String?

        @Option(name: .long, help: "The sessions that this source brought, by its number.")
        var source: Int64?

        func run() throws {
            let report = try place.common.telling { () throws(HeirloomError) in
                try place.keyArchive().list(room: room, source: source)
            }
            guard !place.common.json else { return Output.json(report) }
            ArchiveText.tell(report)
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the file, every row and every key; with history, prove keys.")

        @OptionGroup var place: Place

        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp("Saved history of a room.", valueName: "file"))
        var history: [String] = []

        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        func run() throws {
            let report = try place.common.telling { () throws(HeirloomError) in
                try place.keyArchive().verify(
                    history: history, Passphrases(identity: identityPassphrase.given))
            }
            for file in report.historyFiles { HistoryText.tell(file) }
            for fault in report.faults { Output.talk("  \(fault.shown)") }
            Output.talk(
                "\("session".counted(report.sessions)), \("key".counted(report.copies)), "
                    + "\(report.opened) opened, \(report.faultCount) at fault")
            if report.opened > report.copies {
                Output.talk(
                    "  \(report.opened - report.copies) of them are pruned, and not for good")
            }
            if !history.isEmpty {
                Output.talk(
                    "  messages proved \("key".counted(report.proven)) and spoke against "
                        + "\(report.refuted)")
            }
            if place.common.json { Output.json(report) }
            if report.faultCount > 0 { throw ExitCode(ExitStatus.damaged.rawValue) }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write keys out for a client: each session once, from where it may be used.")

        @OptionGroup var place: Place

        @Option(name: .long, help: "key-export, room-key-bundle, encrypted-bundle or json-lines.")
        var to: ConvertRequest.Format = .keyExport

        @Option(name: .shortAndLong, help: "The file to write, mode 0600; ‘-’ is standard output.")
        var output: String

        @Option(name: .long, help: "Only this room's keys.")
        var room: String?

        @Flag(name: .long, help: "Only keys that a real message proved.")
        var proven = false

        @Option(name: .long, help: "Only from this time on; needs --history.")
        var since: String?

        @Option(name: .long, help: "Only until this time; needs --history.")
        var until: String?

        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp("Saved history of the room.", valueName: "file"))
        var history: [String] = []

        @Flag(name: .long, help: "Agree to write keys that anyone with the file can read.")
        var readable = false

        @Flag(name: .long, help: "Replace a file of that name.")
        var force = false

        @OptionGroup var identityPassphrase: IdentityPassphraseOptions
        @OptionGroup var deliverPassphrase: DeliverPassphraseOptions

        func validate() throws {
            if to.isReadable, !readable {
                throw ValidationError(
                    "\(to.rawValue) is not encrypted: add --readable if that is what you want.")
            }
            if place.common.json, output == "-" {
                throw ValidationError("--json and ‘-o -’ would both write to standard output.")
            }
        }

        func run() throws {
            var request = ArchiveExportRequest(to: to)
            request.room = room
            request.provenOnly = proven
            request.historyFiles = history
            request.since = since
            request.until = until
            let destination = Destination(path: output, replacing: force, allowsTerminal: true)
            let passphrases = Passphrases(
                identity: identityPassphrase.given, deliver: deliverPassphrase.given)
            let report = try place.common.telling { () throws(HeirloomError) in
                try destination.check()
                return try place.keyArchive().export(request, into: destination, passphrases)
            }
            for file in report.historyFiles { HistoryText.tell(file) }
            let left =
                report.notProven + report.contradicted + report.outsideWindow + report.unknownAge
            Output.talk(
                "Wrote \("key".counted(report.keys)) of \("session".counted(report.sessions)) "
                    + "(\(report.byteCount) bytes); \(report.withheld) named as withheld, "
                    + "\(left) left out")
            if to == .encryptedBundle {
                Output.talk(
                    "\(output.shown).json opens it: send it only inside an encrypted message")
            }
            if place.common.json { Output.json(report) }
            if report.contradicted + report.unknownAge > 0 {
                throw ExitCode(ExitStatus.partly.rawValue)
            }
        }
    }

    struct Journal: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List everything that changed the archive.")

        @OptionGroup var place: Place

        private struct Document: Encodable {
            let schema = "heirloom.archive-journal.v1"
            let entries: [ArchiveEntry]
        }

        func run() throws {
            let entries = try place.common.telling { () throws(HeirloomError) in
                try place.keyArchive().journal()
            }
            guard !place.common.json else { return Output.json(Document(entries: entries)) }
            for entry in entries { ArchiveText.tell(entry) }
        }
    }

    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take one journal entry back; what later sources brought stays.",
            discussion: """
                A client that already imported the keys cannot be undone from here.
                """)

        @OptionGroup var place: Place

        @Argument(help: "The entry's number, or the id of a bundle that was taken in.")
        var entry: String

        func run() throws {
            let undone = try place.common.telling { () throws(HeirloomError) in
                try place.keyArchive().undo(entry)
            }
            guard !place.common.json else {
                return Output.json(Versioned(undone, schema: "heirloom.archive-entry.v1"))
            }
            ArchiveText.tell(undone)
        }
    }

    struct Ledger: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was given to whom, when and from which message on.")

        @OptionGroup var place: Place

        @Flag(name: .long, help: "Every session of every hand-over.")
        var sessions = false

        @Option(
            name: .long,
            help: ArgumentHelp("Add a recipient's receipt first.", valueName: "file"))
        var addReceipt: String?

        private struct Document: Encodable {
            let schema = "heirloom.archive-ledger.v1"
            let handOvers: [ArchiveLedgerEntry]
        }

        func run() throws {
            let entries = try place.common.telling { () throws(HeirloomError) in
                if let addReceipt {
                    let added = try place.keyArchive().addReceipt(addReceipt)
                    Output.talk(
                        "\(added.signer.shown) took in \(added.taken) of "
                            + "\("session".counted(Int(added.total))) at \(added.receivedAt)")
                }
                return try place.keyArchive().ledger(sessions: sessions || place.common.json)
            }
            guard !place.common.json else { return Output.json(Document(handOvers: entries)) }
            if entries.isEmpty { Output.talk("Nothing was handed over yet.") }
            for entry in entries { ArchiveText.tell(entry) }
        }
    }
}
