import ArgumentParser
import Heirloom

/// The evidence that rules and proofs rest on.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Fetch a room's past as evidence.",
        subcommands: [Fetch.self])

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Save a room's past from your homeserver, one event a line.",
            discussion: """
                Saves what rules and proofs rest on: encrypted messages, memberships, visibility. The \
                homeserver shows what you may see, no more. The first line says that the rest is whole \
                and in the homeserver's order, so that no clock is asked for it. Interrupted, it goes on where it stopped: \
                run the same command again. The room's state now is saved beside it, as \
                FILE.state.json.
                """)

        @OptionGroup var common: CommonOptions
        @OptionGroup var account: AccountOptions

        @Option(name: .long, help: "The room's id.")
        var room: String

        @Option(name: .shortAndLong, help: "The file to write.")
        var output: String

        @Option(
            name: .long,
            help: ArgumentHelp(
                "Only from this time on: ISO 8601 with a zone, or a span back such as 30d.",
                valueName: "time"))
        var since: String?

        @Flag(name: .long, help: "Save all events, not only what the rules need.")
        var full = false

        @Flag(name: .long, help: "Replace a file of that name, or another fetch left unfinished.")
        var force = false

        func validate() throws {
            if output == "-" {
                throw ValidationError("What can be resumed needs a file: name it with -o.")
            }
        }

        func run() async throws {
            var request = HistoryFetchRequest(room: room)
            request.user = account.user
            request.since = since
            request.isFull = full
            let bar = ProgressBar()
            let fetch = HistoryFetch(request, home: common.home, now: common.now) {
                bar.update($0)
            }
            let report = try await common.tellingLater { () async throws(HeirloomError) in
                defer { bar.clear() }
                return try await fetch.run(into: output, replacing: force)
            }
            guard !common.json else { return Output.json(report) }
            let began = report.isResumed ? ", taken up again" : ""
            Output.talk(
                "Saved \(report.events) events into \(report.path.shown) (\(report.byteCount) bytes, "
                    + "\(report.pages) pages\(began)), as \(report.user.shown) may see them.")
            if let oldest = report.oldest {
                let beginning = report.hasBeginning ? ", from the room's creation on" : ""
                Output.talk("  the oldest is of \(oldest)\(beginning)")
            }
            if report.unread > 0 {
                Output.talk(
                    "  \("event".counted(report.unread)) cannot be read: behind each it is not known "
                        + "who was in the room")
            }
            let unchecked = report.unchecked > 0 ? ", not shown at \(report.unchecked)" : ""
            Output.talk(
                "  its state agrees at \(report.checked) changes of visibility\(unchecked)")
        }
    }
}
