import ArgumentParser
import Foundation
import Heirloom

/// Tells what files are.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Tell what a file is, what is in it and who can open it.",
        discussion: """
            Shows no secret. Files under a passphrase are looked into when one is given, or can be \
            asked for; --closed looks only at what shows without.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The files.")
    var files: [String]

    @Flag(name: .long, help: "Look only at what shows without any passphrase.")
    var closed = false

    @Option(name: .long, help: "Permit key files with more key-derivation rounds than ten million.")
    var maxRounds: UInt32 = KeyFileLimits.usualRounds

    @OptionGroup var keysPassphrase: KeysPassphraseOptions
    @OptionGroup var identityPassphrase: IdentityPassphraseOptions

    private struct Document: Encodable {
        let schema = "heirloom.inspect.v1"
        let files: [InspectReport]
    }

    func validate() throws {
        if files.isEmpty { throw ValidationError("Name at least one file.") }
    }

    func run() throws {
        let bar = ProgressBar()
        let inspect = Inspect(home: common.home, roundsLimit: maxRounds) { bar.update($0) }
        let passphrases = Passphrases(
            identity: identityPassphrase.given, keyFiles: files, keys: keysPassphrase.given)
        var reports: [InspectReport] = []
        for file in files {
            let report = try common.telling { () throws(HeirloomError) in
                try Self.look(at: file, with: inspect, closed ? nil : passphrases)
            }
            bar.clear()
            reports.append(report)
            if !common.json { InspectText(report).tell() }
        }
        if common.json { Output.json(Document(files: reports)) }
    }

    /// From inside where that is possible, else from outside.
    private static func look(
        at file: String, with inspect: Inspect, _ passphrases: Passphrases?
    ) throws(HeirloomError) -> InspectReport {
        do throws(HeirloomError) {
            return try inspect.inspect(file, passphrases)
        } catch {
            guard [.noIdentity, .notForUs, .noPassphrase].contains(error.problem) else {
                throw error
            }
            Output.talk("note: looked at from outside only: \(error.sentence)")
            return try inspect.inspect(file, nil)
        }
    }
}
