import ArgumentParser
import Heirloom

/// Tells which messages keys open, and why not the others.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Tell which messages of a room your keys open, and why not the others.",
        discussion: """
            Looks at every encrypted message of saved history. --with shows what a sealed file would \
            add before you take it in; --request writes what is missing as a signed request, for the \
            holder's ‘share --request’.
            """)

    @OptionGroup var common: CommonOptions

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Key files: key exports, room key bundles, JSON. ‘-’ is standard input.")
    var keys: [String]

    @OptionGroup var history: HistoryOptions

    @Option(name: .long, help: "The room's id; without it, that of the history's first event.")
    var room: String?

    @Option(name: .long, help: "Count the keys of this sealed file as well.")
    var with: String?

    @Option(name: .long, help: "Whom that is from: a contact's name or a whole heir1… identity.")
    var from: String?

    @Option(name: .long, help: "Write the room's history as a picture and tables, one HTML page.")
    var html: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write a signed request for what is missing.", valueName: "file"))
    var request: String?

    @Flag(name: .long, help: "Replace files of those names.")
    var force = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var identityPassphrase: IdentityPassphraseOptions

    private struct Document: Encodable {
        let coverage: CoverageReport
        let missing: [CoverageReport.Gap]
        let request: WrittenRequest?
    }

    func validate() throws {
        if history.history.isEmpty { throw ValidationError("Give the room's history: --history.") }
        if with != nil, from == nil {
            throw ValidationError("--with needs --from: who sealed it.")
        }
        let onStandardOutput = [common.json, html == "-", request == "-"].count { $0 }
        if onStandardOutput > 1 {
            throw ValidationError("Only one thing can be written to standard output.")
        }
    }

    func run() throws {
        var asked = CoverageRequest(keyFiles: keys, historyFiles: history.history)
        asked.room = room
        asked.with = with
        asked.from = from
        asked.judgedFor = history.for
        asked.roundsLimit = maxRounds
        let bar = ProgressBar()
        let coverage = Coverage(asked, home: common.home, now: common.now) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: keys, keys: keysPassphrase.given)
        let page = html.map { Destination(path: $0, replacing: force, allowsTerminal: true) }
        let destination = request.map { Destination(path: $0, replacing: force) }

        let document = try common.telling { () throws(HeirloomError) in
            try page?.check()
            try destination?.check()
            let result = try coverage.measure(passphrases)
            bar.clear()
            let report = result.report
            CoverageText(report, missing: result.gaps).tell()
            try page?.write(CoveragePage(report).text)
            var written: WrittenRequest?
            if let destination {
                written = try coverage.writeRequest(
                    for: result, into: destination, passphrases)
            }
            return Document(coverage: report, missing: result.gaps, request: written)
        }
        if common.json { Output.json(document) }
        if let html, html != "-" { Output.talk("Wrote the page \(html.shown).") }
        if let request = document.request {
            let place = request.path == "-" ? "standard output" : request.path.shown
            Output.talk(
                "Wrote a request for \("session".counted(request.sessions)) into \(place) "
                    + "(\(request.byteCount) bytes): it is signed, and not secret.")
        }
        try finish(document.coverage.counts)
    }

    private func finish(_ counts: CoverageReport.Counts) throws {
        if counts.total == 0 { throw ExitCode(ExitStatus.nothingMatched.rawValue) }
        let closed = counts.total - counts.readable - counts.redacted - (counts.added ?? 0)
        if closed > 0 { throw ExitCode(ExitStatus.partly.rawValue) }
    }
}
