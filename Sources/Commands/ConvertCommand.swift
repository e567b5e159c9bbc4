public import ArgumentParser
public import Heirloom

/// Writes key files anew.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write key files anew, in a form that clients read.",
        discussion: """
            Every session comes out once, at its lowest index. Only key-export is under a \
            passphrase. encrypted-bundle is the attachment of MSC4268 and, beside it in FILE.json, \
            the object that opens it: send that only inside an encrypted message. The other forms \
            can be read by whoever has the file, and want --readable. Such an attachment is read \
            with --attachment-key.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Key files; ‘-’ is standard input.")
    var files: [String]

    @Option(name: .long, help: "key-export, room-key-bundle, encrypted-bundle or json-lines.")
    var to: ConvertRequest.Format

    @Option(name: .shortAndLong, help: "The file to write, mode 0600; ‘-’ is standard output.")
    var output: String

    @Option(name: .long, help: "Only this room's keys.")
    var room: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The file is an encrypted attachment, and this is its key: an EncryptedFile object or "
                + "the decrypted m.room_key_bundle event.", valueName: "file"))
    var attachmentKey: String?

    @Flag(name: .long, help: "Agree to write keys that anyone with the file can read.")
    var readable = false

    @Flag(name: .long, help: "Replace a file of that name.")
    var force = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var deliverPassphrase: DeliverPassphraseOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("Name at least one key file.") }
        if attachmentKey != nil, files.count != 1 {
            throw ValidationError("--attachment-key is of one file: name just that one.")
        }
        if to.isReadable, !readable {
            throw ValidationError(
                "\(to.rawValue) is not encrypted: add --readable if that is what you want.")
        }
        if common.json, output == "-" {
            throw ValidationError("--json and ‘-o -’ would both write to standard output.")
        }
    }

    func run() throws {
        var request = ConvertRequest(keyFiles: files, room: room, to: to)
        request.roundsLimit = maxRounds
        request.attachmentKey = attachmentKey
        let bar = ProgressBar()
        var convert = Convert(request, home: common.home) { bar.update($0) }
        let passphrases = Passphrases(
            keyFiles: files, keys: keysPassphrase.given, deliver: deliverPassphrase.given)
        let destination = Destination(path: output, replacing: force, allowsTerminal: true)
        let report = try common.telling { () throws(HeirloomError) in
            try destination.check()
            return try convert.run(into: destination, passphrases)
        }
        bar.clear()
        for file in report.files { KeyFileText(file).tell() }
        if let sender = report.sender {
            Output.talk(
                "Sent by a device of \(sender.user.shown) (\(sender.device.shown), "
                    + "\(sender.ed25519)), by its own signature: compare the key with them")
        }
        if to == .encryptedBundle {
            Output.talk("\(output.shown).json opens it: send it only inside an encrypted message")
        }
        Output.talk(
            "Wrote \(report.keys) keys (\(report.byteCount) bytes); \(report.withheld) named as "
                + "withheld, \(report.conflicting) left out because their copies conflict")
        if common.json { Output.json(report) }
        if report.conflicting > 0 || report.files.contains(where: { $0.invalid > 0 }) {
            throw ExitCode(ExitStatus.partly.rawValue)
        }
    }
}

extension ConvertRequest.Format: ExpressibleByArgument {}
