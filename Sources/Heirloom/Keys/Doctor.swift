import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Megolm
import Secrets
import Selection

/// Which key file is to be looked at.
public struct DoctorRequest: Sendable {
    /// The file; `-` is standard input.
    public var file: String
    /// Whether a mended file stays under the passphrase of the old one.
    public var keepsPassphrase = true
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds

    /// A request with the usual limits.
    public init(file: String) {
        self.file = file
    }
}

/// What is wrong with a key file.
public struct DoctorReport: Encodable, Equatable, Sendable {
    /// The file that was written in its place.
    public struct Mended: Encodable, Equatable, Sendable {
        /// Where it is.
        public let path: String
        /// Its size.
        public let byteCount: Int
        /// Sessions in it, each once.
        public let keys: Int
    }

    /// The document's name and version.
    public let schema = "heirloom.doctor.v1"
    /// What became of each entry.
    public internal(set) var file: KeyFileReport
    /// What somebody stumbles over; empty for a file that every client reads.
    public internal(set) var findings: [Finding] = []
    /// Sessions that are sound and of which one copy counts.
    public internal(set) var sessions = 0
    /// The mended file, where one was asked for.
    public internal(set) var mended: Mended?

    /// Entries and sessions that no mending brings back: copy the file again, or ask who made it.
    public var lost: Int {
        file.invalid
            + findings.filter { $0.name == "contradicting" }.compactMap(\.count).reduce(0, +)
    }
}

/// Says what is wrong with a key file, and which client stumbles over it; writes it anew so that none
/// does.
///
/// What is authentic can be mended: its armour, its passphrase's spelling, the form of its entries.
/// What is cut short or damaged cannot: the format has one code for all of it.
public struct Doctor {
    let request: DoctorRequest
    let home: Home
    let report: (Progress) -> Void
    var random = AnyRandomSource(SystemRandomSource())

    /// Begins; nothing is read yet.
    ///
    /// - Parameters:
    ///   - home: where keys are put away, sealed, while they are put in order.
    ///   - report: told how far long steps are.
    public init(
        _ request: DoctorRequest, home: Home, report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.report = report
    }

    /// Looks at the file, and writes a mended one where it is asked to.
    ///
    /// - Parameter destination: `nil` for looking only.
    public mutating func examine(
        mendingInto destination: Destination?, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> DoctorReport {
        let path = request.file
        let file = try carrying(.collect, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: KeyFileLimits.fileByteCount)
        }
        // What could not be mended is in the old file alone.
        guard destination.map({ !file.isFile(at: $0.path) }) ?? true else {
            throw HeirloomError(
                .collect, .badArgument,
                "\(path.shown): the mended file must not take the place of the one it is made from")
        }
        var result = DoctorReport(file: KeyFileReport(path: path))
        var findings = [Finding.readable]
        let beginning = try file.beginning(named: path)
        if KeyFileKind(beginningOf: beginning.bytes) == .keyExport {
            let traits = try collecting(path) { () throws(KeyFormatError) in
                try KeyExport.armorTraits(of: file)
            }
            findings = Finding.of(traits)
        }
        let remembered = RememberedPassphrase(of: passphrases)
        let keys = try read(file, remembered, &result)
        result.findings.insert(contentsOf: findings, at: 0)
        guard let destination else {
            try judge(keys, &result) { _ in }
            return result
        }
        let passphrase = try remembered.passphrase(
            for: destination, keeping: request.keepsPassphrase)
        try mend(keys, into: destination, passphrase, &result)
        return result
    }

    /// Reads all entries, and notes what is unusual about each.
    private mutating func read(
        _ file: InputFile, _ passphrases: any PassphraseSource, _ result: inout DoctorReport
    ) throws(HeirloomError) -> KeySpool {
        let keys = try home.keySpool(random: &random)
        var reader = KeyFile(
            path: request.file, roundsLimit: request.roundsLimit, report: report)
        reader.mendsPython = true
        var findings = Finding.ofEntries
        var invalid: [String: Finding] = [:]
        var number = 0
        try reader.read(.init(), file: file, passphrases, report: &result.file) { entry in
            number += 1
            switch entry {
            case .roomKey(let key, let notes):
                keys.add(key)
                for place in findings.indices where notes.contains(findings[place].0) {
                    findings[place].1.add(number)
                }
            case .invalid(let fault):
                let reason = fault.description
                invalid[reason, default: .invalid(reason)].add(number)
            case .otherRoom, .withheld: break
            }
        }
        result.findings = Finding.of(result.file)
        result.findings += findings.map(\.1).filter { $0.count != nil }
        result.findings += invalid.values.sorted { $0.sentence < $1.sentence }
        return keys
    }

    /// Tells sessions that come once from those that do not.
    private func judge(
        _ keys: KeySpool, _ result: inout DoctorReport,
        _ body: (RoomKey) throws(HeirloomError) -> Void
    ) throws(HeirloomError) {
        var repeated = Finding.repeated
        var contradicting = Finding.contradicting
        var sessions = 0
        try keys.drain { session throws(HeirloomError) in
            switch session {
            case .key(let selected):
                sessions += 1
                if selected.copyCount > 1 { repeated.count = (repeated.count ?? 0) + 1 }
                try body(selected.key)
            case .conflict: contradicting.count = (contradicting.count ?? 0) + 1
            }
        }
        result.sessions = sessions
        result.findings += [repeated, contradicting].filter { $0.count != nil }
    }

    private mutating func mend(
        _ keys: KeySpool, into destination: Destination, _ passphrase: borrowing Passphrase,
        _ result: inout DoctorReport
    ) throws(HeirloomError) {
        let path = destination.path
        let output = try destination.open(step: .carry)
        var writer = try KeyFileWriter(
            .keyExport, under: passphrase, to: output.sink, at: path, random: &random)
        try judge(keys, &result) { key throws(HeirloomError) in try writer.add(key) }
        guard result.sessions > 0 else {
            throw HeirloomError(
                .collect, .nothingMatched, "\(request.file.shown): it holds no key to write anew")
        }
        _ = try writer.finish()
        result.mended = .init(
            path: path, byteCount: try output.commit(step: .carry), keys: result.sessions)
    }
}

/// Passes passphrases on and keeps the last one that opened a key file.
private final class RememberedPassphrase: PassphraseSource {
    private let source: any PassphraseSource
    private var kept: SharedSecret?

    init(of source: any PassphraseSource) {
        self.source = source
    }

    func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
        guard case .keyFile = purpose else { return try source.passphrase(for: purpose) }
        let passphrase = try source.passphrase(for: purpose)
        let secret = SharedSecret(copying: passphrase.bytes.bytes)
        kept = secret
        return Passphrase(bytes: SecretBytes(copying: secret.bytes))
    }

    func permits(rounds: UInt32, seconds: Int, of path: String) -> Bool {
        source.permits(rounds: rounds, seconds: seconds, of: path)
    }

    /// What a mended file is put under.
    func passphrase(
        for destination: Destination, keeping: Bool
    ) throws(HeirloomError) -> Passphrase {
        if keeping, let kept, kept.byteCount > 0 {
            return Passphrase(bytes: SecretBytes(copying: kept.bytes))
        }
        return try source.passphrase(for: .newKeyFile(path: destination.path))
    }
}
