import Heirloom

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
