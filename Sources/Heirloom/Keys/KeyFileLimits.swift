import KeyFormats

/// What is accepted of key files unasked.
public enum KeyFileLimits {
    /// PBKDF2 rounds.
    public static let usualRounds = KeyExport.usualRoundsLimit
    /// About how many a processor of today does in a second.
    static let roundsInASecond: UInt32 = 2_500_000
    /// The largest key file, in bytes: ten million keys.
    static let fileByteCount = 8 << 30
}
