import Heirloom

/// A receive in words.
struct ReceiveText {
    private let report: ReceiveReport

    init(_ report: ReceiveReport) {
        self.report = report
    }

    func tell(isPlan: Bool) {
        let check = report.giver.verifiedAt == nil ? "fingerprint NOT compared" : "verified"
        Output.talk("Signed by \(report.giver.title.shown) (\(check)) at \(report.createdAt)")
        if let user = report.claimedUser { Output.talk("  who says to be \(user.shown)") }
        Output.talk("Room \(report.room.shown)")
        for file in report.heldFiles { KeyFileText(file).tell() }
        if let history = report.history { HistoryText(history).tell() }
        if let overrides = report.overrides {
            Output.talk(
                "  \("session".counted(overrides.count)) against the rules' advice: \(overrides.reason.shown)"
            )
        }
        SessionsText(report.sessions).tell(isPlan: isPlan)
        if report.sessions.contains(where: { $0.rule == "override-not-accepted" }) {
            Output.talk(
                "  hint: --accept-overrides takes those too, with --again where the rest was taken in"
            )
        }
        if !report.withheldByGiver.isEmpty {
            Output.talk(
                "  \("session".counted(report.withheldByGiver.count)) the giver says were withheld")
        }
        let account = report.account
        Output.talk(
            "\(account.new) new + \(account.improved) improved + \(account.same) same + "
                + "\(account.worse) worse + \(account.conflicting) conflicting + "
                + "\(account.quarantined) quarantined + \(account.refused) refused + "
                + "\(account.invalid) invalid = " + "session".counted(account.total))
        let taken = report.sessions.filter { ["allow", "same"].contains($0.verdict) }
        let proven = taken.count { $0.proof == "proven" }
        if report.history != nil, !taken.isEmpty {
            let opens = taken.map(\.opens).reduce(0, +)
            Output.talk(
                "\(proven) of \(taken.count) keys are proven by a real message; they open "
                    + "\(opens) known messages")
        }
        let lost = report.sessions.map(\.lost.count).reduce(0, +)
        if lost > 0 {
            Output.talk(
                "\(lost) messages are yours to see and stay closed: no key opens them without "
                    + "opening what is not")
        }
    }

    func tellDelivered(isPlan: Bool) {
        if let delivered = report.delivered {
            let place = delivered.path == "-" ? "standard output" : delivered.path.shown
            Output.talk(
                "Wrote \(delivered.sessions) keys into \(place) (\(delivered.byteCount) bytes): "
                    + "import it in your Matrix client, then delete it.")
            if delivered.originUnknown > 0 {
                Output.talk(
                    "  \(delivered.originUnknown) of them are of unknown origin; their creator's "
                        + "keys are written as zeros")
            }
            Output.talk(
                "  Who wrote a message is \(report.giver.title.shown)’s word: keys prove no author."
            )
        } else if !isPlan, report.archived == nil {
            Output.talk(
                "Nothing was written: --deliver FILE writes what your Matrix client imports.")
        }
        if let archived = report.archived {
            Output.talk("Archived: \(ArchiveText.line(archived.counts))")
        }
    }
}
