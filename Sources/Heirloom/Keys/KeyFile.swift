import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Secrets
import StrictJSON

/// A file of room keys of any kind, read entry by entry.
struct KeyFile {
    let path: String
    let roundsLimit: UInt32
    let report: (Progress) -> Void
    /// Whether a list that Python printed is read as the JSON that was meant.
    var mendsPython = false

    /// Reads all entries, counting each in `tally`.
    ///
    /// - Throws: `HeirloomError` of step `collect`, for the file as a whole only.
    func read(
        _ wish: RoomKeyEntries.Wish, _ passphrases: any PassphraseSource,
        report tally: inout KeyFileReport, _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) {
        let file = try carrying(.collect, path) { () throws(CarrierError) in
            try InputFile(
                path: path, rules: .pipesInMemory, limit: KeyFileLimits.fileByteCount)
        }
        try read(wish, file: file, passphrases, report: &tally, body)
    }

    /// Reads all entries of a file already opened.
    func read(
        _ wish: RoomKeyEntries.Wish, file: InputFile, _ passphrases: any PassphraseSource,
        report tally: inout KeyFileReport, _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) {
        switch try kind(of: file) {
        case .keyExport:
            tally.kind = .keyExport
            let (source, layout) = try openExport(file, passphrases, &tally)
            try read(source, layout: layout, wish, report: &tally, body)
        case .plain(let layout):
            tally.kind = KeyFileReport.Kind(layout)
            try read(reporting(file), layout: layout, wish, report: &tally, body)
        case .serverBackup:
            tally.kind = .serverBackup
            try readBackup(file, wish, passphrases, report: &tally, body)
        case .pythonLiteral:
            let text = try mended(reporting(file), &tally)
            try read(text, layout: .array, wish, report: &tally, body)
        }
    }

    /// The JSON that was meant by what Python printed.
    ///
    /// - Throws: `pythonLiteral` where it is not to be mended.
    private func mended(
        _ source: any ByteSource, _ tally: inout KeyFileReport
    ) throws(HeirloomError) -> any ByteSource {
        guard mendsPython else { throw HeirloomError(collecting: .pythonLiteral, from: path) }
        if tally.kind == .keyExport {
            tally.layout = .pythonList
        } else {
            tally.kind = .pythonList
        }
        return PythonListText(source)
    }

    func read(
        _ source: any ByteSource, layout: KeyFileLayout, _ wish: RoomKeyEntries.Wish,
        report tally: inout KeyFileReport, _ body: (KeyFileEntry) -> Void
    ) throws(HeirloomError) {
        var entries = RoomKeyEntries(source, layout: layout, wish: wish)
        while let entry = try next(&entries) {
            tally.count(entry, number: entries.count)
            body(entry)
        }
    }

    private func next(
        _ entries: inout RoomKeyEntries
    ) throws(HeirloomError) -> KeyFileEntry? {
        do throws(KeyFormatError) {
            return try entries.next()
        } catch {
            throw HeirloomError(collecting: error, from: path)
        }
    }

    private func openExport(
        _ file: InputFile, _ passphrases: any PassphraseSource, _ tally: inout KeyFileReport
    ) throws(HeirloomError) -> (any ByteSource, KeyFileLayout) {
        let asked = try collecting(path) { () throws(KeyFormatError) in
            try KeyExport.facts(of: file).rounds
        }
        let rounds = try permittedRounds(asked, passphrases)
        let passphrase = try passphrases.passphrase(for: .keyFile(path: path))
        let source = reporting(file)
        let opened: OpenedKeyExport
        do throws(KeyFormatError) {
            opened = try KeyExport.open(
                source, passphrase: passphrase.bytes, roundsLimit: rounds)
        } catch {
            throw HeirloomError(collecting: error, from: path)
        }
        tally.rounds = opened.rounds
        tally.passphraseSpelling = KeyFileReport.Spelling(opened.spelling)
        if opened.countsInHalf { tally.counterBits = 64 }
        if opened.isPythonLiteral {
            return (try mended(opened.plaintext, &tally), .array)
        }
        guard let layout = opened.layout else {
            throw HeirloomError(collecting: .json(.malformed(byteOffset: 0)), from: path)
        }
        if layout != .array { tally.layout = KeyFileReport.Kind(layout) }
        return (opened.plaintext, layout)
    }

