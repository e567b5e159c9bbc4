import ArgumentParser
import Heirloom

/// Takes a hand-over in.
struct ReceiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive", abstract: "Open a hand-over, check it, and take its keys.",
        discussion: """
            Checks who signed, whom it is for, which room, and the rules; --deliver writes what your \
            own Matrix client imports. With --history, and --for naming your own Matrix user, the \
            rules are applied message by message and keys are proven by real messages. --plan shows \
            all of it and writes nothing.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The sealed file; ‘-’ is standard input.")
    var file: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Pictures of QR codes instead of a file: photos, screenshots, scans.",
            discussion: """
                PNG (also moving) and JPEG, in any order; ‘-’ reads their paths from standard input, \
                one a line. What is seen is kept until a later scan completes it.
                """,
            valueName: "picture"))
    var scan: [String] = []

    @Option(name: .long, help: "Whom it is from: a contact's name or a whole heir1… identity.")
    var from: String?

    @Option(name: .long, help: "The room's id.")
    var room: String?

    @OptionGroup var history: HistoryOptions

    @Flag(name: .long, help: "Judge yourself as joining the room now.")
    var asJoining = false

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Key files of keys you hold: compared with, never replaced by worse or false ones.")
    var keys: [String] = []

    @Flag(name: .long, help: "Take only keys that a real message proves.")
    var requireProof = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @Flag(name: .long, help: "Keep the keys in your archive.")
    var keep = false

    @Option(
        name: .long,
        help: ArgumentHelp("Keep the keys in this archive.", valueName: "file"))
    var archive: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write a signed receipt for the giver's ledger.", valueName: "file"))
    var receipt: String?

    @Option(name: .long, help: "Write a key file for your Matrix client; ‘-’ is standard output.")
    var deliver: String?

    @Flag(name: .long, help: "Show what would be taken in, and write nothing.")
    var plan = false

    @Flag(name: .long, help: "Take also what the giver handed over against the rules' advice.")
    var acceptOverrides = false

    @Flag(name: .long, help: "Take in a bundle that was taken in before.")
    var again = false

    @Flag(name: .long, help: "Replace a file of that name.")
    var force = false

    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var identityPassphrase: IdentityPassphraseOptions
    @OptionGroup var deliverPassphrase: DeliverPassphraseOptions

    func validate() throws {
        if (file == nil) == scan.isEmpty {
            throw ValidationError(
                "Name one of these: the sealed file, or pictures of its codes with --scan.")
        }
        if receipt != nil, deliver == nil, !keep, archive == nil {
            throw ValidationError(
                "A receipt is for what was taken in: add --deliver, --keep or --archive.")
        }
        if requireProof, history.history.isEmpty {
            throw ValidationError("--require-proof needs the room's messages: --history.")
        }
        if common.json, deliver == "-" {
            throw ValidationError("--json and ‘--deliver -’ would both write to standard output.")
        }
    }

    func run() throws {
        let scanned = try common.telling { () throws(HeirloomError) in try lookAtPictures() }
        var request = ReceiveRequest(file: file ?? "the codes")
        request.sealedBytes = scanned?.bytes
        request.from = from
        request.room = room
        request.historyFiles = history.history
        request.judgedFor = history.for
        request.asJoining = asJoining
        request.heldKeyFiles = keys
        request.requiresProof = requireProof
        request.roundsLimit = maxRounds
        request.acceptsOverrides = acceptOverrides
        request.again = again
        let bar = ProgressBar()
        var receive = Receive(request, home: common.home, now: common.now) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given,
            deliver: deliverPassphrase.given)
        let destination = deliver.map {
            Destination(path: $0, replacing: force, allowsTerminal: true)
        }

        let report = try common.telling { () throws(HeirloomError) in
            if !plan, let destination { try destination.check() }
            let made = try receive.plan(passphrases, confirm: confirm)
            bar.clear()
            var report = made.report
            ReceiveText(report).tell(isPlan: plan)
            if !plan, let destination {
                report.delivered = try receive.deliver(made, into: destination, passphrases)
                bar.clear()
            }
            if !plan, keep || archive != nil {
                try made.checkNotEmpty()
                let kept = KeyArchive(home: common.home, path: archive, now: common.now)
                report.archived = try kept.keep(made, passphrases)
                try receive.noteTakenIn(made)
            }
            if !plan, report.delivered != nil || report.archived != nil, let scanned {
                try common.home.forget(scanned.scan)
            }
            if !plan, let receipt {
                try receive.writeReceipt(
                    made, into: Destination(path: receipt, replacing: force), passphrases)
                Output.talk("Wrote the receipt \(receipt.shown): send it to the giver.")
                bar.clear()
            }
            return report
        }
        if common.json { Output.json(report) }
        ReceiveText(report).tellDelivered(isPlan: plan)
        try finish(report)
    }

    /// The sealed bytes that the pictures' codes give; `nil` without pictures.
    private func lookAtPictures() throws(HeirloomError) -> (bytes: [UInt8], scan: CodeScan)? {
        guard !scan.isEmpty else { return nil }
        var paths = scan
        if paths == ["-"] {
            paths = []
            while let line = Swift.readLine() { if !line.isEmpty { paths.append(line) } }
        }
        let bar = ProgressBar()
        let scanned = try common.home.scan(paths, report: { bar.update($0) }) { reading in
            bar.clear()
            CodesText.tell(reading)
        }
        CodesText.tell(scanned.transfers)
        return (try scanned.sealedBytes(), scanned)
    }

    private func confirm(_ summary: HandoverSummary) throws(HeirloomError) -> Bool {
        guard let terminal = Terminal() else {
            throw HeirloomError(
                .verify, .badArgument,
                "without a terminal to ask on, --from and --room must both be given")
        }
        terminal.show("The signature is good.\n")
        terminal.show("  room   \(summary.room.shown)\n")
        let check = summary.giver.verifiedAt == nil ? "not verified" : "verified"
        terminal.show("  from   \(summary.giver.title.shown) (\(check))\n")
        if let user = summary.claimedUser { terminal.show("  who says to be \(user.shown)\n") }
        terminal.show("  made   \(summary.createdAt)\n")
        return terminal.confirm("Go on with this room and this giver?")
    }

    private func finish(_ report: ReceiveReport) throws {
        let account = report.account
        if account.total == 0 { throw ExitCode(ExitStatus.nothingMatched.rawValue) }
        if account.worse == account.total {
            throw ExitCode(ExitStatus.nothingMatched.rawValue)
        }
        if account.taken == 0 { throw ExitCode(ExitStatus.refused.rawValue) }
        if account.taken + account.worse < account.total {
            throw ExitCode(ExitStatus.partly.rawValue)
        }
    }
}
