import Heirloom

/// A room's log as one HTML page.
///
/// Everything in it is strangers' text: it is escaped, nothing runs, nothing is loaded, and no link
/// leads anywhere.
struct LogPage {
    private let log: ArchiveLog

    init(_ log: ArchiveLog) {
        self.log = log
    }

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(log.room.escaped)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>\(log.room.escaped)</h1>
        <p>\(log.opened) of \("message".counted(log.total)) open. Who wrote a message is the \
        homeserver's word.</p>
        <ol>
        \(log.lines.map(item).joined(separator: "\n"))
        </ol>
        </main>
        </body>
        </html>

        """
    }

    private func item(_ line: ArchiveLog.Line) -> String {
        var notes: [String] = []
        if let reply = line.repliesTo { notes.append("in reply to \(reply)") }
        if line.isEdited { notes.append("edited") }
        if let type = line.messageType, type != "m.text" { notes.append(type) }
        let small = notes.isEmpty ? "" : " <small>\(notes.joined(separator: ", ").escaped)</small>"
        let body =
            line.body.map { "<p dir=\"auto\">\($0.escapedLines)</p>" }
            ?? "<p class=\"closed\">\((line.closed ?? "").escaped)</p>"
        return
            "<li><b>\(line.sender.escaped)</b> <time>\(line.at.escaped)</time>\(small)\(body)</li>"
    }

    private static let style = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --quiet: #666; }
        @media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #eee; --quiet: #aaa; } }
        body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
          margin: 0; }
        main { max-width: 46rem; margin: 0 auto; padding: 1.5rem; }
        h1 { font-size: 1.2rem; overflow-wrap: anywhere; }
        ol { list-style: none; padding: 0; } li { margin: 0 0 .8rem; break-inside: avoid; }
        p { margin: .1rem 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
        time, small, .closed { color: var(--quiet); } .closed { font-style: italic; }
        """
}

extension String {
    /// The text as HTML may hold it, its own line breaks kept.
    var escapedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).escaped }
            .joined(separator: "\n")
    }
}
