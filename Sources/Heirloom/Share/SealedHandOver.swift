/// A sealed hand-over in memory: what would lie in a sealed file.
public struct SealedHandOver: Sendable {
    /// The sealed file's bytes, readable by its recipients alone.
    public let bytes: [UInt8]
    /// The bundle's id, 32 hexadecimal digits.
    public let bundleID: String
    /// How many sessions it holds.
    public let sessions: Int
    /// Until when it may be taken in, ISO 8601.
    public let expiresAt: String
}
