import Heirloom

/// The evidence in words.
struct HistoryText {
    private let report: HistoryReport

    init(_ report: HistoryReport) {
        self.report = report
    }

    /// What became of a file's events.
    static func tell(_ file: HistoryFileReport) {
        var line = "\(file.path.shown): \(file.taken) events"
        if file.repeated > 0 { line += ", \(file.repeated) seen before" }
        if file.otherRooms > 0 { line += ", \(file.otherRooms) of other rooms" }
        if file.malformed > 0 { line += ", \(file.malformed) malformed" }
        Output.talk(line)
        for (fault, count) in file.faults.sorted(by: { $0.key < $1.key }) {
            Output.talk("  malformed: \(count) × \(fault)")
        }
    }

    func tell() {
        for file in report.files { Self.tell(file) }
        Output.talk(
            "History from \(report.firstAt) to \(report.lastAt): \(report.messages) messages"
                + (report.redacted > 0 ? ", \(report.redacted) redacted" : ""))
        for change in report.visibility {
            Output.talk("  visibility ‘\(change.visibility)’ from \(change.at)")
        }
        if !report.beginsWithCreation {
            note("it begins after the room's creation: what was before is not known")
        }
        if !report.gaps.isEmpty {
            note("it has \(report.gaps.count) gaps; behind a gap nothing is taken for known")
        }
        if report.undecipherable > 0 {
            note("\(report.undecipherable) encrypted events are no Megolm messages")
        }
        if report.foreign > 0 {
            note("\(report.foreign) messages name a session that did not sign them: not counted")
        }
        if report.replayed > 0 {
            note("\(report.replayed) messages repeat what somebody else sent: not counted")
        }
        if report.clockContradictions > 0 {
            note(
                "clocks contradict the order of indices \(report.clockContradictions) times; the "
                    + "indices count")
        }
        if report.orderContradictions > 0 {
            note(
                "\(report.orderContradictions) messages were saved in another order than that of "
                    + "their indices")
        }
        if report.readerDisagreements > 0 {
            note(
                "at \(report.readerDisagreements) events the homeserver's word on the reader's "
                    + "membership differs from the membership events; the stricter counts. Was it "
                    + "somebody else who saved this history?")
        }
    }

    private func note(_ text: String) {
        Output.talk("  note: \(text)")
    }
}
