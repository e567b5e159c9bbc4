import Heirloom

/// Coverage in words.
struct CoverageText {
    private static let sessionLimit = 20

    private let report: CoverageReport
    private let missing: [CoverageReport.Gap]

    init(_ report: CoverageReport, missing: [CoverageReport.Gap]) {
        self.report = report
        self.missing = missing
    }

    func tell() {
        for file in report.keyFiles { KeyFileText(file).tell() }
        HistoryText(report.history).tell()
        Output.talk("Room \(report.room.shown)")
        for line in picture { Output.talk(line) }
        Output.talk(Self.line(report.counts))
        if let added = report.counts.added {
            Output.talk("  the sealed file would open \(added) more")
        }
        for sender in report.senders {
            Output.talk("  \(sender.user.shown): \(Self.line(sender.counts))")
        }
        tellSessions()
        if !missing.isEmpty {
            Output.talk(
                "\("session".counted(missing.count)) could be asked for with --request FILE")
        }
    }

    private var picture: [String] {
        DaysPicture(
            report.days.map {
                .init(
                    day: $0.day, messages: $0.counts.total,
                    opened: $0.counts.readable + ($0.counts.added ?? 0))
            }
        ).lines
    }

    private func tellSessions() {
        let lacking = report.sessions.filter {
            $0.counts.readable + ($0.counts.added ?? 0) < $0.counts.total
        }
        for session in lacking.prefix(Self.sessionLimit) {
            let senders = session.senders.map(\.shown).joined(separator: " and ")
            Output.talk(
                "  \(session.sessionID) by \(senders), \(session.firstAt): "
                    + Self.line(session.counts))
        }
        if lacking.count > Self.sessionLimit {
            Output.talk("  … and \(lacking.count - Self.sessionLimit) sessions more (--json)")
        }
        for session in report.sessions where session.repeated + session.reused > 0 {
            Output.talk(
                "  note: session \(session.sessionID) has \(session.repeated) messages sent again "
                    + "and \(session.reused) indices used for two messages")
        }
    }

    /// `5 of 9 messages open; 3 without a session, 1 too early for its key`.
    static func line(_ counts: CoverageReport.Counts) -> String {
        let rest = [
            (counts.noSession, "without a key"), (counts.indexTooLate, "before their key begins"),
            (counts.withheld, "withheld"), (counts.unusableKey, "with an unusable key"),
            (counts.redacted, "redacted"), (counts.notMegolm, "not Megolm"),
            (counts.notOfItsSession, "not of their session"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let closed = rest.isEmpty ? "" : "; \(rest.joined(separator: ", "))"
        return "\(counts.readable) of \("message".counted(counts.total)) open\(closed)"
    }
}
