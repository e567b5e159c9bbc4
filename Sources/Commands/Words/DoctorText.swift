import Heirloom

/// What is wrong with a key file, in words.
struct DoctorText {
    private let report: DoctorReport

    init(_ report: DoctorReport) {
        self.report = report
    }

    func tell() {
        let file = report.file
        Output.talk(
            "\(file.path.shown): \("key".counted(file.keys)) in \(file.entries) entries, of "
                + "\("session".counted(report.sessions)), \(file.invalid) invalid")
        for finding in report.findings { tell(finding) }
        if report.findings.isEmpty {
            Output.talk("Nothing is wrong with it: every client that we know reads it.")
        }
        if let mended = report.mended {
            Output.talk(
                "Wrote \("session".counted(mended.keys)) into \(mended.path.shown) "
                    + "(\(mended.byteCount) bytes), as every client reads them.")
            if report.lost > 0 {
                Output.talk(
                    "  \(report.lost) could not be mended: keep the old file, and ask who made it")
            }
        } else if !report.findings.isEmpty, report.sessions > 0 {
            Output.talk(
                "‘heirloom doctor \(file.path.shown) -o NEW’ writes a file without all this.")
        }
    }

    private func tell(_ finding: Finding) {
        var line = "  \(finding.sentence)"
        if let count = finding.count {
            let numbers = finding.entries.map(String.init).joined(separator: ", ")
            let more = count > finding.entries.count && !finding.entries.isEmpty ? ", …" : ""
            let place = finding.entries.isEmpty ? "" : " (entry \(numbers)\(more))"
            line = "  \(count) × \(finding.sentence)\(place)"
        }
        Output.talk(line)
        if !finding.stops.isEmpty {
            let names = finding.stops.map(\.rawValue).joined(separator: ", ")
            Output.talk("      stumbles: \(names)")
        }
    }
}
