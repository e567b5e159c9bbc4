import Bytes
import MatrixTypes
import RoomTimelines
import TestSupport
import Testing

@testable import HistoryRules

/// Rooms that change: what a person may see of messages sent in between.
@Suite struct TransitionTests {
    enum Step: Sendable {
        case visibility(String)
        case member(String)
        /// A message, and whether the recipient may see it.
        case message(Bool)
    }

    struct Story: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
        var isJoining = false
    }

    static let stories: [Story] = [
        Story(
            testDescription: "shared, joins later",
            steps: [.visibility("shared"), .message(true), .member("join"), .message(true)]),
        Story(
            testDescription: "joined, joins, then shared: no change is retroactive",
            steps: [
                .visibility("joined"), .message(false), .member("join"), .visibility("shared"),
                .message(true),
            ]),
        Story(
            testDescription: "shared, then joined, then joins: a gap",
            steps: [
                .visibility("shared"), .message(true), .visibility("joined"), .message(false),
                .member("join"), .message(true),
            ]),
        Story(
            testDescription: "shared, joined, shared again",
            steps: [
                .visibility("shared"), .message(true), .visibility("joined"), .message(false),
                .visibility("shared"), .message(true), .member("join"),
            ]),
        Story(
            testDescription: "invited: from the invitation on, once joined",
            steps: [
                .visibility("invited"), .message(false), .member("invite"), .message(true),
                .member("join"), .message(true),
            ]),
        Story(
            testDescription: "invited, and never joined",
            steps: [.visibility("invited"), .member("invite"), .message(false)]),
        Story(
            testDescription: "invited, rejected, invited again, joined",
            steps: [
                .visibility("invited"), .member("invite"), .message(true), .member("leave"),
                .message(false), .member("invite"), .message(true), .member("join"),
            ]),
        Story(
            testDescription: "joined: leaves and comes back",
            steps: [
                .visibility("joined"), .member("join"), .message(true), .member("leave"),
                .message(false), .member("join"), .message(true),
            ]),
        Story(
            testDescription: "shared: leaves and never comes back",
            steps: [
                .visibility("shared"), .message(false), .member("join"), .message(true),
                .member("leave"), .message(false),
            ]),
        Story(
            testDescription: "shared: leaves and comes back",
            steps: [
                .visibility("shared"), .member("join"), .member("leave"), .message(true),
                .member("join"),
            ]),
        Story(
            testDescription: "world readable: never a member",
            steps: [.visibility("world_readable"), .message(true)]),
        Story(
            testDescription: "banned, unbanned, joins under shared",
            steps: [
                .visibility("shared"), .member("join"), .member("ban"), .message(true),
                .member("leave"), .message(true), .member("join"),
            ]),
        Story(
            testDescription: "banned for good",
            steps: [.visibility("shared"), .message(false), .member("ban"), .message(false)]),
        Story(
            testDescription: "kicked under joined, invited again, joined",
            steps: [
                .visibility("joined"), .member("join"), .message(true), .member("leave"),
                .message(false), .member("invite"), .message(false), .member("join"),
                .message(true),
            ]),
        Story(
            testDescription: "knocks, is invited, joins under invited",
            steps: [
                .visibility("invited"), .member("knock"), .message(false), .member("invite"),
                .message(true), .member("join"),
            ]),
        Story(
            testDescription: "no visibility was ever set: as shared",
            steps: [.message(true), .member("join")]),
        Story(
            testDescription: "joining now, never a member before",
            steps: [
                .visibility("shared"), .message(true), .visibility("joined"), .message(false),
                .visibility("world_readable"), .message(true),
            ], isJoining: true),
        Story(
            testDescription: "joining now from an invitation",
            steps: [
                .visibility("invited"), .message(false), .member("invite"), .message(true),
            ], isJoining: true),
        Story(
            testDescription: "the banned do not join",
            steps: [.visibility("shared"), .message(false), .member("ban")], isJoining: true),
    ]

    @Test("Message by message", arguments: stories)
    func story(_ story: Story) throws {
        let (evidence, expected) = try play(story)
        for (position, isAllowed) in expected {
            #expect(
                evidence.entitlement(at: position).isGranted == isAllowed,
                "event \(position) of: \(story.testDescription)")
        }
    }

    /// The same through the judge: a key of one session under all of it goes from behind the last
    /// forbidden message, and never opens one.
    @Test("As one session", arguments: stories)
    func asOneSession(_ story: Story) throws {
        let (evidence, expected) = try play(story)
        let judgement = Judge(evidence: evidence).judge(
            SessionFacts(
                sessionID: try SessionID(MegolmSender(seed: 9).sessionID),
                firstKnownIndex: .zero, sharedHistory: .shareable))
        let answers = expected.map(\.1)
        let last = answers.lastIndex(of: false)
        let rest = answers[((last ?? -1) + 1)...]
        switch judgement.verdict {
        case .allow(let from):
            #expect(Int(from.value) == (last ?? -1) + 1)
            #expect(!rest.isEmpty)
        case .refuse: #expect(rest.isEmpty)
        case .withhold: Issue.record("messages are known, so the rules can tell")
        }
        #expect(judgement.lost.count == answers[..<(last ?? 0)].count { $0 })
    }

    private func play(_ story: Story) throws -> (Evidence, [(Int, Bool)]) {
        var room = ScriptedRoom()
        let sender = MegolmSender(seed: 9)
        var expected: [(Int, Bool)] = []
        for step in story.steps {
            switch step {
            case .visibility(let value): room.visibility(value)
            case .member(let value): room.member("@n:x", value)
            case .message(let isAllowed):
                expected.append((room.events.count, isAllowed))
                room.message(sender)
            }
        }
        let recipient = Recipient(user: try UserID("@n:x"), isJoining: story.isJoining)
        return (Evidence(timeline: try timeline(room), recipient: recipient), expected)
    }
}

/// A scripted room's timeline.
func timeline(_ room: ScriptedRoom) throws -> RoomTimeline {
    var builder = TimelineBuilder(roomID: try RoomID(room.id))
    _ = try builder.read(MemorySource(Array(room.lines.utf8)), layout: .lines)
    return try builder.timeline()
}
