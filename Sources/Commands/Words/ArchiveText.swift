import Heirloom

/// The archive in words.
enum ArchiveText {
    static func line(_ counts: ArchiveAddReport.Counts) -> String {
        "\(counts.new) new + \(counts.improved) improved + \(counts.same) same + "
            + "\(counts.worse) worse + \(counts.conflicting) conflicting + "
            + "\(counts.quarantined) quarantined = \("key".counted(counts.total))"
    }

    static func tell(_ report: ArchiveAddReport) {
        KeyFileText(report.file).tell()
        Output.talk("  \(line(report.counts))")
        if report.dropped > 0 {
            Output.talk("  \(report.dropped) more copies of a session than are kept")
        }
        let nothing =
            report.counts.total == 0
            ? "nothing was added: it holds no key" : "nothing changed: all of it is held"
        Output.talk("  " + (report.entry.map { "journal entry \($0)" } ?? nothing))
    }

    static func tell(_ report: ArchiveListReport) {
        Output.talk("\(report.path.shown)")
        for room in report.rooms {
            Output.talk("  \(room.room.shown): \("session".counted(room.sessions))")
        }
        for source in report.sources {
            Output.talk(
                "  source \(source.source): \(source.name.shown) (\(source.kind)), added "
                    + source.addedAt)
        }
        for session in report.sessions ?? [] {
            let sources = session.sources.map(String.init).joined(separator: ", ")
            let copies = session.copies > 1 ? ", \(session.copies) copies" : ""
            Output.talk(
                "  \(session.sessionID) from \(session.firstKnownIndex), source \(sources)"
                    + "\(copies)\(session.isProven ? ", proven" : "")")
        }
    }

    static func tell(_ entry: ArchiveEntry) {
        var line = "\(entry.entry)  \(entry.at)  \(entry.kind)"
        if let source = entry.source { line += "  \(source.shown)" }
        if let counts = entry.counts { line += "  \(self.line(counts))" }
        if entry.counts == nil { line += "  \("key".counted(entry.affected))" }
        if let target = entry.target { line += "  (takes back \(target))" }
        if let undone = entry.undoneBy { line += "  (taken back by \(undone))" }
        if entry.isFinal { line += "  (final)" }
        Output.talk(line)
    }

    static func tell(_ entry: ArchiveLedgerEntry) {
        let people = entry.recipients.map(\.shown).joined(separator: ", ")
        Output.talk(
            "\(entry.at)  \(entry.room.shown)  to \(people): "
                + "\("session".counted(entry.sessions)), bundle \(entry.bundleID), "
                + "receipts: \(entry.receipts)")
        if let override = entry.override { Output.talk("    by override: \(override.shown)") }
        for (session, index) in (entry.given ?? [:]).sorted(by: { $0.key < $1.key }) {
            Output.talk("    \(session) from \(index)")
        }
    }
}
