import Bundles
import Bytes
import Carriers
import HistoryRules
import MatrixTypes
import Megolm
import Sealing
import Secrets

/// What a person has been given and expects it to be.
public struct ReceiveRequest: Sendable {
    /// The sealed file; `-` is standard input.
    public var file: String
    /// The sealed bytes where they came as codes; `file` then only names them.
    public var sealedBytes: [UInt8]?
    /// WHO it is from: a contact's name or a whole `heir1…`; `nil` to be asked.
    public var from: String?
    /// The room's id; `nil` to be asked.
    public var room: String?
    /// Saved history of the room, as the receiver's own homeserver shows it.
    public var historyFiles: [String] = []
    /// The same, where it was fetched for this walk.
    var fetched: FetchedEvidence?
    /// The receiver's own Matrix user, by whose rights the history is judged.
    public var judgedFor: String?
    /// Whether the receiver counts as joining the room now.
    public var asJoining = false
    /// Key files of keys already held: they are compared with, never replaced.
    public var heldKeyFiles: [String] = []
    /// Whether only keys are taken that a real message proves.
    public var requiresProof = false
    /// Whether sessions are taken that the giver handed over against the rules' advice.
    public var acceptsOverrides = false
    /// Whether a bundle that was taken in before may be taken in again.
    public var again = false
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds

    /// A request that names nothing but the file.
    public init(file: String) {
        self.file = file
    }
}

/// The second walk: carrier → open → verify → evidence → judge and prove → deliver.
public struct Receive {
    /// Shows the signed room and giver to a person and brings back their yes or no.
    ///
    /// Called only
    /// where the request did not name both, and only after the signature has verified.
    public typealias Confirm = (HandoverSummary) throws(HeirloomError) -> Bool

    var request: ReceiveRequest
    let home: Home
    let now: UInt64
    let report: (Progress) -> Void
    var random = AnyRandomSource(SystemRandomSource())

    /// Begins the walk; nothing is read yet.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - report: told how far long steps are.
    public init(
        _ request: ReceiveRequest, home: Home, now: UInt64,
        report: @escaping (Progress) -> Void = { _ in }
    ) {
        self.request = request
        self.home = home
        self.now = now
        self.report = report
    }

    /// Opens, verifies, judges and proves; writes nothing.
    public func plan(
        _ passphrases: any PassphraseSource, confirm: Confirm
    ) throws(HeirloomError) -> ReceivePlan {
        try plan(authenticate(passphrases, confirm: confirm), passphrases)
    }

    /// Opens and verifies; knows no rules yet.
    func authenticate(
        _ passphrases: any PassphraseSource, confirm: Confirm
    ) throws(HeirloomError) -> AuthenticHandOver {
        let sealed = try collect()
        let opened = try open(sealed, passphrases)
        let bundle = try begin(opened)
        let giver = try giver(signingWith: bundle.claimedSigner)
        let signed = try verify(bundle, by: giver, opened)
        let admitted = try admit(signed, opened)
        try confirmUnlessNamed(admitted.manifest, giver.card, confirm)
        return AuthenticHandOver(
            records: try read(admitted, opened), giver: giver.card,
            signer: giver.identity.signingKey)
    }

    /// Judges and proves what has been verified.
    func plan(
        _ authentic: AuthenticHandOver, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> ReceivePlan {
        let records = authentic.records
        let gathered = try gather(records.manifest.roomID)
        let held = try held(of: records.manifest.roomID, passphrases)
        return ReceivePlan(
            manifest: records.manifest, giver: authentic.giver, signer: authentic.signer,
            isAgain: request.again,
            sessions: try judge(records, gathered, held), withheld: records.withheld,
            gathered: gathered, heldFiles: held.reports)
    }

    private func collect() throws(HeirloomError) -> any RewindableByteSource {
        if let bytes = request.sealedBytes { return MemorySource(bytes) }
        let path = request.file
        return try carrying(.carry, path) { () throws(CarrierError) in
            try InputFile(
                path: path, rules: [.noSymbolicLink, .pipesInMemory],
                limit: SealedFileLimits.byteCount)
        }
    }

    private func confirmUnlessNamed(
        _ manifest: BundleManifest, _ giver: ContactCard, _ confirm: Confirm
    ) throws(HeirloomError) {
        guard request.from == nil || request.room == nil else { return }
        guard try confirm(HandoverSummary(manifest, giver: giver)) else {
            throw HeirloomError(.verify, .cancelled, "nothing was taken in")
        }
    }
}

/// What is accepted of sealed files.
enum SealedFileLimits {
    /// 1.25 GiB.
    static let byteCount = 5 << 28
}

/// What a person is shown before a hand-over is taken in that they did not name.
public struct HandoverSummary: Sendable {
    /// The signed room's id.
    public let room: String
    /// The pinned identity whose signature verified.
    public let giver: ContactCard
    /// The Matrix user the giver says to be.
    public let claimedUser: String?
    /// When it was made, ISO 8601.
    public let createdAt: String

    init(_ manifest: BundleManifest, giver: ContactCard) {
        room = manifest.roomID.text
        self.giver = giver
        claimedUser = manifest.signerUserID?.text
        createdAt = UTCDate.text(milliseconds: manifest.createdMilliseconds)
    }
}
