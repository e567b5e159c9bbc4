package import MatrixTypes
package import RoomTimelines

/// The room's saved history as it bears on one recipient.
package struct Evidence: Sendable {
    package let timeline: RoomTimeline
    package let recipient: Recipient
    /// Who saved the history; `nil` where that is not known.
    package let reader: UserID?
    private let lastJoin: Int?
    private let isMemberNow: Bool

    /// - Parameter reader: whoever saved the history: `unsigned.membership` is about them.
    package init(timeline: RoomTimeline, recipient: Recipient, reader: UserID? = nil) {
        self.timeline = timeline
        self.recipient = recipient
        self.reader = reader
        let changes = timeline.membershipChanges(of: recipient.user)
        lastJoin = changes.last { $0.value == .join }?.position
        let last = max(timeline.eventCount - 1, 0)
        let state = timeline.membership(of: recipient.user, at: last).after
        // In which order pieces of saved history stand only clocks say: every end must say so.
        let ends = Set(timeline.membershipEnds(of: recipient.user).map(\.value))
        if ends.contains(.ban) {
            isMemberNow = false
        } else if case .known(.join, _) = state, ends == [.join] {
            isMemberNow = true
        } else {
            isMemberNow = recipient.isJoining
        }
    }

    /// Whether the recipient may see the event at a position.
    ///
    /// A visibility event counts under the visibility before it or after it, and the recipient's own
    /// membership event under the membership before or after, whichever lets them see it.
    package func entitlement(at position: Int) -> Entitlement {
        let visibility = timeline.visibility(at: position)
        let membership = memberships(at: position)
        var answer: Entitlement?
        for visible in [visibility.after, visibility.before] {
            for standing in [membership.after, membership.before] {
                let entitlement = Entitlement(
                    MessageCircumstances(
                        visibility: Self.effective(visible), membership: standing,
                        joinsLater: joins(after: position)))
                if entitlement.isGranted { return entitlement }
                answer = answer ?? entitlement
            }
        }
        return answer ?? .denied(.visibilityUnknown)
    }

    /// At how many events the history's own word on the reader's membership differs from what its
    /// membership events add up to.
    package var readerDisagreements: Int {
        guard let reader else { return 0 }
        return (0..<timeline.eventCount).count { position in
            guard let said = timeline.readerMembership(at: position) else { return false }
            switch timeline.membership(of: reader, at: position).after {
            case .known(let replayed, _): return said != replayed
            case .neverSet: return said != .leave
            case .unknown: return false
            }
        }
    }

    private func joins(after position: Int) -> Bool {
        guard isMemberNow else { return false }
        if recipient.isJoining { return true }
        return lastJoin.map { $0 > position } ?? false
    }

    /// Never set counts as `shared` (Matrix specification); not known counts as nothing at all.
    private static func effective(_ state: StateThen<HistoryVisibility>) -> HistoryVisibility? {
        switch state {
        case .known(let value, _): value
        case .neverSet: .shared
        case .unknown: nil
        }
    }

    private func memberships(
        at position: Int
    ) -> (before: MembershipThen, after: MembershipThen) {
        let replayed = timeline.membership(of: recipient.user, at: position)
        let before = MembershipThen(replayed.before)
        let after = MembershipThen(replayed.after)
        guard reader == recipient.user, let said = timeline.readerMembership(at: position) else {
            return (before, after)
        }
        let checked = after.stricter(said)
        return (replayed.before == replayed.after ? checked : before, checked)
    }
}

extension MembershipThen {
    init(_ state: StateThen<Membership>) {
        self =
            switch state {
            case .known(let value, _): .known(value)
            case .neverSet: .none
            case .unknown: .unknown
            }
    }

    /// What grants less, of the replay and of what the homeserver said; where the replay is silent,
    /// the homeserver's word.
    func stricter(_ said: Membership) -> MembershipThen {
        switch self {
        case .unknown: .known(said)
        case .none: .none
        case .known(let replayed): .known(replayed.weight <= said.weight ? replayed : said)
        }
    }
}

extension Membership {
    /// How much it grants: more is more.
    fileprivate var weight: Int {
        switch self {
        case .join: 3
        case .invite: 2
        case .knock, .leave: 1
        case .ban: 0
        }
    }
}
