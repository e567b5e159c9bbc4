import ArgumentParser
import Heirloom

/// Where keys come from besides files.
struct ArchiveOptions: ParsableArguments {
    @Flag(name: .long, help: "Take keys from your archive too.")
    var fromArchive = false

    @Option(
        name: .long,
        help: ArgumentHelp("Take keys from this archive too.", valueName: "file"))
    var archive: String?

    var isAsked: Bool { fromArchive || archive != nil }

    /// The archive asked for; `nil` for none.
    func path(_ home: Home) -> String? {
        archive ?? (fromArchive ? home.archivePath : nil)
    }
}
