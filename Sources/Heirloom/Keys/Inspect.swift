import Bundles
import Bytes
import Carriers
import KeyFormats
import MatrixTypes
import Megolm
import RoomTimelines
import Sealing
import Secrets
import StrictJSON

/// Tells what a file is, what is in it and who can open it, and shows no secret.
public struct Inspect {
    let home: Home
    let roundsLimit: UInt32
    let report: (Progress) -> Void

    /// Looks with the eyes of the person whose home this is.
    ///
    /// - Parameters:
    ///   - roundsLimit: more PBKDF2 rounds than this are not done.
    ///   - report: told how far long steps are.
    public init(
        home: Home, roundsLimit: UInt32 = KeyFileLimits.usualRounds,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.home = home
        self.roundsLimit = roundsLimit
        self.report = report
    }

    /// Looks at one file.
    ///
    /// - Parameter passphrases: asked for key files and for our identity; `nil` for looking only at
    ///   what shows without any.
    public func inspect(
        _ path: String, _ passphrases: (any PassphraseSource)?
    ) throws(HeirloomError) -> InspectReport {
        let file = try carrying(.collect, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: KeyFileLimits.fileByteCount)
        }
        let beginning = try file.beginning(named: path)
        let text = beginning.bytes
        var result = InspectReport(path: path, byteCount: file.byteCount)
        if let layout = try? HistoryLayout(beginningOf: text),
            text.firstOffset(of: "\"event_id\"") != nil
        {
            try inspectHistory(layout, file, &result)
            return result
        }
        if let kind = KeyFileKind(beginningOf: text) {
            try inspectKeys(kind, file, passphrases, &result)
            return result
        }
        switch ForeignKind(text) {
        case .sealedFile: try inspectSealed(file, passphrases, &result)
        case .identityFile: try inspectIdentity(file, &result)
        case .publicIdentity:
            result.kind = "public-identity"
            let string = String(decoding: [UInt8](text), as: UTF8.self)
            let trimmed = string.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            result.identity = IdentityCard(
                try sealing(.collect, path) { () throws(SealingError) in
                    try PublicIdentity(trimmed)
                })
        case .ageSecretKey: result.kind = "age-secret-key"
        case .recoveryKey: result.kind = "recovery-key"
        case .openedBundle: result.kind = "opened-bundle"
        case .gapRequest: result.kind = "gap-request"
        case .receipt: result.kind = "receipt"
        case .archive: result.kind = "archive"
        case .empty: result.kind = "empty"
        case .unknown: result.kind = "unknown"
        }
        return result
    }

    private func inspectHistory(
        _ layout: HistoryLayout, _ file: InputFile, _ result: inout InspectReport
    ) throws(HeirloomError) {
        result.kind = "saved-history"
        var builder = TimelineBuilder(users: [])
        do throws(TimelineError) {
            let tally = try builder.read(file, layout: layout)
            result.history = HistoryFileReport(result.path, tally)
        } catch {
            throw HeirloomError(error, of: result.path.shown)
        }
        result.historyRoom = builder.roomID?.text
    }

    private func inspectKeys(
        _ kind: KeyFileKind, _ file: InputFile, _ passphrases: (any PassphraseSource)?,
        _ result: inout InspectReport
    ) throws(HeirloomError) {
        switch kind {
        case .keyExport: result.kind = KeyFileReport.Kind.keyExport.rawValue
        case .plain(let layout): result.kind = KeyFileReport.Kind(layout).rawValue
        case .serverBackup:
            result.kind = KeyFileReport.Kind.serverBackup.rawValue
            if passphrases == nil { return }
        case .pythonLiteral:
            result.kind = "python-literal"
            return
        }
        guard kind != .keyExport || passphrases != nil else {
            let shape = try collecting(result.path) { () throws(KeyFormatError) in
                try KeyExport.facts(of: file)
            }
            result.rounds = shape.rounds
            return
        }
        var tally = KeyFileReport(path: result.path)
        var rooms: [String: InspectReport.Room] = [:]
        let reader = KeyFile(path: result.path, roundsLimit: roundsLimit, report: report)
        let wish = RoomKeyEntries.Wish(indexLimit: MessageIndex(.max))
        try reader.read(
            wish, file: file, passphrases ?? NoPassphrases(), report: &tally
        ) { entry in
            if case .roomKey(let key, _) = entry {
                rooms[key.roomID.text, default: .init(room: key.roomID.text)].count(key)
            }
        }
        result.rounds = tally.rounds
        result.keys = tally
        result.rooms = rooms.values.sorted { $0.room < $1.room }
    }

    private func inspectIdentity(
        _ file: InputFile, _ result: inout InspectReport
    ) throws(HeirloomError) {
        let path = result.path
        let text = try moving(.collect, path) { () throws(StreamError) in
            try file.readSecret(upTo: Home.identityByteLimit)
        }
        let identity = try sealing(.collect, path) { () throws(SealingError) in
            try IdentityFile(text: text.bytes)
        }
        result.kind = "identity-file"
        result.identity = IdentityCard(identity.publicIdentity)
        result.isProtected = identity.isProtected
    }

    private func inspectSealed(
        _ file: InputFile, _ passphrases: (any PassphraseSource)?, _ result: inout InspectReport
    ) throws(HeirloomError) {
        result.kind = "sealed-file"
        let path = result.path
        let header = try sealing(.open, path) { () throws(SealingError) in
            try AgeHeader(ofFile: file)
        }
        result.recipientCount = header.recipients.count
        guard let passphrases else { return }
        try moving(.collect, path) { () throws(StreamError) in try file.rewind() }
        var request = ReceiveRequest(file: path)
        request.again = true
        result.handover = try Receive(request, home: home, now: 0).look(file, passphrases)
    }
}

