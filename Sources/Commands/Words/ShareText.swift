import Heirloom

/// A share in words: the one screen before sealing.
struct ShareText {
    private let report: ShareReport

    init(_ report: ShareReport) {
        self.report = report
    }

    func tell(isPlan: Bool) {
        for file in report.files { KeyFileText(file).tell() }
        if let history = report.history { HistoryText(history).tell() }
        tellParties()
        for line in DaysPicture(report.days).lines { Output.talk(line) }
        SessionsText(report.sessions).tell(isPlan: isPlan)
        tellCounts()
        tellSummary()
    }

    private func tellParties() {
        Output.talk("Room \(report.room.shown)")
        for recipient in report.recipients {
            let check =
                recipient.verifiedAt == nil ? "fingerprint NOT compared" : "fingerprint compared"
            let user = recipient.matrixUser.map { ", \($0.shown)" } ?? ""
            Output.talk("  to \(recipient.title.shown)\(user) (\(check))")
            Output.talk("     \(recipient.card.fingerprintWords)")
        }
        if let history = report.history {
            let joining = history.asJoining ? ", as joining now" : ""
            let users = history.judgedFor.map(\.shown).joined(separator: ", ")
            Output.talk("  judged by the rights of \(users)\(joining)")
        }
        if let request = report.request {
            Output.talk(
                "  in answer to the request of \(request.createdAt) for \("session".counted(request.sessions))"
            )
        }
        if let window = report.window {
            Output.talk(
                "  from \(window.since ?? "the beginning") to \(window.until ?? "now and on")")
        }
    }

    private func tellCounts() {
        let counts = report.counts
        var line =
            "\("session".counted(counts.sessions)): \(counts.allowed) allowed, "
            + "\(counts.overridden) by override, \(counts.withheld) withheld, "
            + "\(counts.refused) refused, \(counts.conflicting) conflicting"
        if report.window != nil {
            line +=
                ", \(counts.outsideWindow) outside the window, \(counts.pastWindowEnd) left out for "
                + "running past it, \(counts.unknownAge) of unknown age"
        }
        if report.request != nil { line += ", \(counts.notRequested) not asked for" }
        Output.talk(line)
        if counts.duplicates > 0 {
            Output.talk("\(counts.duplicates) entries were further copies of these sessions")
        }
    }

    private func tellSummary() {
        let summary = report.summary
        let handedOver = report.counts.allowed + report.counts.overridden
        guard handedOver > 0 else { return }
        if let first = summary.firstAt, let last = summary.lastAt {
            Output.talk("Opens \("known message".counted(summary.opens)), from \(first) to \(last)")
            let senders = summary.senders.prefix(8).map { "\($0.user.shown) (\($0.sessions))" }
            let more = summary.senders.count > 8 ? ", and \(summary.senders.count - 8) more" : ""
            Output.talk("  by \(senders.joined(separator: ", "))\(more)")
            Output.talk("  \(summary.proven) of \(handedOver) keys are proven by a real message")
        }
        if summary.unknownSenders > 0 {
            Output.talk(
                "  \("session".counted(summary.unknownSenders)) of which no message is known")
        }
        if summary.withoutFlag > 0 {
            Output.talk(
                "  \("session".counted(summary.withoutFlag)) without a word of sharing from the creator"
            )
        }
        if summary.woundForward > 0 {
            Output.talk("  \("session".counted(summary.woundForward)) wound forward")
        }
        if summary.sessionsPastEnd > 0 {
            Output.talk(
                "  \("session".counted(summary.sessionsPastEnd)) past the window's end: "
                    + "\("message".counted(summary.messagesPastEnd)) more open, until \(summary.pastEndUntil ?? "")"
            )
        }
        if summary.lost > 0 {
            Output.talk(
                "  \("message".counted(summary.lost)) theirs to see, but closed: no key opens what is "
                    + "theirs there without what is not")
        }
        if report.window?.until != nil {
            Output.talk("  what these sessions are used for from now on opens too")
        }
    }

    static func tell(_ sealed: SealedReport) {
        let place =
            switch sealed.path {
            case nil: "codes"
            case "-"?: "standard output"
            case let path?: path.shown
            }
        Output.talk(
            "Sealed \("session".counted(sealed.sessions)) into \(place) (\(sealed.byteCount) bytes), "
                + "to be taken in until \(sealed.expiresAt).")
    }
}
