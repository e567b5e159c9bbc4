import MatrixTypes

extension Judge {
    /// Where no event of a session is known, its `shared_history` flag alone decides (`design.md`
    /// §5, answers 4 and 5).
    ///
    /// A missing flag and a false one are the same here: MSC4268 says "absent or not a boolean"
    /// means false, and an export cannot tell them apart.
    static func flagRule(_ session: SessionFacts) -> Judgement {
        switch session.sharedHistory {
        case .shareable: Judgement(.allow(from: session.firstKnownIndex), by: .flagAlone)
        case .notShareable, .unstated: Judgement(.withhold, by: .noWordOfSharing)
        }
    }
}
