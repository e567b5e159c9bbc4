import Bundles

/// What a person asks to be handed over.
public struct ShareRequest: Sendable {
    /// Key files to take keys from; `-` is standard input.
    public var keyFiles: [String]
    /// An archive to take keys from as well; `nil` for none.
    public var archivePath: String?
    /// The room's id; `nil` for the one that an answered request names.
    public var room: String?
    /// WHO: contacts' names or whole `heir1…` strings; empty for whoever made an answered request.
    public var recipients: [String]
    /// Saved history of the room, the evidence that the rules judge by.
    public var historyFiles: [String] = []
    /// The same, where it was fetched for this walk.
    var fetched: FetchedEvidence?
    /// The Matrix user whose entitlement is judged; `nil` for each recipient's own.
    public var judgedFor: String?
    /// Whether recipients count as joining the room now.
    public var asJoining = true
    /// Whether sessions are withheld whose creator is not known to have allowed sharing.
    public var requiresFlag = false
    /// From when on: ISO 8601 with a zone, or a span back from now; `nil` for the beginning.
    public var since: String?
    /// Until when; `nil` for open.
    public var until: String?
    /// Whether sessions that run past the window's end are left out.
    public var strictEnd = false
    /// A request for missing keys, to be answered with exactly those.
    public var requestFile: String?
    /// Why sessions are handed over against the rules' advice; `nil` for following it.
    public var overrideReason: String?
    /// The Matrix user the giver says to be; anybody can say anything.
    public var giver: String?
    /// How long the bundle may be taken in, in milliseconds.
    public var lifetimeMilliseconds = BundleLimits.usualLifetimeMilliseconds
    /// More PBKDF2 rounds than this are not done.
    public var roundsLimit = KeyFileLimits.usualRounds
    /// Whether first indices above 2²⁴ are taken.
    public var takesHighIndices = false

    /// A request that follows the rules and the usual limits.
    public init(keyFiles: [String], room: String?, recipients: [String]) {
        self.keyFiles = keyFiles
        self.room = room
        self.recipients = recipients
    }
}
