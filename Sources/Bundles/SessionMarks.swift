/// What the signer says of a session, as flag bits of its record.
package struct SessionMarks: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The session's creator allowed it to be given to people who join later.
    package static let sharedHistory = SessionMarks(rawValue: 1 << 0)
    /// The signer got the session from its creator over Olm.
    package static let receivedOverOlm = SessionMarks(rawValue: 1 << 1)
    /// The signer has decrypted an event with it.
    package static let hasDecrypted = SessionMarks(rawValue: 1 << 2)
    /// The session is handed over against the advice of the rules; the manifest has the reason.
    package static let override = SessionMarks(rawValue: 1 << 3)

    /// All bits that have a meaning.
    static let defined: SessionMarks = [.sharedHistory, .receivedOverOlm, .hasDecrypted, .override]
}
