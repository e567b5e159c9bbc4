package import MatrixTypes

/// What the judge is told of one session.
package struct SessionFacts: Hashable, Sendable {
    package let sessionID: SessionID
    package let firstKnownIndex: MessageIndex
    package let sharedHistory: SharedHistory
    /// The giver's reason, where the session was handed over against the rules' advice.
    package let overrideReason: String?

    package init(
        sessionID: SessionID, firstKnownIndex: MessageIndex, sharedHistory: SharedHistory,
        overrideReason: String? = nil
    ) {
        self.sessionID = sessionID
        self.firstKnownIndex = firstKnownIndex
        self.sharedHistory = sharedHistory
        self.overrideReason = overrideReason
    }
}
