import ArgumentParser
import Heirloom

extension ArchiveCommand {
    /// Ways to the archive's key besides the identity.
    struct KeyFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key-file",
            abstract: "Make a file that unlocks the archive without the identity.",
            discussion: """
                For a machine that adds and verifies on its own, or for a safe. Whoever has the file \
                and the archive reads every key in it; --archive-key-file unlocks with it. Without -o \
                it lists what unlocks the archive. --forget removes one; a copy of the archive \
                made before still opens with it.
                """)

        @OptionGroup var place: Place

        @Option(name: .shortAndLong, help: "The key file to make, mode 0600.")
        var output: String?

        @Flag(name: .long, help: "Replace a file of that name.")
        var force = false

        @Option(
            name: .long,
            help: ArgumentHelp("Remove what unlocks it under this name.", valueName: "name"))
        var forget: String?

        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        private struct Document: Encodable {
            let schema = "heirloom.archive-key-file.v1"
            let ways: [String]
        }

        func validate() throws {
            if output == "-" {
                throw ValidationError("The key goes to a file, not to standard output.")
            }
        }

        func run() throws {
            let archive = place.keyArchive()
            let passphrases = Passphrases(identity: identityPassphrase.given)
            let ways = try place.common.telling { () throws(HeirloomError) in
                if let output {
                    let name = try archive.makeKeyFile(
                        at: output, replacing: force, passphrases)
                    Output.talk("\(output.shown) unlocks the archive, as ‘\(name)’")
                }
                if let forget {
                    try archive.forgetKeyFile(forget, passphrases)
                    Output.talk("‘\(forget.shown)’ no longer unlocks the archive")
                }
                return try archive.ways()
            }
            if place.common.json {
                Output.json(Document(ways: ways))
            } else {
                for way in ways { Output.data(way.shown) }
            }
        }
    }
}
