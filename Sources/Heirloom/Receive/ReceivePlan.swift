import Bundles
import MatrixTypes
import Sealing
import Secrets

/// What a hand-over holds and what would be taken in.
///
/// Nothing has been written.
public struct ReceivePlan: Sendable {
    let manifest: BundleManifest
    let giver: ContactCard
    /// The giver's signing key, which signed all of it.
    let signer: Ed25519.PublicKey
    /// Whether it may have been taken in before.
    let isAgain: Bool
    let sessions: [ReceivedSession]
    let withheld: [WithheldSession]
    /// The saved history that verdicts rest on; `nil` for none.
    let gathered: Gathered?
    let heldFiles: [KeyFileReport]

    /// The plan as it is shown and written as JSON.
    public var report: ReceiveReport {
        ReceiveReport(
            room: manifest.roomID.text, giver: giver, claimedUser: manifest.signerUserID?.text,
            bundleID: manifest.id.description,
            createdAt: UTCDate.text(milliseconds: manifest.createdMilliseconds),
            expiresAt: UTCDate.text(milliseconds: manifest.expiresMilliseconds),
            overrides: manifest.overrideCount == 0
                ? nil : .init(count: Int(manifest.overrideCount), reason: manifest.overrideReason),
            history: gathered?.report, heldFiles: heldFiles,
            sessions: sessions.map(SessionReport.init),
            withheldByGiver: withheld.map {
                .init(sessionID: $0.sessionID.text, code: $0.code.matrixCode)
            },
            account: account, delivered: nil)
    }

    /// What became of each session.
    ///
    /// Where nothing is compared with, what is taken is new.
    public var account: Account {
        var account = Account()
        for session in sessions {
            switch session.fate {
            case .new: account.new += 1
            case .improved: account.improved += 1
            case .same: account.same += 1
            case .worse: account.worse += 1
            case .conflicting: account.conflicting += 1
            case .quarantined: account.quarantined += 1
            case .refused: account.refused += 1
            }
        }
        return account
    }

    /// - Throws: `nothingMatched` where the bundle is empty, `refusedByRules` where nothing in it
    ///   may be taken in.
    public func checkNotEmpty() throws(HeirloomError) {
        guard !sessions.isEmpty else {
            throw HeirloomError(.judge, .nothingMatched, "the bundle holds no session")
        }
        guard account.taken == 0 else { return }
        if account.worse == account.total {
            throw HeirloomError(
                .judge, .nothingMatched,
                "you hold all of it already, and more (sessions: \(account.total))")
        }
        if account.quarantined > 0 {
            throw HeirloomError(
                .judge, .notProven,
                "of the bundle's sessions (\(sessions.count)), no message proves any")
        }
        throw HeirloomError(
            .judge, .refusedByRules,
            "of the bundle's sessions (\(sessions.count)), none may be taken in")
    }
}

/// What became of each session of a hand-over.
///
/// The counts add up:
/// new + improved + same + worse + conflicting + quarantined + refused + invalid = total.
public struct Account: Encodable, Equatable, Sendable {
    /// Not held before.
    public internal(set) var new = 0
    /// Held before, from a later index on.
    public internal(set) var improved = 0
    /// Held before, just so.
    public internal(set) var same = 0
    /// Held before, from an earlier index on.
    public internal(set) var worse = 0
    /// Contradicts what is held.
    public internal(set) var conflicting = 0
    /// Kept apart until a message proves it.
    public internal(set) var quarantined = 0
    /// Not taken in, by the rules.
    public internal(set) var refused = 0
    /// Not a sound key.
    public internal(set) var invalid = 0

    /// All sessions.
    public var total: Int {
        new + improved + same + worse + conflicting + quarantined + refused + invalid
    }

    /// How many were taken in.
    public var taken: Int { new + improved + same }

    private enum CodingKeys: String, CodingKey {
        case new, improved, same, worse, conflicting, quarantined, refused, invalid, total
    }

    /// Writes all counts and their total.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(new, forKey: .new)
        try container.encode(improved, forKey: .improved)
        try container.encode(same, forKey: .same)
        try container.encode(worse, forKey: .worse)
        try container.encode(conflicting, forKey: .conflicting)
        try container.encode(quarantined, forKey: .quarantined)
        try container.encode(refused, forKey: .refused)
        try container.encode(invalid, forKey: .invalid)
        try container.encode(total, forKey: .total)
    }
}

/// The account of a receive.
public struct ReceiveReport: Encodable, Sendable {
    /// What the giver handed over against the rules' advice.
    public struct Overrides: Encodable, Equatable, Sendable {
        /// How many sessions.
        public let count: Int
        /// The giver's reason.
        public let reason: String
    }

    /// A session that the giver says was withheld.
    public struct Withheld: Encodable, Equatable, Sendable {
        /// The session's id.
        public let sessionID: String
        /// Matrix's code for the reason.
        public let code: String
    }

    /// What was written for a Matrix client to import.
    public struct Delivered: Encodable, Equatable, Sendable {
        /// Where it was written; `-` is standard output.
        public let path: String
        /// Its size.
        public let byteCount: Int
        /// How many keys it holds.
        public let sessions: Int
        /// Sessions of unknown origin, written with 32 zero bytes for their creator's keys.
        public let originUnknown: Int
    }

    /// The document's name and version.
    public let schema = "heirloom.receive.v1"
    /// The room's id.
    public let room: String
    /// Whose signature verified.
    public let giver: ContactCard
    /// The Matrix user the giver says to be.
    public let claimedUser: String?
    /// The bundle's id, 32 hexadecimal digits.
    public let bundleID: String
    /// When it was made, ISO 8601.
    public let createdAt: String
    /// Until when it may be taken in, ISO 8601.
    public let expiresAt: String
    /// What goes against the rules' advice; `nil` for nothing.
    public let overrides: Overrides?
    /// The evidence; `nil` for none.
    public let history: HistoryReport?
    /// What became of the entries of key files already held.
    public let heldFiles: [KeyFileReport]
    /// One verdict a session, by session id.
    public let sessions: [SessionReport]
    /// What the giver says was withheld.
    public let withheldByGiver: [Withheld]
    /// What became of the sessions.
    public let account: Account
    /// What was written; `nil` for a plan.
    public var delivered: Delivered?
    /// What the archive took; `nil` where it was not asked to.
    public var archived: ArchiveAddReport?
}
