import MatrixTypes

/// Whether a person may see one message, and by which rule.
package enum Entitlement: Hashable, Sendable {
    case granted(Grant)
    case denied(Denial)

    /// The rule that lets them see it.
    package enum Grant: String, CaseIterable, Hashable, Sendable {
        /// Anybody may read the room.
        case worldReadable
        /// They were in the room.
        case member
        /// The history is shared with whoever joins later, and they did.
        case sharedWithLaterMember
        /// They were invited while that was enough, and have joined since.
        case invited
    }

    /// Why no rule does.
    package enum Denial: String, CaseIterable, Hashable, Sendable {
        /// Only members see what is sent under ‘joined’, and they were none.
        case joinedOnly
        /// Sent under ‘invited’, and they were neither invited nor in the room.
        case notInvited
        /// Sent under ‘invited’ while they were, and they have not joined since.
        case invitedNotJoined
        /// Sent under ‘shared’, and they have not joined since, or are not in the room now.
        case sharedNotJoined
        /// The saved history does not say what visibility it was sent under.
        case visibilityUnknown
    }

    /// Applies the rules in the specification's order; the first that grants decides.
    package init(_ circumstances: MessageCircumstances) {
        let rules = [Self.worldReadable, Self.member, Self.sharedWithLaterMember, Self.invited]
        for rule in rules {
            if let grant = rule(circumstances) {
                self = .granted(grant)
                return
            }
        }
        self = .denied(Self.denial(circumstances))
    }

    package var isGranted: Bool {
        if case .granted = self { return true }
        return false
    }

    private static func denial(_ circumstances: MessageCircumstances) -> Denial {
        switch circumstances.visibility {
        case nil: .visibilityUnknown
        case .shared: .sharedNotJoined
        case .invited:
            circumstances.membership == .known(.invite) ? .invitedNotJoined : .notInvited
        case .joined, .worldReadable: .joinedOnly
        }
    }
}

extension Entitlement.Denial: CustomStringConvertible {
    package var description: String {
        switch self {
        case .joinedOnly: "sent for members only, while they were not in the room"
        case .notInvited: "sent for members and the invited only, while they were neither"
        case .invitedNotJoined: "sent while they were invited, and they have not joined since"
        case .sharedNotJoined: "shared with who joins later, and they have not"
        case .visibilityUnknown: "the saved history does not say for whom it was sent"
        }
    }
}
