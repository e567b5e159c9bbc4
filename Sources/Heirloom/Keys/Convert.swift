import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Megolm
import Secrets
import Selection

/// What a person wants in another form.
public struct ConvertRequest: Sendable {
    /// The forms keys can be written in.
    public enum Format: String, CaseIterable, Sendable {
        /// A key export file under a passphrase, for every client.
        case keyExport = "key-export"
        /// The room key bundle of MSC4268, in readable JSON.
        case roomKeyBundle = "room-key-bundle"
        /// That bundle as an encrypted attachment, with the `EncryptedFile` object that opens it.
        case encryptedBundle = "encrypted-bundle"
        /// Readable JSON, one key a line.
        case jsonLines = "json-lines"

        /// Whether the keys can be read by whoever has the file.
        public var isReadable: Bool { self == .roomKeyBundle || self == .jsonLines }

        /// Whether it holds one room's shareable keys alone.
        var isBundle: Bool { self == .roomKeyBundle || self == .encryptedBundle }
    }

    /// Key files to take keys from; `-` is standard input.
    public var keyFiles: [String]
    /// The key to the one file named, where that is an encrypted room key bundle: the `EncryptedFile`
    /// object, or the event that brought it.
    public var attachmentKey: String?
    /// Only this room's keys; `nil` for all rooms'.
    public var room: String?
    /// The form wanted.
    public var format: Format
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds

    /// A request with the usual limits.
    public init(keyFiles: [String], room: String?, to format: Format) {
        self.keyFiles = keyFiles
        self.room = room
        self.format = format
    }
}

/// Writes key files anew: every session once, at its lowest index, spelled as every client reads it.
///
/// Nothing is handed to anybody, so no rules are asked; only a room key bundle, which is made to be
/// handed over, holds shareable sessions alone and names the others as withheld.
public struct Convert {
    let request: ConvertRequest
    let home: Home
    /// A key backup that was fetched, beside the files; `nil` for none.
    let pulled: PulledBackup?
    let report: (Progress) -> Void
    var random = AnyRandomSource(SystemRandomSource())

    /// Begins; nothing is read yet.
    ///
    /// - Parameters:
    ///   - pulled: a key backup that was fetched, beside the files.
    ///   - home: where keys are put away, sealed, while they are put in order.
    ///   - report: told how far long steps are.
    public init(
        _ request: ConvertRequest, pulled: PulledBackup? = nil, home: Home,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.pulled = pulled
        self.report = report
    }

    /// Reads, merges and writes.
    public mutating func run(
        into destination: Destination, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ConvertReport {
        let room = try request.room.map { text throws(HeirloomError) in
            try RoomID(argument: text)
        }
        if request.format.isBundle, room == nil {
            throw HeirloomError(
                .select, .badArgument, "a room key bundle is of one room, and none was named")
        }
        var result = ConvertReport(room: room?.text, format: request.format.rawValue)
        try destination.checkName(for: request.format)
        let keys = try collect(room, passphrases, &result)
        guard !keys.isEmpty else {
            throw HeirloomError(
                .select, .nothingMatched, "the files hold no key that was asked for")
        }
        let passphrase = try passphrase(passphrases, for: destination)
        let output = try destination.open(step: .carry)
        var writer = try KeyFileWriter(
            request.format, under: passphrase, to: output.sink, at: destination.path,
            random: &random)
        try keys.drain { session throws(HeirloomError) in
            switch session {
            case .key(let selected): try writer.add(selected.key)
            case .conflict: result.conflicting += 1
            }
        }
        (result.keys, result.withheld) = (writer.written, writer.withheld)
        guard result.keys + result.withheld > 0 else {
            throw HeirloomError(
                .select, .nothingMatched,
                "the copies of every session contradict each other (\(result.conflicting))")
        }
        let attachmentKey = try writer.finish()
        try destination.writeBeside(attachmentKey, step: .carry)
        result.byteCount = try output.commit(step: .carry)
        return result
    }

    /// All keys of the files.
    private mutating func collect(
        _ room: RoomID?, _ passphrases: any PassphraseSource, _ result: inout ConvertReport
    ) throws(HeirloomError) -> KeySpool {
        let keys = try home.keySpool(random: &random)
        let take = { (entry: KeyFileEntry) in
            if case .roomKey(let key, _) = entry { keys.add(key) }
        }
        let wish = RoomKeyEntries.Wish(roomID: room)
        for path in request.keyFiles {
            let reader = KeyFile(path: path, roundsLimit: request.roundsLimit, report: report)
            var tally = KeyFileReport(path: path)
            if let key = request.attachmentKey {
                result.sender = try reader.readAttachment(wish, key: key, report: &tally, take)
            } else {
                try reader.read(wish, passphrases, report: &tally, take)
            }
            result.files.append(tally)
        }
        if let pulled {
            let reader = KeyFile(
                path: pulled.name, roundsLimit: request.roundsLimit, report: report)
            var tally = KeyFileReport(path: pulled.name)
            try reader.read(pulled, wish, passphrases, report: &tally, take)
            result.files.append(tally)
        }
        return keys
    }

    /// The new key file's passphrase; an empty one where the form has none.
    private func passphrase(
        _ passphrases: any PassphraseSource, for destination: Destination
    ) throws(HeirloomError) -> Passphrase {
        guard request.format == .keyExport else {
            return Passphrase(bytes: SecretBytes(byteCount: 0))
        }
        return try passphrases.passphrase(for: .newKeyFile(path: destination.path))
    }
}

/// The account of a conversion: keys + withheld + conflicting = sessions found.
public struct ConvertReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.convert.v1"
    /// The room asked for; `nil` for all.
    public let room: String?
    /// The form written.
    public let format: String
    /// What became of each file's entries.
    public internal(set) var files: [KeyFileReport] = []
    /// Whose device signed the event that brought an encrypted bundle; `nil` where there was none.
    public internal(set) var sender: BundleSenderReport?
    /// Sessions written.
    public internal(set) var keys = 0
    /// Sessions that a bundle names as withheld, because they are not shareable.
    public internal(set) var withheld = 0
    /// Sessions left out because their copies contradict each other.
    public internal(set) var conflicting = 0
    /// The size of what was written.
    public internal(set) var byteCount = 0
}