/// Gives no passphrase: for files that need none.
private struct NoPassphrases: PassphraseSource {
    func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
        throw HeirloomError(.collect, .noPassphrase, "no passphrase was given")
    }
}

/// What a file turned out to be.
public struct InspectReport: Encodable, Sendable {
    /// One room's keys in a file.
    public struct Room: Encodable, Equatable, Sendable {
        /// The room's id.
        public let room: String
        /// How many keys of it there are.
        public internal(set) var keys = 0
        /// How many carry the shared-history flag.
        public internal(set) var shareable = 0
        /// How many open their session from its first message.
        public internal(set) var fromStart = 0

        mutating func count(_ key: RoomKey) {
            keys += 1
            if key.sharedHistory == .shareable { shareable += 1 }
            if key.firstKnownIndex == .zero { fromStart += 1 }
        }
    }

    /// What a sealed file says once it is opened.
    ///
    /// Without a pinned signer nothing more than the
    /// signing key is read.
    public struct Handover: Encodable, Equatable, Sendable {
        /// The signer's Ed25519 key, unpadded base64.
        public let signingKey: String
        /// The contact whose key it is; `nil` for nobody known.
        public let giver: String?
        /// The signed room.
        public internal(set) var room: String?
        /// When it was made, ISO 8601.
        public internal(set) var createdAt: String?
        /// Until when it may be taken in, ISO 8601.
        public internal(set) var expiresAt: String?
        /// The bundle's id, 32 hexadecimal digits.
        public internal(set) var bundleID: String?
        /// To how many recipients it is addressed.
        public internal(set) var audienceCount: Int?
        /// How many sessions go against the rules' advice.
        public internal(set) var overrides: Int?
    }

    /// The document's name and version.
    public let schema = "heirloom.inspect.v1"
    /// The file.
    public let path: String
    /// Its size.
    public let byteCount: Int
    /// What kind of file it is, one word.
    public internal(set) var kind = "unknown"
    /// PBKDF2 rounds of a key export.
    public internal(set) var rounds: UInt32?
    /// What became of a key file's entries.
    public internal(set) var keys: KeyFileReport?
    /// A key file's rooms, by id.
    public internal(set) var rooms: [Room]?
    /// What became of the events of saved history.
    public internal(set) var history: HistoryFileReport?
    /// The room of its first event.
    public internal(set) var historyRoom: String?
    /// The public identity it holds.
    public internal(set) var identity: IdentityCard?
    /// Whether an identity file is under a passphrase.
    public internal(set) var isProtected: Bool?
    /// To how many keys a sealed file is sealed.
    public internal(set) var recipientCount: Int?
    /// What a sealed file says, where we can open it.
    public internal(set) var handover: Handover?

    init(path: String, byteCount: Int) {
        self.path = path
        self.byteCount = byteCount
    }
}

extension Receive {
    /// Opens a sealed file and reads its signed manifest, where the signer is pinned.
    func look(
        _ file: InputFile, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> InspectReport.Handover {
        let opened = try open(file, passphrases)
        let bundle = try begin(opened)
        let signer = bundle.claimedSigner
        let known = try home.contacts().contact(signingWith: signer)
        var handover = InspectReport.Handover(
            signingKey: Ed25519PublicKey(bytes: signer.bytes).text, giver: known?.name)
        guard let known else { return handover }
        let signed = try verify(
            bundle, by: (identity: known.identity, card: ContactCard(known)), opened)
        let manifest = signed.manifest
        handover.room = manifest.roomID.text
        handover.createdAt = UTCDate.text(milliseconds: manifest.createdMilliseconds)
        handover.expiresAt = UTCDate.text(milliseconds: manifest.expiresMilliseconds)
        handover.bundleID = manifest.id.description
        handover.audienceCount = manifest.audience.count
        handover.overrides = Int(manifest.overrideCount)
        return handover
    }
}
