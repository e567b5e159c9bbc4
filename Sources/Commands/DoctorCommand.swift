import ArgumentParser
import Heirloom

/// Says what is wrong with a key file.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong with a key file, and write one that every client reads.",
        discussion: """
            Looks at the file's form, its passphrase's spelling and every entry, and says which client \
            stumbles over what. With -o the sound keys are written anew, each session once, under the \
            same passphrase if no other is given. The file itself is never changed. Exit code 2 means \
            that something was found.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The key file; ‘-’ is standard input.")
    var file: String

    @Option(
        name: .shortAndLong,
        help: "Write a mended key export, mode 0600; ‘-’ is standard output.")
    var output: String?

    @Flag(name: .long, help: "Replace a file of that name.")
    var force = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var deliverPassphrase: DeliverPassphraseOptions

    func validate() throws {
        if common.json, output == "-" {
            throw ValidationError("--json and ‘-o -’ would both write to standard output.")
        }
    }

    func run() throws {
        var request = DoctorRequest(file: file)
        request.keepsPassphrase = deliverPassphrase.given == nil
        request.roundsLimit = maxRounds
        let bar = ProgressBar()
        var doctor = Doctor(request, home: common.home) { bar.update($0) }
        let passphrases = Passphrases(
            keyFiles: [file], keys: keysPassphrase.given, deliver: deliverPassphrase.given)
        let destination = output.map {
            Destination(path: $0, replacing: force, allowsTerminal: true)
        }
        let report = try common.telling { () throws(HeirloomError) in
            defer { bar.clear() }
            try destination?.check()
            return try doctor.examine(mendingInto: destination, passphrases)
        }
        DoctorText(report).tell()
        if common.json { Output.json(report) }
        let isWhole = report.mended == nil ? report.findings.isEmpty : report.lost == 0
        if !isWhole { throw ExitCode(ExitStatus.partly.rawValue) }
    }
}
