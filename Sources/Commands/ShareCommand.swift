import ArgumentParser
import Foundation
import Heirloom

/// Hands one room's keys over.
struct ShareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share", abstract: "Seal one room's keys to people.",
        discussion: """
            Takes the room's keys from key files, leaves out what the rules forbid, signs the rest \
            and seals it to the recipients. With --history the rules are applied message by message; \
            without, a session's own flag decides. --plan shows all of it and writes nothing.
            """)

    @OptionGroup var common: CommonOptions

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Key files: key exports, room key bundles, JSON. ‘-’ is standard input.")
    var keys: [String] = []

    @OptionGroup var archive: ArchiveOptions

    @Option(name: .long, help: "The room's id, as in ‘!abc:example.org’.")
    var room: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "To whom: contacts' names or whole heir1… identities.")
    var to: [String] = []

    @OptionGroup var history: HistoryOptions

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Judge recipients as joining the room now.")
    var asJoining = true

    @Flag(
        name: .long,
        help: "Withhold sessions whose creator is not known to have allowed sharing.")
    var requireFlag = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only from this time on: ISO 8601 with a zone, or a span back such as 30d.",
            valueName: "time"))
    var since: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only until this time; sessions that run past it open what follows.",
            valueName: "time"))
    var until: String?

    @Flag(name: .long, help: "Leave out sessions that run past the end of the window.")
    var strictEnd = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Answer a request for missing keys with exactly those.", valueName: "file"))
    var request: String?

    @Option(name: .shortAndLong, help: "The sealed file to write; ‘-’ is standard output.")
    var output: String?

    @OptionGroup var codes: CodeOptions

    @Flag(name: .long, help: "Show what would be handed over, and write nothing.")
    var plan = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Hand over also what the rules withhold, for this reason.",
            discussion: """
                The reason is signed and shown to the receiver, who must accept it. What the rules \
                refuse stays refused.
                """,
            valueName: "reason"))
    var override: String?

    @Option(name: .long, help: "The Matrix user you say to be; the receiver sees it.")
    var `as`: String?

    @Option(name: .long, help: "For how many days it may be taken in (1 to 90).")
    var expiresIn: Int = 30

    @Flag(name: .long, help: "Do not ask before sealing.")
    var yes = false

    @Flag(name: .long, help: "Replace a file of that name.")
    var force = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @Flag(name: .long, help: "Take keys whose first message index is above 16,777,216.")
    var highIndices = false

    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var identityPassphrase: IdentityPassphraseOptions

    func validate() throws {
        if output == nil, !plan, !codes.isAsked {
            throw ValidationError(
                "Give the sealed file's name with ‘-o FILE’, or ask for --qr or --plan.")
        }
        let onStandardOutput = [common.json, output == "-", codes.qr == "-"].count { $0 }
        if onStandardOutput > 1 {
            throw ValidationError("Only one thing can be written to standard output.")
        }
        if !(1...3600).contains(codes.qrSeconds) {
            throw ValidationError("--qr-seconds takes 1 to 3600.")
        }
        if keys.isEmpty, !archive.isAsked {
            throw ValidationError("Say where the keys are: --keys FILE…, --from-archive or both.")
        }
        if request == nil, room == nil { throw ValidationError("Name the room with --room.") }
        if request == nil, to.isEmpty { throw ValidationError("Name the recipients with --to.") }
        if strictEnd, until == nil {
            throw ValidationError("--strict-end needs a window with an end: --until.")
        }
        guard (1...90).contains(expiresIn) else {
            throw ValidationError("--expires-in takes 1 to 90 days.")
        }
        if let override, override.isEmpty || override.utf8.count > 255 {
            throw ValidationError("--override takes a reason of 1 to 255 bytes.")
        }
    }

    private var shareRequest: ShareRequest {
        var asked = ShareRequest(keyFiles: keys, room: room, recipients: to)
        asked.archivePath = archive.path(common.home)
        asked.historyFiles = history.history
        asked.judgedFor = history.for
        asked.asJoining = asJoining
        asked.requiresFlag = requireFlag
        asked.since = since
        asked.until = until
        asked.strictEnd = strictEnd
        asked.requestFile = request
        asked.overrideReason = override
        asked.giver = `as`
        asked.lifetimeMilliseconds = UInt64(expiresIn) * 86_400_000
        asked.roundsLimit = maxRounds
        asked.takesHighIndices = highIndices
        return asked
    }

    func run() throws {
        let bar = ProgressBar()
        var share = Share(shareRequest, home: common.home, now: common.now) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given)
        let destination = output.map { Destination(path: $0, replacing: force) }

        let report = try common.telling { () throws(HeirloomError) in
            if !plan, let destination { try destination.check() }
            let made = try share.plan(passphrases)
            bar.clear()
            var report = made.report
            ShareText(report).tell(isPlan: plan)
            if plan { return report }
            try made.checkNotEmpty()
            try confirm(report)
            if codes.isAsked {
                try hand(over: try share.seal(made, passphrases), destination, bar, &report)
            } else if let destination {
                report.sealed = try share.seal(made, into: destination, passphrases)
            }
            bar.clear()
            note(made, report)
            return report
        }
        if common.json { Output.json(report) }
        if let sealed = report.sealed { ShareText.tell(sealed) }
        try finish(report)
    }

    /// Notes in the archive's ledger, where there is an archive, what was given to whom.
    ///
    /// What is sealed is sealed: a ledger that cannot be written is told of and undoes nothing.
    private func note(_ made: SharePlan, _ report: ShareReport) {
        let ledger = KeyArchive(
            home: common.home, path: archive.path(common.home), now: common.now)
        guard let sealed = report.sealed, ledger.exists else { return }
        do throws(HeirloomError) {
            try ledger.note(made, bundleID: sealed.bundleID)
        } catch {
            Output.talk("note: the ledger does not have this hand-over: \(error.sentence)")
        }
    }

    /// The sealed bytes as codes, and as a file too where one was asked for: the same bytes, so that
    /// either is the other's copy.
    private func hand(
        over sealed: SealedHandOver, _ destination: Destination?, _ bar: ProgressBar,
        _ report: inout ShareReport
    ) throws(HeirloomError) {
        report.sealed = SealedReport(sealed, path: destination?.path)
        if let folder = codes.qr, folder != "-" {
            let row = try CodeRow(sealed.bytes, on: .screen(codes.qrDensity))
            let paper = try CodeRow(sealed.bytes, on: .paper)
            CodesText.tell(row.plan)
            let written = try row.write(into: folder, paper: paper, replacing: force) {
                bar.update($0)
            }
            bar.clear()
            CodesText.tell(written)
            report.codes.append(written)
        }
        if let path = codes.qrAnimated {
            let row = try CodeRow(sealed.bytes, on: .moving(codes.qrDensity))
            CodesText.tell(row.plan)
            let written = try row.writeMoving(
                to: Destination(path: path, replacing: force))
            CodesText.tell(written)
            report.codes.append(written)
        }
        if let destination { try destination.write(sealed.bytes) }
        if codes.qr == "-" {
            let size = CodeShow.terminalSize
            let row = try CodeRow(
                sealed.bytes, on: .terminal(columns: size.columns, rows: size.rows))
            CodesText.tell(row.plan)
            try CodeShow.show(row, seconds: codes.qrSeconds)
        }
    }

    /// Waits for a yes: what is sealed and sent cannot be un-sent.
    private func confirm(_ report: ShareReport) throws(HeirloomError) {
        if yes { return }
        guard let terminal = Terminal() else {
            throw HeirloomError(
                .seal, .cancelled,
                "nothing was sealed: there is no terminal to ask on, and --yes was not given")
        }
        let count = report.counts.allowed + report.counts.overridden
        guard
            terminal.confirm(
                "Seal \(count == 1 ? "this session" : "these \(count) sessions")? Keys cannot be un-sent."
            )
        else {
            throw HeirloomError(.seal, .cancelled, "nothing was sealed")
        }
    }

    private func finish(_ report: ShareReport) throws {
        let counts = report.counts
        if counts.sessions == 0 { throw ExitCode(ExitStatus.nothingMatched.rawValue) }
        let rest = counts.withheld + counts.refused + counts.conflicting
        if counts.allowed + counts.overridden == 0 {
            let status: ExitStatus = rest > 0 ? .refused : .nothingMatched
            throw ExitCode(status.rawValue)
        }
        if rest + counts.unknownAge > 0 || report.files.contains(where: { $0.invalid > 0 }) {
            throw ExitCode(ExitStatus.partly.rawValue)
        }
    }
}
