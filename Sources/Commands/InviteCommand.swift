import ArgumentParser
import Heirloom

/// What an invite and an attachment have in common.
struct InviteOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Argument(help: "The Matrix user.")
    var who: String

    @Option(name: .long, help: "The room's id.")
    var room: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Key files: key exports, room key bundles, JSON. ‘-’ is standard input.")
    var keys: [String] = []

    @OptionGroup var archive: ArchiveOptions

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "To whom it is sealed; the contacts pinned to the user where it is not given.")
    var to: [String] = []

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Saved history to judge by; fetched from your homeserver where it is not given.",
            valueName: "file"))
    var history: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only from this time on: ISO 8601 with a zone, or a span back such as 30d.",
            valueName: "time"))
    var since: String?

    @Flag(
        name: .long,
        help: "Withhold sessions whose creator is not known to have allowed sharing.")
    var requireFlag = false

    @Option(name: .long, help: "For how many days it may be taken in (1 to 90).")
    var expiresIn: Int = 30

    @Flag(name: .long, help: "Show what would be handed over, and send nothing.")
    var plan = false

    @Flag(name: .long, help: "Do not ask before sending.")
    var yes = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @OptionGroup var account: AccountOptions
    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var identityPassphrase: IdentityPassphraseOptions

    func validate() throws {
        if keys.isEmpty, !archive.isAsked {
            throw ValidationError("Say where the keys are: --keys FILE…, --from-archive or both.")
        }
        guard (1...90).contains(expiresIn) else {
            throw ValidationError("--expires-in takes 1 to 90 days.")
        }
    }

    var request: InviteRequest {
        var share = ShareRequest(keyFiles: keys, room: room, recipients: to)
        share.archivePath = archive.path(common.home)
        share.historyFiles = history
        share.requiresFlag = requireFlag
        share.since = since
        share.lifetimeMilliseconds = UInt64(expiresIn) * 86_400_000
        share.roundsLimit = maxRounds
        var request = InviteRequest(user: who, share: share)
        request.login = account.user
        return request
    }

    /// Plans, asks and sends.
    func send(_ request: InviteRequest) async throws {
        let bar = ProgressBar()
        let invite = Invite(request, home: common.home, now: common.now) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given)
        let made = try await common.tellingLater { () async throws(HeirloomError) in
            defer { bar.clear() }
            return try await invite.plan(passphrases)
        }
        ShareText(made.report).tell(isPlan: plan)
        if plan {
            if common.json { Output.json(made.report) }
            return try Self.finish(made.report)
        }
        let report = try await common.tellingLater { () async throws(HeirloomError) in
            defer { bar.clear() }
            try confirm(made.report, request)
            return try await invite.send(made, passphrases)
        }
        if common.json { Output.json(report) }
        tell(report)
        note(made, report)
        try Self.finish(report.share)
        // They are invited, and what may go along did not.
        if report.without != nil { throw ExitCode(ExitStatus.partly.rawValue) }
    }

    /// Waits for a yes: what is sent cannot be un-sent.
    private func confirm(
        _ report: ShareReport, _ request: InviteRequest
    ) throws(HeirloomError) {
        let count = report.counts.allowed + report.counts.overridden
        if yes || (count == 0 && !request.invitesAnyway) { return }
        guard let terminal = Terminal() else {
            throw HeirloomError(
                .seal, .cancelled,
                "nothing was sent: there is no terminal to ask on, and --yes was not given")
        }
        let deed = request.way == .invite ? "Invite \(who.shown) and hand" : "Hand"
        guard
            terminal.confirm(
                "\(deed) over \("session".counted(count))? Keys cannot be un-sent.")
        else {
            throw HeirloomError(.seal, .cancelled, "nothing was sent")
        }
    }

    private func tell(_ report: InviteReport) {
        if let sealed = report.share.sealed { ShareText.tell(sealed) }
        if report.isInvited {
            Output.talk("Invited \(report.user.shown) to \(report.room.shown).")
        }
        if let without = report.without {
            let reason =
                switch without {
                case .nothingMatched: "there is none that was asked for"
                case .refusedByRules: "the rules let none through"
                case .tooLarge: "the sealed file is larger than the homeserver takes"
                case .uploadRefused: "the homeserver does not take the sealed file"
                }
            Output.talk("The invite carries NO keys: \(reason).")
        } else if report.media != nil {
            Output.talk("They take it in with: heirloom accept --room \(report.room.shown)")
        }
    }

    /// Notes in the archive's ledger, where there is an archive, what was given to whom.
    private func note(_ made: InvitePlan, _ report: InviteReport) {
        let ledger = KeyArchive(
            home: common.home, path: archive.path(common.home), now: common.now)
        guard let sealed = report.share.sealed, ledger.exists else { return }
        do throws(HeirloomError) {
            try ledger.note(made, bundleID: sealed.bundleID)
        } catch {
            Output.talk("note: the ledger does not have this hand-over: \(error.sentence)")
        }
    }

    private static func finish(_ report: ShareReport) throws {
        let counts = report.counts
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

/// Invites somebody with the room's past.
struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Invite somebody to a room, with its past.",
        discussion: """
            Judges by what your homeserver shows of the room, seals what may go to the contact pinned \
            to that user, uploads the sealed file and sends the invite with a reference to it. Where \
            nothing may go, nobody is invited, unless --even-without-keys says so.
            """)

    @OptionGroup var options: InviteOptions

    @Flag(name: .long, help: "Invite them even if no key may or can go along.")
    var evenWithoutKeys = false

    func run() async throws {
        var request = options.request
        request.invitesAnyway = evenWithoutKeys
        try await options.send(request)
    }
}

/// Hands the past to somebody who is in the room already.
struct AttachCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Hand the past to somebody who is in the room already.",
        discussion: """
            For people who joined without an invite, and for new devices. The sealed file goes to the \
            media repository and an event in another room says where, or it is written as a file to \
            pass on.
            """)

    @OptionGroup var options: InviteOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A room that both of you are in, such as your direct chat.", valueName: "room"))
    var through: String?

    @Option(name: .shortAndLong, help: "Write the sealed file, to be passed on, instead.")
    var output: String?

    @Flag(name: .long, help: "Replace a file of that name.")
    var force = false

    func validate() throws {
        if (through == nil) == (output == nil) {
            throw ValidationError(
                "Say how it reaches them, one of these: --through ROOM, or a file with -o FILE.")
        }
    }

    func run() async throws {
        var request = options.request
        if let through { request.way = .event(room: through) }
        if let output { request.way = .file(path: output, replacing: force) }
        try await options.send(request)
    }
}
