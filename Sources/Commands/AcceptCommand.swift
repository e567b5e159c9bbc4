import ArgumentParser
import Heirloom

/// Accepts an invite that carries keys.
struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Accept an invite and take in the keys that came with it.",
        discussion: """
            Downloads the sealed file, checks who signed it, joins the room, and applies the rules to \
            what your homeserver then shows you. The keys go to your key backup, from which all your \
            clients get them, or to a file with --deliver. If nobody you know signed it, you do not \
            join.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var account: AccountOptions

    @Option(name: .long, help: "The room's id.")
    var room: String

    @Option(
        name: .long,
        help: "Whom it must be from; the contact pinned to whoever invited you otherwise.")
    var from: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Another room, in which ‘attach’ announced the keys.", valueName: "room"))
    var through: String?

    @Option(
        name: .long,
        help: "Write a key file for your Matrix client instead; ‘-’ is standard output.")
    var deliver: String?

    @Flag(name: .long, help: "Keep the keys in your archive.")
    var keep = false

    @Option(
        name: .long,
        help: ArgumentHelp("Keep the keys in this archive.", valueName: "file"))
    var archive: String?

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Key files of keys you hold: compared with, never replaced by worse or false ones.")
    var keys: [String] = []

    @Flag(name: .long, help: "Take only keys that a real message proves.")
    var requireProof = false

    @Flag(name: .long, help: "Take also what the giver handed over against the rules' advice.")
    var acceptOverrides = false

    @Flag(name: .long, help: "Take in once more what was taken in before.")
    var again = false

    @Flag(name: .long, help: "Replace a file of that name.")
    var force = false

    @OptionGroup var recoveryKey: RecoveryKeyOptions
    @OptionGroup var identityPassphrase: IdentityPassphraseOptions
    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var deliverPassphrase: DeliverPassphraseOptions

    private struct Document: Encodable {
        let schema = "heirloom.accept.v1"
        let receive: ReceiveReport
        let backup: BackupPushReport?
    }

    private var keepsInArchive: Bool { keep || archive != nil }
    private var pushes: Bool { deliver == nil && !keepsInArchive }

    func validate() throws {
        if common.json, deliver == "-" {
            throw ValidationError("--json and ‘--deliver -’ would both write to standard output.")
        }
    }

    private var request: AcceptRequest {
        var request = AcceptRequest(room: room)
        request.from = from
        request.through = through
        request.login = account.user
        request.heldKeyFiles = keys
        request.requiresProof = requireProof
        request.acceptsOverrides = acceptOverrides
        request.again = again
        request.needsBackup = pushes
        return request
    }

    func run() async throws {
        let bar = ProgressBar()
        let accept = Accept(request, home: common.home, now: common.now) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given,
            deliver: deliverPassphrase.given, recoveryKey: recoveryKey.given)
        let destination = deliver.map {
            Destination(path: $0, replacing: force, allowsTerminal: true)
        }
        let accepted = try await common.tellingLater { () async throws(HeirloomError) in
            defer { bar.clear() }
            try destination?.check()
            return try await accept.run(passphrases)
        }
        var report = accepted.plan.report
        Output.talk("Joined \(report.room.shown).")
        ReceiveText(report).tell(isPlan: false)
        let backup = try await common.tellingLater { () async throws(HeirloomError) in
            defer { bar.clear() }
            return try await take(accepted, destination, passphrases, bar, &report)
        }
        if let backup {
            BackupText.tell(backup)
        } else {
            ReceiveText(report).tellDelivered(isPlan: false)
        }
        if common.json { Output.json(Document(receive: report, backup: backup)) }
        let account = report.account
        let isShort = backup.map { $0.held < $0.sessions } ?? false
        if isShort || account.taken + account.worse < account.total {
            throw ExitCode(ExitStatus.partly.rawValue)
        }
    }

    private func take(
        _ accepted: Accepted, _ destination: Destination?, _ passphrases: Passphrases,
        _ bar: ProgressBar, _ report: inout ReceiveReport
    ) async throws(HeirloomError) -> BackupPushReport? {
        try accepted.plan.checkNotEmpty()
        guard !pushes else {
            return try await accepted.push { bar.update($0) }
        }
        var receive = accepted.receive
        if let destination {
            report.delivered = try receive.deliver(
                accepted.plan, into: destination, passphrases)
        }
        if keepsInArchive {
            let kept = KeyArchive(home: common.home, path: archive, now: common.now)
            report.archived = try kept.keep(accepted.plan, passphrases)
            try receive.noteTakenIn(accepted.plan)
        }
        return nil
    }
}
