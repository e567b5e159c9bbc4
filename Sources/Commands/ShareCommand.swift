import ArgumentParser
import Foundation
import Heirloom

/// Hands one room's keys over.
struct ShareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share", abstract: "Seal one room's keys to people.",
        discussion: """
            Takes the room's keys from key files, leaves out what the rules forbid, signs the rest \
            and seals it to the recipients. --plan shows all of it and writes nothing.
            """)

    @OptionGroup var common: CommonOptions

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Key files: key exports, room key bundles, JSON. ‘-’ is standard input.")
    var keys: [String]

    @Option(name: .long, help: "The room's id, as in ‘!abc:example.org’.")
    var room: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "To whom: contacts' names or whole heir1… identities.")
    var to: [String]

    @Option(name: .shortAndLong, help: "The sealed file to write; ‘-’ is standard output.")
    var output: String?

    @Flag(name: .long, help: "Show what would be handed over, and write nothing.")
    var plan = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Hand over also what the rules withhold, for this reason.",
            discussion: "The reason is signed and shown to the receiver, who must accept it.",
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
        if common.json, output == "-" {
            throw ValidationError("--json and ‘-o -’ would both write to standard output.")
        }
        if output == nil, !plan {
            throw ValidationError("Give the sealed file's name with ‘-o FILE’, or ask for --plan.")
        }
        guard (1...90).contains(expiresIn) else {
            throw ValidationError("--expires-in takes 1 to 90 days.")
        }
        if let override, override.isEmpty || override.utf8.count > 255 {
            throw ValidationError("--override takes a reason of 1 to 255 bytes.")
        }
    }

    func run() throws {
        var request = ShareRequest(keyFiles: keys, room: room, recipients: to)
        request.overrideReason = override
        request.giver = `as`
        request.lifetimeMilliseconds = UInt64(expiresIn) * 86_400_000
        request.roundsLimit = maxRounds
        request.takesHighIndices = highIndices
        let bar = ProgressBar()
        var share = Share(request, home: common.home, now: common.now) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given)
        let destination = output.map { Destination(path: $0, replacing: force) }

        let report = try common.telling { () throws(HeirloomError) in
            if !plan, let destination { try destination.check() }
            let made = try share.plan(passphrases)
            bar.clear()
            var report = made.report
            ShareText(report).tell(isPlan: plan)
            if !plan, let destination {
                try made.checkNotEmpty()
                try confirm(report)
                report.sealed = try share.seal(made, into: destination, passphrases)
                bar.clear()
            }
            return report
        }
        if common.json { Output.json(report) }
        if let sealed = report.sealed { ShareText.tell(sealed) }
        try finish(report)
    }

    private func confirm(_ report: ShareReport) throws(HeirloomError) {
        guard !yes, isatty(0) == 1, let terminal = Terminal() else { return }
        let count = report.counts.allowed + report.counts.overridden
        guard terminal.confirm("Seal these \(count) sessions? Keys cannot be un-sent.") else {
            throw HeirloomError(.seal, .cancelled, "nothing was sealed")
        }
    }

    private func finish(_ report: ShareReport) throws {
        let counts = report.counts
        if counts.sessions == 0 { throw ExitCode(ExitStatus.nothingMatched.rawValue) }
        if counts.allowed + counts.overridden == 0 { throw ExitCode(ExitStatus.refused.rawValue) }
        let rest = counts.withheld + counts.refused + counts.conflicting
        if rest > 0 || report.files.contains(where: { $0.invalid > 0 }) {
            throw ExitCode(ExitStatus.partly.rawValue)
        }
    }
}
