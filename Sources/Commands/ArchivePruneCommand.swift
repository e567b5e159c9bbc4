import ArgumentParser
import Heirloom

extension ArchiveCommand {
    /// Keeps less.
    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take keys away, or wind them forward; listed first.",
            discussion: """
                What is pruned stays in the file and can be undone, until it is made final: at once \
                with --final, or later with ‘archive prune --confirm ENTRY’. --ratchet-to needs the \
                room's history, because keys do not say when they were used.
                """)

        @OptionGroup var place: Place

        @Option(name: .long, help: "Sessions of this room.")
        var room: String?

        @Option(
            name: .long,
            help: "Sessions of which nothing was added since then: a time, or a span such as 1y.")
        var olderThan: String?

        @Option(
            name: .long, help: "Wind sessions forward to this time; needs --room and --history.")
        var ratchetTo: String?

        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp("Saved history of the room.", valueName: "file"))
        var history: [String] = []

        @Flag(name: .long, help: "Only list what would go.")
        var plan = false

        @Flag(name: .long, help: "Make it final at once: what goes is gone.")
        var final = false

        @Option(
            name: .long,
            help: ArgumentHelp(
                "Make an earlier prune final, by its number in the journal.", valueName: "entry"))
        var confirm: Int64?

        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        private struct Confirmed: Encodable {
            let schema = "heirloom.archive-prune-confirmed.v1"
            let entry: Int64
            let keys: Int
        }

        func validate() throws {
            if confirm != nil {
                guard room == nil, olderThan == nil, ratchetTo == nil, !plan, !final else {
                    throw ValidationError(
                        "--confirm makes an earlier prune final, and does no more.")
                }
                return
            }
            if plan, final { throw ValidationError("Give --plan or --final, not both.") }
            if room == nil, olderThan == nil {
                throw ValidationError("Say what is to go: --room, --older-than or both.")
            }
            if ratchetTo != nil, room == nil || history.isEmpty || olderThan != nil {
                throw ValidationError("--ratchet-to needs --room and --history, and nothing else.")
            }
        }

        func run() throws {
            if let confirm {
                let count = try place.common.telling { () throws(HeirloomError) in
                    try place.keyArchive().confirmPrune(confirm)
                }
                Output.talk("\("key".counted(count)) gone for good")
                if place.common.json { Output.json(Confirmed(entry: confirm, keys: count)) }
                return
            }
            var request = ArchivePruneRequest()
            request.room = room
            request.olderThan = olderThan
            request.ratchetTo = ratchetTo
            request.historyFiles = history
            let archive = place.keyArchive()
            let passphrases = Passphrases(identity: identityPassphrase.given)
            let report = try place.common.telling { () throws(HeirloomError) in
                var report = try archive.planPrune(request)
                for file in report.historyFiles { HistoryText.tell(file) }
                for room in report.rooms {
                    Output.talk("  \(room.room.shown): \("session".counted(room.sessions))")
                }
                if !plan {
                    report = try archive.prune(request, final: final, passphrases)
                }
                return report
            }
            let what = ratchetTo == nil ? "gone" : "wound forward"
            var line = "\("session".counted(report.sessions)) \(what)"
            if plan {
                line = "\("session".counted(report.sessions)) would be \(what)"
            } else if report.isFinal {
                line += ", for good"
            } else if let entry = report.entry {
                line +=
                    "; ‘heirloom archive undo \(entry)’ takes it back, ‘heirloom archive prune "
                    + "--confirm \(entry)’ makes it final"
            }
            Output.talk(line)
            if place.common.json { Output.json(report) }
            if report.sessions == 0 { throw ExitCode(ExitStatus.nothingMatched.rawValue) }
        }
    }
}
