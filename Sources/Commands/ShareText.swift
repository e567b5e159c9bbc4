import Heirloom

/// A share in words.
struct ShareText {
    private let report: ShareReport

    init(_ report: ShareReport) {
        self.report = report
    }

    func tell(isPlan: Bool) {
        for file in report.files { KeyFileText(file).tell() }
        Output.talk("Room \(report.room.shown)")
        for recipient in report.recipients {
            let check =
                recipient.verifiedAt == nil ? "fingerprint NOT compared" : "fingerprint compared"
            Output.talk("  to \(recipient.title.shown) (\(check))")
            Output.talk("     \(recipient.card.fingerprintWords)")
        }
        SessionsText(report.sessions).tell(isPlan: isPlan)
        let counts = report.counts
        Output.talk(
            "\(counts.sessions) sessions: \(counts.allowed) allowed, "
                + "\(counts.overridden) by override, \(counts.withheld) withheld, "
                + "\(counts.refused) refused, \(counts.conflicting) conflicting")
        if counts.duplicates > 0 {
            Output.talk("\(counts.duplicates) entries were further copies of these sessions")
        }
    }

    static func tell(_ sealed: SealedReport) {
        let place = sealed.path == "-" ? "standard output" : sealed.path.shown
        Output.talk(
            "Sealed \(sealed.sessions) sessions into \(place) (\(sealed.byteCount) bytes), "
                + "to be taken in until \(sealed.expiresAt).")
    }
}

/// What became of a key file's entries, in words.
struct KeyFileText {
    private let file: KeyFileReport

    init(_ file: KeyFileReport) {
        self.file = file
    }

    func tell() {
        Output.talk(
            "\(file.path.shown): \(file.entries) entries: \(file.keys) keys, "
                + "\(file.otherRooms) of other rooms, \(file.withheld) withheld, "
                + "\(file.invalid) invalid")
        if let spelling = file.passphraseSpelling, spelling != .asTyped {
            Output.talk("  it opened only with the passphrase's \(spelling.rawValue) bytes")
        }
        for fault in file.faults { tell(fault, "invalid") }
        for note in file.notes { tell(note, "note") }
    }

    private func tell(_ fault: KeyFileReport.Fault, _ word: String) {
        let entries = fault.entries.map(String.init).joined(separator: ", ")
        let more = fault.count > fault.entries.count ? ", …" : ""
        Output.talk("  \(word): \(fault.count) × \(fault.reason) (entry \(entries)\(more))")
    }
}
