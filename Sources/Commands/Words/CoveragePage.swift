import Foundation
import Heirloom

/// Coverage as one HTML page: no network, no script, readable on paper and by a screen reader.
struct CoveragePage {
    private let report: CoverageReport

    init(_ report: CoverageReport) {
        self.report = report
    }

    /// The states that are drawn, each told apart by its pattern as well as by its colour.
    static let states:
        [(name: String, title: String, count: @Sendable (CoverageReport.Counts) -> Int)] = [
            ("readable", "opens", { $0.readable }),
            ("added", "would open with the sealed file", { $0.added ?? 0 }),
            ("late", "before its key begins", { $0.indexTooLate }),
            ("missing", "no key", { $0.noSession + $0.withheld }),
            ("unusable", "unusable key", { $0.unusableKey + $0.notMegolm + $0.notOfItsSession }),
            ("redacted", "redacted", { $0.redacted }),
        ]

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>What opens of \(report.room.escaped)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>What opens of a room's history</h1>
        <p class="room">\(report.room.escaped)</p>
        <p>\(CoverageText.line(report.counts).escaped), from \(report.history.firstAt.escaped) to \
        \(report.history.lastAt.escaped).\(added)</p>
        \(CoveragePicture(report.days).svg)
        \(legend)
        \(notes)
        <h2>By sender</h2>
        \(table(["sender"], report.senders.map { ([$0.user], $0.counts) }))
        <h2>By day</h2>
        \(table(["day (UTC)"], report.days.map { ([$0.day], $0.counts) }))
        <h2>By session</h2>
        \(table(
            ["session", "sender", "from", "to", "indices", "opens from"],
            report.sessions.map { session in
                (
                    [
                        session.sessionID, session.senders.joined(separator: ", "),
                        session.firstAt, session.lastAt,
                        "\(session.lowestIndex)–\(session.highestIndex)",
                        session.opensFrom.map(String.init) ?? "–",
                    ], session.counts
                )
            }))
        </main>
        </body>
        </html>

        """
    }

    private var added: String {
        guard let added = report.counts.added else { return "" }
        return " The sealed file would open \(added) more."
    }

    private var legend: String {
        let items = Self.states.filter { $0.count(report.counts) > 0 }.map { state in
            "<li><svg width=\"16\" height=\"16\" aria-hidden=\"true\"><rect width=\"16\" "
                + "height=\"16\" class=\"\(state.name)\"/></svg> "
                + "\(state.title): \(state.count(report.counts))</li>"
        }
        return "<ul class=\"legend\">\(items.joined())</ul>"
    }

    private var notes: String {
        var notes: [String] = []
        let history = report.history
        if !history.beginsWithCreation {
            notes.append("The saved history begins after the room's creation.")
        }
        if !history.gaps.isEmpty {
            notes.append("The saved history has \(history.gaps.count) gaps.")
        }
        for session in report.sessions where session.repeated + session.reused > 0 {
            notes.append(
                "Session \(session.sessionID) has \(session.repeated) messages sent again and "
                    + "\(session.reused) indices used for two messages.")
        }
        if notes.isEmpty { return "" }
        return "<ul>\(notes.map { "<li>\($0.escaped)</li>" }.joined())</ul>"
    }

    private func table(
        _ names: [String], _ rows: [(cells: [String], counts: CoverageReport.Counts)]
    ) -> String {
        let states = Self.states.filter { $0.count(report.counts) > 0 }
        let head =
            names.map { "<th scope=\"col\">\($0.escaped)</th>" }
            + states.map { "<th scope=\"col\" class=\"number\">\($0.title)</th>" }
        let body = rows.map { row in
            let cells = row.cells.enumerated().map { place, cell in
                place == 0
                    ? "<th scope=\"row\">\(cell.escaped)</th>" : "<td>\(cell.escaped)</td>"
            }
            let numbers = states.map { "<td class=\"number\">\($0.count(row.counts))</td>" }
            return "<tr>\((cells + numbers).joined())</tr>"
        }
        return "<div class=\"wide\"><table><thead><tr>\(head.joined())</tr></thead>"
            + "<tbody>\(body.joined(separator: "\n"))</tbody></table></div>"
    }

    private static let style = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --line: #bbb; }
        @media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #eee; --line: #555; } }
        body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
          margin: 0; }
        main { max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
        .room { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
        .picture { width: 100%; height: auto; }
        .picture text { fill: var(--ink); font-size: 12px; }
        .readable { fill: #1b7f4b; } .added { fill: url(#added); } .late { fill: url(#late); }
        .missing { fill: url(#missing); } .unusable { fill: url(#unusable); }
        .redacted { fill: #9a9a9a; }
        .legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
        .legend svg { vertical-align: -3px; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9rem; }
        th, td { text-align: left; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--line);
          font-weight: normal; }
        thead th { font-weight: bold; } .number { text-align: right; }
        @media print { body { font-size: 11px; } main { max-width: none; padding: 0; }
          .wide { overflow: visible; } thead { display: table-header-group; }
          tr { break-inside: avoid; } * { print-color-adjust: exact; } }
        """
}

extension String {
    /// The text as HTML may hold it, also between quotes; what a terminal may not see is spelled out
    /// here too.
    var escaped: String {
        var text = ""
        for character in shown.unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
