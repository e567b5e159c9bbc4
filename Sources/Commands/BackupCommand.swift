import ArgumentParser
import Heirloom

/// The key backup on the homeserver.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Read and add to your key backup on the homeserver.",
        discussion: """
            It opens with its recovery key, with the key or passphrase of your secret storage, or \
            with the passphrase that old clients made it from. Anybody who knows a backup's public \
            key, the server first, can add to it: every session is checked, and none proves anything.
            """,
        subcommands: [Pull.self, Push.self])

    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the keys out, into a key file or an archive.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var account: AccountOptions

        @Option(name: .long, help: "Only this room's keys.")
        var room: String?

        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp("Only these sessions of the room.", valueName: "id"))
        var session: [String] = []

        @Option(
            name: .shortAndLong,
            help: "A key file to write, for a Matrix client; ‘-’ is standard output.")
        var output: String?

        @Flag(name: .long, help: "Keep the keys in your archive.")
        var keep = false

        @Option(
            name: .long, help: ArgumentHelp("Keep the keys in this archive.", valueName: "file"))
        var archive: String?

        @Flag(name: .long, help: "Replace a file of that name.")
        var force = false

        @Option(
            name: .long,
            help: "Permit passphrases with more key-derivation rounds than ten million.")
        var maxRounds: UInt32 = KeyFileLimits.usualRounds

        @OptionGroup var recoveryKey: RecoveryKeyOptions
        @OptionGroup var identityPassphrase: IdentityPassphraseOptions
        @OptionGroup var deliverPassphrase: DeliverPassphraseOptions

        private struct Document: Encodable {
            let schema = "heirloom.backup-pull.v1"
            let file: ConvertReport?
            let archive: ArchiveAddReport?
        }

        func validate() throws {
            if output == nil, !keep, archive == nil {
                throw ValidationError("Say where the keys go: -o FILE, --keep or --archive FILE.")
            }
            if output != nil, keep || archive != nil {
                throw ValidationError("The keys go into a file or an archive, not both at once.")
            }
            if common.json, output == "-" {
                throw ValidationError("--json and ‘-o -’ would both write to standard output.")
            }
            if !session.isEmpty, room == nil {
                throw ValidationError("Name the sessions' room with --room.")
            }
        }

        func run() async throws {
            let bar = ProgressBar()
            let passphrases = Passphrases(
                identity: identityPassphrase.given, deliver: deliverPassphrase.given,
                recoveryKey: recoveryKey.given)
            let destination = output.map {
                Destination(path: $0, replacing: force, allowsTerminal: true)
            }
            let document = try await common.tellingLater { () async throws(HeirloomError) in
                defer { bar.clear() }
                try destination?.check()
                let pulled = try await common.home.pullBackup(
                    room: room, sessions: session, user: account.user)
                guard let destination else {
                    let kept = KeyArchive(home: common.home, path: archive, now: common.now) {
                        bar.update($0)
                    }
                    return Document(
                        file: nil,
                        archive: try kept.add(pulled, passphrases, roundsLimit: maxRounds))
                }
                var request = ConvertRequest(keyFiles: [], room: room, to: .keyExport)
                request.roundsLimit = maxRounds
                var convert = Convert(request, pulled: pulled, home: common.home) {
                    bar.update($0)
                }
                return Document(
                    file: try convert.run(into: destination, passphrases), archive: nil)
            }
            tell(document)
            if common.json { Output.json(document) }
            let invalid = document.file?.files.map(\.invalid).reduce(0, +) ?? 0
            let archived = document.archive.map {
                $0.file.invalid + $0.counts.conflicting + $0.dropped
            }
            if invalid + (document.file?.conflicting ?? 0) + (archived ?? 0) > 0 {
                throw ExitCode(ExitStatus.partly.rawValue)
            }
        }

        private func tell(_ document: Document) {
            if let archived = document.archive { ArchiveText.tell(archived) }
            guard let file = document.file else { return }
            for file in file.files { KeyFileText(file).tell() }
            Output.talk(
                "Wrote \("key".counted(file.keys)) (\(file.byteCount) bytes); \(file.conflicting) left "
                    + "out because their copies conflict")
        }
    }

    struct Push: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a room's keys, so that all your clients get them.",
            discussion: """
                Needs what opens the backup: it shows that the backup is yours, and what it holds. A \
                better key there is never replaced, and what was sent is read back.
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var account: AccountOptions

        @Option(name: .long, help: "The room's id.")
        var room: String

        @Option(
            name: .long, parsing: .upToNextOption,
            help: "Key files: key exports, room key bundles, JSON. ‘-’ is standard input.")
        var keys: [String] = []

        @OptionGroup var archive: ArchiveOptions

        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp(
                "Saved history of the room: keys are tried on its messages.",
                discussion: """
                    What messages contradict stays out; what they prove is added also where it \
                    reaches further back than the backup's own copy can show.
                    """,
                valueName: "file"))
        var history: [String] = []

        @Option(
            name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
        var maxRounds: UInt32 = KeyFileLimits.usualRounds

        @OptionGroup var recoveryKey: RecoveryKeyOptions
        @OptionGroup var keysPassphrase: KeysPassphraseOptions
        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        func validate() throws {
            if keys.isEmpty, !archive.isAsked {
                throw ValidationError(
                    "Say where the keys are: --keys FILE…, --from-archive or both.")
            }
        }

        func run() async throws {
            var request = BackupPushRequest(room: room)
            request.keyFiles = keys
            request.archivePath = archive.path(common.home)
            request.historyFiles = history
            request.user = account.user
            request.roundsLimit = maxRounds
            let asked = request
            let bar = ProgressBar()
            let passphrases = Passphrases(
                identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given,
                recoveryKey: recoveryKey.given)
            let report = try await common.tellingLater { () async throws(HeirloomError) in
                defer { bar.clear() }
                var push = BackupPush(home: common.home, roundsLimit: maxRounds) {
                    bar.update($0)
                }
                return try await push.push(asked, now: common.now, passphrases)
            }
            for file in report.files { KeyFileText(file).tell() }
            for file in report.historyFiles { HistoryText.tell(file) }
            BackupText.tell(report)
            if common.json { Output.json(report) }
            if report.held < report.sessions { throw ExitCode(ExitStatus.partly.rawValue) }
        }
    }
}

/// Where the key to the backup on the homeserver comes from.
struct RecoveryKeyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read the backup's recovery key, or the security phrase, from this file's first line.",
            valueName: "file"))
    var recoveryKeyFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Read it from this descriptor.", valueName: "fd"))
    var recoveryKeyFd: Int32?

    var given: GivenPassphrase? { GivenPassphrase(recoveryKeyFile, recoveryKeyFd) }
}

/// A backup's account in words.
enum BackupText {
    static func tell(_ report: BackupPushReport) {
        Output.talk(
            "\(report.new) new + \(report.improved) improved + \(report.same) same + "
                + "\(report.worse) worse + \(report.conflicting) conflicting + "
                + "\(report.unproven) unproven + \(report.notTaken) not taken by the server = "
                + "session".counted(report.sessions))
        if !report.historyFiles.isEmpty || report.proven > 0 {
            Output.talk("  \(report.proven) of them are proven by a real message")
        }
        Output.talk(
            "\(report.user.shown)’s key backup (version \(report.version.shown)) has "
                + "\(report.held) of them")
    }
}
