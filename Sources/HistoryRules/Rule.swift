/// The rules that give verdicts, from `design.md` §5.
package enum Rule: Hashable, Sendable {
    /// Every known message is theirs to see, and its creator allowed sharing.
    case messagesAndFlag
    /// Every known message is theirs to see, as the homeserver has it; no flag says so too.
    case messagesAlone
    /// Only what follows the last message that is not theirs to see.
    case afterForbidden(Entitlement.Denial)
    /// A message is not theirs to see, and nothing that is follows it.
    case forbidden(Entitlement.Denial)
    /// The flag was asked for, and it is not there.
    case flagRequired
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
        case .messagesAndFlag: "messages-and-flag"
        case .messagesAlone: "messages-alone"
        case .afterForbidden: "after-forbidden"
        case .forbidden: "forbidden"
        case .flagRequired: "flag-required"
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
        case .messagesAndFlag:
            "every known message of it is theirs to see, and its creator allowed sharing"
        case .messagesAlone:
            "every known message of it is theirs to see, on the homeserver's word alone"
        case .afterForbidden(let denial):
            "only what follows the last message that is not theirs to see: \(denial)"
        case .forbidden(let denial): "its messages are not theirs to see: \(denial)"
        case .flagRequired: "nothing says that its creator allowed sharing, which was asked for"
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
