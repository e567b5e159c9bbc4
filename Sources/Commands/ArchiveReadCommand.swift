import ArgumentParser
import Heirloom

extension ArchiveCommand {
    /// Reads a room's past.
    struct Read: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read saved messages with the archive's keys.",
            discussion: """
                Prints a log: who said what, as the homeserver names them, edits in the place of what \
                they change, what stays closed in its place with the reason. Media are named, not \
                fetched.
                """)

        @OptionGroup var place: Place

        @Option(
            name: .long, parsing: .upToNextOption,
            help: ArgumentHelp("Saved history of the room.", valueName: "file"))
        var history: [String]

        @Option(name: .long, help: "The room's id; without it, that of the history's first event.")
        var room: String?

        @Option(name: .long, help: "Only from this time on: a time, or a span back such as 30d.")
        var since: String?

        @Option(
            name: .long,
            help: ArgumentHelp(
                "Write the log as one HTML page; ‘-’ is standard output.", valueName: "file"))
        var html: String?

        @Flag(name: .long, help: "Replace a file of that name.")
        var force = false

        @OptionGroup var identityPassphrase: IdentityPassphraseOptions

        func validate() throws {
            if place.common.json, html == "-" {
                throw ValidationError("Only one thing can be written to standard output.")
            }
        }

        func run() throws {
            var request = ArchiveReadRequest(historyFiles: history)
            request.room = room
            request.since = since
            let page = html.map { Destination(path: $0, replacing: force, allowsTerminal: true) }
            let bar = ProgressBar()
            let log = try place.common.telling { () throws(HeirloomError) in
                try page?.check()
                let log = try place.keyArchive(bar).read(
                    request, Passphrases(identity: identityPassphrase.given))
                bar.clear()
                try page?.write(LogPage(log).text)
                return log
            }
            for file in log.historyFiles { HistoryText.tell(file) }
            if let html, html != "-" { Output.talk("Wrote the page \(html.shown).") }
            if place.common.json {
                Output.json(log)
            } else if html == nil {
                for line in log.lines { Output.data(Self.text(line)) }
            }
            Output.talk("\(log.opened) of \("message".counted(log.total)) open")
            if log.total == 0 { throw ExitCode(ExitStatus.nothingMatched.rawValue) }
            if log.opened < log.total { throw ExitCode(ExitStatus.partly.rawValue) }
        }

        private static func text(_ line: ArchiveLog.Line) -> String {
            let edited = line.isEdited ? " (edited)" : ""
            let reply = line.repliesTo.map { " (in reply to \($0.shown))" } ?? ""
            guard let body = line.body else {
                return "\(line.at)  \(line.sender.shown)  [\(line.closed ?? "")]"
            }
            let kind = line.messageType.map { $0 == "m.text" ? "" : "[\($0.shown)] " } ?? ""
            // A message of several lines stays one entry: what follows is indented.
            let shown = body.split(separator: "\n", omittingEmptySubsequences: false)
                .map { String($0).shown }.joined(separator: "\n    ")
            return "\(line.at)  \(line.sender.shown)\(reply)\(edited)  \(kind)\(shown)"
        }
    }
}
