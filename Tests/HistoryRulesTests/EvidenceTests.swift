import MatrixTypes
import RoomTimelines
import TestSupport
import Testing

@testable import HistoryRules

/// Own events, the reader's own standing, and the answers that messages and flags give together.
@Suite struct EvidenceTests {
    static let session = try? SessionID(MegolmSender(seed: 9).sessionID)

    @Test func ownMembershipEventCountsBeforeAndAfter() throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        room.member("@n:x", "join")
        room.member("@n:x", "leave")
        room.add("m.other", "{}", by: "@a:x")
        let evidence = try evidence(room)
        #expect([2, 3, 4].map { evidence.entitlement(at: $0).isGranted } == [true, true, false])
    }

    @Test func visibilityEventCountsBeforeAndAfter() throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        room.visibility("world_readable")
        room.visibility("joined")
        room.visibility("joined")
        let evidence = try evidence(room)
        // The first follows the unset state, which is shared, and nobody joined.
        #expect(
            [1, 2, 3, 4].map { evidence.entitlement(at: $0).isGranted }
                == [false, true, true, false])
    }

    @Test(
        "Of the replay and the homeserver's word on the reader, the stricter counts",
        arguments: [
            ("join", "join", true, 0), ("join", "leave", false, 1), ("leave", "join", false, 1),
            ("join", "ban", false, 1), ("invite", "join", false, 1),
        ])
    func reader(replayed: String, said: String, isGranted: Bool, disagreements: Int) throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        room.member("@n:x", replayed)
        room.message(MegolmSender(seed: 9), unsigned: #""membership":"\#(said)""#)
        let user = try UserID("@n:x")
        let own = Evidence(
            timeline: try timeline(room), recipient: Recipient(user: user), reader: user)
        #expect(own.entitlement(at: 3).isGranted == isGranted)
        #expect(own.readerDisagreements == disagreements)
        // Of another reader it says nothing about the recipient.
        let others = try evidence(room)
        #expect(others.entitlement(at: 3).isGranted == (replayed == "join"))
    }

    @Test func whereTheReplayIsSilentTheHomeserverIsHeard() throws {
        var room = ScriptedRoom(created: false)
        room.message(MegolmSender(seed: 9), unsigned: #""membership":"join""#)
        room.message(MegolmSender(seed: 9), unsigned: #""membership":"leave""#)
        let user = try UserID("@n:x")
        let own = Evidence(
            timeline: try timeline(room), recipient: Recipient(user: user), reader: user)
        #expect(own.entitlement(at: 0) == .granted(.member))
        #expect(own.entitlement(at: 1) == .denied(.visibilityUnknown))
    }

    @Test(
        "What messages and flags say together",
        arguments: [
            (
                "shared", SharedHistory.shareable, false, Verdict.allow(from: .zero),
                "messages-and-flag"
            ),
            ("shared", .notShareable, false, .allow(from: .zero), "messages-alone"),
            ("shared", .unstated, false, .allow(from: .zero), "messages-alone"),
            ("shared", .unstated, true, .withhold, "flag-required"),
            ("shared", .shareable, true, .allow(from: .zero), "messages-and-flag"),
            ("joined", .shareable, false, .refuse, "forbidden"),
            ("joined", .notShareable, true, .refuse, "forbidden"),
        ])
    func together(
        _ visibility: String, _ flag: SharedHistory, _ requiresFlag: Bool, _ verdict: Verdict,
        _ rule: String
    ) throws {
        var room = ScriptedRoom()
        room.visibility(visibility)
        room.message(MegolmSender(seed: 9))
        room.member("@n:x", "join")
        let judge = Judge(requiresFlag: requiresFlag, evidence: try evidence(room))
        let judgement = judge.judge(try facts(flag))
        #expect(judgement.verdict == verdict)
        #expect(judgement.rule.name == rule)
    }

    @Test func whatIsForbiddenNobodyOverrides() throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        let sender = MegolmSender(seed: 9)
        let event = room.message(sender)
        room.member("@n:x", "join")
        let judge = Judge(overrides: .byGiver(reason: "because"), evidence: try evidence(room))
        let judgement = judge.judge(try facts(.shareable))
        #expect(judgement.verdict == .refuse)
        #expect(judgement.evidence.map(\.text) == [event])
        // Nor does the receiver's yes to the giver's override.
        let receiver = Judge(overrides: .acceptedByReceiver, evidence: try evidence(room))
        #expect(
            receiver.judge(try facts(.shareable, override: "because")).verdict == .refuse)
    }

    /// An override answers for a missing flag, not for messages that are somebody else's.
    @Test("an override opens no forbidden message", arguments: [true, false])
    func overridesAndFlags(requiresFlag: Bool) throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        let sender = MegolmSender(seed: 9)
        room.message(sender)
        room.message(sender)
        room.member("@n:x", "join")
        room.message(sender)
        let judge = Judge(
            overrides: .byGiver(reason: "because"), requiresFlag: requiresFlag,
            evidence: try evidence(room))
        let judgement = judge.judge(try facts(.notShareable))
        #expect(judgement.verdict == .allow(from: MessageIndex(2)))
        #expect(judgement.rule.name == (requiresFlag ? "override" : "after-forbidden"))
        #expect(
            judge.judge(try facts(.notShareable, from: 2)).verdict == .allow(from: MessageIndex(2)))
    }

    @Test func keysThatBeginBehindTheForbiddenGoWhole() throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        let sender = MegolmSender(seed: 9)
        room.message(sender)
        room.member("@n:x", "join")
        room.message(sender)
        let judge = Judge(evidence: try evidence(room))
        #expect(judge.judge(try facts(.unstated, from: 1)).verdict == .allow(from: MessageIndex(1)))
        // No known message is left that this one opens: only the flag can tell.
        #expect(judge.judge(try facts(.unstated, from: 2)).rule == .noWordOfSharing)
        #expect(judge.judge(try facts(.shareable, from: 2)).rule == .flagAlone)
    }

    private func facts(
        _ flag: SharedHistory, from index: UInt32 = 0, override: String? = nil
    ) throws -> SessionFacts {
        SessionFacts(
            sessionID: try #require(Self.session), firstKnownIndex: MessageIndex(index),
            sharedHistory: flag, overrideReason: override)
    }

    private func evidence(_ room: ScriptedRoom) throws -> Evidence {
        Evidence(
            timeline: try timeline(room), recipient: Recipient(user: try UserID("@n:x")))
    }
}
