import MatrixTypes
import Testing

@testable import HistoryRules

/// The visibility table of the Matrix specification, every cell.
@Suite struct EntitlementTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        let visibility: HistoryVisibility?
        let membership: MembershipThen
        let joinsLater: Bool
        let expected: Entitlement

        var testDescription: String {
            "\(visibility.map(\.rawValue) ?? "unknown") \(membership) \(joinsLater)"
        }
    }

    static let memberships: [MembershipThen] =
        [.none, .unknown] + Membership.allCases.map(MembershipThen.known)

    /// Written down cell by cell, not computed as the rules compute it.
    static let cells: [Cell] = {
        var cells: [Cell] = []
        func add(
            _ visibility: HistoryVisibility?, _ membership: MembershipThen,
            later: Entitlement, never: Entitlement
        ) {
            cells.append(
                Cell(
                    visibility: visibility, membership: membership, joinsLater: true,
                    expected: later))
            cells.append(
                Cell(
                    visibility: visibility, membership: membership, joinsLater: false,
                    expected: never))
        }
        for membership in memberships {
            add(
                .worldReadable, membership, later: .granted(.worldReadable),
                never: .granted(.worldReadable))
        }
        for visibility in [HistoryVisibility.shared, .invited, .joined, nil] as [HistoryVisibility?]
        {
            add(visibility, .known(.join), later: .granted(.member), never: .granted(.member))
        }
        for membership in memberships where membership != .known(.join) {
            add(
                .shared, membership, later: .granted(.sharedWithLaterMember),
                never: .denied(.sharedNotJoined))
            add(.joined, membership, later: .denied(.joinedOnly), never: .denied(.joinedOnly))
            add(
                nil, membership, later: .denied(.visibilityUnknown),
                never: .denied(.visibilityUnknown))
            if membership == .known(.invite) {
                add(
                    .invited, membership, later: .granted(.invited),
                    never: .denied(.invitedNotJoined))
            } else {
                add(.invited, membership, later: .denied(.notInvited), never: .denied(.notInvited))
            }
        }
        return cells
    }()

    @Test("Every cell", arguments: cells)
    func cell(_ cell: Cell) {
        #expect(
            Entitlement(
                MessageCircumstances(
                    visibility: cell.visibility, membership: cell.membership,
                    joinsLater: cell.joinsLater)) == cell.expected)
    }

    @Test func noCellIsForgotten() {
        #expect(Self.cells.count == 5 * Self.memberships.count * 2)
    }

    @Test("Each rule alone grants what is its own and nothing else", arguments: cells)
    func alone(_ cell: Cell) {
        let circumstances = MessageCircumstances(
            visibility: cell.visibility, membership: cell.membership, joinsLater: cell.joinsLater)
        #expect(
            (Entitlement.worldReadable(circumstances) != nil)
                == (cell.visibility == .worldReadable))
        #expect((Entitlement.member(circumstances) != nil) == (cell.membership == .known(.join)))
        #expect(
            (Entitlement.sharedWithLaterMember(circumstances) != nil)
                == (cell.visibility == .shared && cell.joinsLater))
        #expect(
            (Entitlement.invited(circumstances) != nil)
                == (cell.visibility == .invited && cell.membership == .known(.invite)
                    && cell.joinsLater))
    }
}
