import Bytes
import Carriers

extension Home {
    private static let keptLimit = QRCollector.maximumSerializedByteCount

    /// Codes of hand-overs that are not whole yet.
    var codesPath: String { "\(data)/codes" }

    /// Looks at pictures, together with what earlier scans kept, and keeps what was seen.
    ///
    /// - Parameter each: told what each picture gave.
    public func scan(
        _ paths: [String], report: (Progress) -> Void = { _ in },
        each: (CodeScan.Reading) -> Void = { _ in }
    ) throws(HeirloomError) -> CodeScan {
        try makeData()
        let lock = try lock(codesPath, step: .codes)
        defer { withExtendedLifetime(lock) {} }
        var scan = try keptScan()
        for (place, path) in paths.enumerated() {
            report(Progress(work: .scanning, fraction: Double(place) / Double(paths.count)))
            do throws(HeirloomError) {
                each(try scan.take(picture: path))
            } catch {
                // What the pictures before it showed is not to be photographed again.
                try keep(scan)
                throw error
            }
        }
        try keep(scan)
        return scan
    }

    /// Forgets the codes of a hand-over that was taken in.
    public func forget(_ scan: CodeScan) throws(HeirloomError) {
        let lock = try lock(codesPath, step: .codes)
        defer { withExtendedLifetime(lock) {} }
        var scan = scan
        scan.forgetMet()
        try keep(scan)
    }

    private func keptScan() throws(HeirloomError) -> CodeScan {
        guard
            let bytes = try contents(
                of: codesPath, rules: [.noSymbolicLink, .ownerOnly], limit: Self.keptLimit,
                step: .codes)
        else { return try CodeScan() }
        return try CodeScan(kept: String(decoding: bytes, as: UTF8.self))
    }

    private func keep(_ scan: CodeScan) throws(HeirloomError) {
        let bytes = Array(scan.kept.utf8)
        try store(bytes.span, at: codesPath, replacing: true, step: .codes)
    }
}
