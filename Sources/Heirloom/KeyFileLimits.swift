import KeyFormats

/// What is accepted of key files unasked.
public enum KeyFileLimits {
    /// PBKDF2 rounds.
    public static let usualRounds = KeyExport.usualRoundsLimit
    /// The largest key file, in bytes: ten million keys.
    static let fileByteCount = 8 << 30
}
