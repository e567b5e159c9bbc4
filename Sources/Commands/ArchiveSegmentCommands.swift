import ArgumentParser
import Heirloom

extension ArchiveCommand {
    /// Adds to a write-only archive.
    struct Seal: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add keys to a write-only archive, which this machine cannot open again.",
            discussion: """
                Each room's keys become a segment, sealed to the moderators and signed by a key that is \
                then forgotten. Print or mail the head elsewhere: without it, nobody can tell whether \
                the newest segments were cut off. It protects only what this machine keeps nowhere \
                else: a client's own key store on the same disk opens all of it.
                """)

        @OptionGroup var common: CommonOptions

        @Argument(help: "Key files; ‘-’ is standard input.")
        var files: [String]

        @Option(
            name: .long, parsing: .upToNextOption,
            help: "The moderators: contacts' names or whole heir1… identities.")
        var to: [String]

        @Option(name: .long, help: "The folder of segments.")
        var into: String

        @OptionGroup var keysPassphrase: KeysPassphraseOptions

        func run() throws {
            var writer = SegmentWriter(folder: into, home: common.home, now: common.now)
            let passphrases = Passphrases(keyFiles: files, keys: keysPassphrase.given)
            let made = try common.telling { () throws(HeirloomError) in
                try writer.seal(files, to: to, passphrases)
            }
            for file in made.files { KeyFileText(file).tell() }
            if let key = made.firstWriter {
                Output.talk("A new chain: moderators pin its first writer, \(key)")
            }
            for segment in made.segments {
                Output.talk(
                    "segment \(segment.sequence): \(segment.room.shown), "
                        + "\("session".counted(segment.sessions))")
            }
            if made.contradicting > 0 {
                Output.talk(
                    "note: the copies of \("session".counted(made.contradicting)) contradict each "
                        + "other; all of them are sealed, in segments of their own")
            }
            if made.overflowing > 0 {
                Output.talk(
                    "note: \("session".counted(made.overflowing)) had more different copies than are "
                        + "kept")
            }
            if let last = made.segments.last { Output.talk("head \(last.head)") }
            if common.json { Output.json(made) }
            if made.overflowing > 0 || made.files.contains(where: { $0.invalid > 0 }) {
                throw ExitCode(ExitStatus.partly.rawValue)
            }
        }
    }

    /// Opens a write-only archive at the moderator's.
    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify a write-only archive, and take its keys into yours.")

        @OptionGroup var place: Place

        @Argument(help: "The folder of segments.")
        var folder: String

        @Option(
            name: .long, help: "The first writer's key, as ‘archive seal’ told it at the start.")
        var writer: String

        @Option(name: .long, help: "The head that was kept elsewhere.")
        var head: String?

        @Flag(name: .long, help: "Only verify; take nothing in.")
        var verifyOnly = false

        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        func run() throws {
            let report = try place.common.telling { () throws(HeirloomError) in
                try place.keyArchive().openSegments(
                    in: folder, writer: writer, head: head, verifyOnly: verifyOnly,
                    Passphrases(identity: identityPassphrase.given))
            }
            for segment in report.segments {
                let counts = segment.counts.map { ": \(ArchiveText.line($0))" } ?? ""
                Output.talk(
                    "segment \(segment.sequence), \(segment.createdAt): \(segment.room.shown), "
                        + "\("session".counted(segment.sessions))\(counts)")
            }
            Output.talk("head \(report.head)")
            Output.talk(
                report.comparedHead
                    ? "  it comes by the head that was kept elsewhere"
                    : "  there is no head to compare with: newer segments may have been cut off")
            if place.common.json { Output.json(report) }
        }
    }
}
