/// The rules that give verdicts, from `design.md` §5.
package enum Rule: Hashable, Sendable {
    /// No event of the session is known; its creator allowed sharing, as the flag says.
    case flagAlone
    /// No event of the session is known, and nothing says that its creator allowed sharing.
    case noWordOfSharing
    /// Against the advice of the rules, by a person's decision.
    case override(reason: String)
    /// The giver went against the rules' advice, and the receiver has not agreed to take such keys.
    case overrideNotAccepted(reason: String)

    /// A word for programs to tell the rules apart by.
    package var name: String {
        switch self {
        case .flagAlone: "flag-alone"
        case .noWordOfSharing: "no-word-of-sharing"
        case .override: "override"
        case .overrideNotAccepted: "override-not-accepted"
        }
    }
}

extension Rule: CustomStringConvertible {
    package var description: String {
        switch self {
        case .flagAlone:
            "on the flag's word: its creator allowed sharing, no message of it is known"
        case .noWordOfSharing:
            "nothing says that its creator allowed sharing, no message of it is known"
        case .override(let reason): "against the rules' advice: \(reason)"
        case .overrideNotAccepted(let reason):
            "the giver went against the rules' advice (\(reason)), which was not accepted"
        }
    }
}