    /// How many rounds may be done: more than the limit only where somebody agrees, before any is
    /// done and before a passphrase is asked for.
    func permittedRounds(
        _ asked: UInt32, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> UInt32 {
        guard asked > roundsLimit else { return roundsLimit }
        let seconds = Int(asked / KeyFileLimits.roundsInASecond)
        guard passphrases.permits(rounds: asked, seconds: seconds, of: path) else {
            throw HeirloomError(
                collecting: .tooManyRounds(rounds: asked, limit: roundsLimit), from: path)
        }
        return asked
    }

    func reporting(_ file: any RewindableByteSource) -> ReportingSource {
        let report = self.report
        return ReportingSource(file) { report(Progress(work: .readingKeys, fraction: $0)) }
    }

    private func kind(of file: InputFile) throws(HeirloomError) -> KeyFileKind {
        let beginning = try file.beginning(named: path)
        guard let kind = KeyFileKind(beginningOf: beginning.bytes) else {
            throw HeirloomError(
                .collect, .unknownKind,
                "\(path.shown): \(ForeignKind(beginning.bytes).sentence)")
        }
        return kind
    }
}

/// What a file is that holds no room keys, as far as its beginning tells.
enum ForeignKind: Equatable {
    case empty
    case sealedFile
    case identityFile
    case publicIdentity
    case ageSecretKey
    case recoveryKey
    /// The plaintext of a sealed file, as other tools give it.
    case openedBundle
    /// A request for missing keys.
    case gapRequest
    /// A recipient's receipt.
    case receipt
    /// An archive of keys.
    case archive
    case unknown

    init(_ beginning: Span<UInt8>) {
        // In place, because it may be a secret.
        let text = beginning.extracting(first: min(beginning.count, 512))
        var start = text.begins(with: "\u{feff}") ? 3 : 0
        while start < text.count, Self.isSpace(text[start]) { start += 1 }
        let body = text.extracting(droppingFirst: start)
        if body.isEmpty {
            self = .empty
        } else if body.begins(with: "age-encryption.org/")
            || body.begins(with: "-----BEGIN AGE ENCRYPTED")
        {
            self = .sealedFile
        } else if text.firstOffset(of: "HEIRLOOM-IDENTITY-V") != nil {
            self = .identityFile
        } else if body.begins(with: "heir1") || body.begins(with: "HEIR1") {
            self = .publicIdentity
        } else if text.firstOffset(of: "AGE-SECRET-KEY-1") != nil {
            self = .ageSecretKey
        } else if body.begins(with: "Es"),
            body.indices.count(where: { !Self.isSpace(body[$0]) }) == 48
        {
            self = .recoveryKey
        } else if text.begins(with: "heirloom\u{1}") {
            self = .openedBundle
        } else if text.begins(with: "heirgaps\u{1}") {
            self = .gapRequest
        } else if text.begins(with: "heirrcpt\u{1}") {
            self = .receipt
        } else if text.begins(with: "SQLite format 3\0") {
            self = .archive
        } else {
            self = .unknown
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x09, 0x0a, 0x0d, 0x20].contains(byte) }

    /// What it is, for a person who expected room keys.
    var sentence: String {
        switch self {
        case .empty: "the file is empty"
        case .sealedFile: "it is a sealed file; expected a file of room keys"
        case .identityFile: "it is an identity file; expected a file of room keys"
        case .publicIdentity: "it is a public identity; expected a file of room keys"
        case .ageSecretKey: "it is a secret age key; expected a file of room keys"
        case .recoveryKey: "it is a recovery key; expected a file of room keys"
        case .openedBundle: "it is an opened bundle; expected a file of room keys"
        case .gapRequest: "it is a request for missing keys; expected a file of room keys"
        case .receipt: "it is a receipt; expected a file of room keys"
        case .archive: "it is an archive; ‘archive export’ writes its keys out"
        case .unknown: "it is no file of room keys that is known here"
        }
    }
}
