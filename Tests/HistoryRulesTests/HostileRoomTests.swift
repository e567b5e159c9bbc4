import Bytes
import MatrixTypes
import RoomTimelines
import TestSupport
import Testing

@testable import HistoryRules

/// What people in the room, the recipient among them, can do with clocks, with events that nobody can
/// read and with other people's messages: nothing that makes more of the past theirs.
@Suite struct HostileRoomTests {
    /// Who left, was banned, or what was closed, before a message that is not the recipient's.
    enum Closing: CaseIterable, Sendable {
        case leave, ban, visibility

        func end(_ room: inout ScriptedRoom) {
            switch self {
            case .leave: room.member("@n:x", "leave")
            case .ban: room.member("@n:x", "ban")
            case .visibility: room.visibility("joined")
            }
        }
    }

    /// A room under ‘joined’ where the recipient was, and is not any more; or under ‘shared’ until it
    /// was closed to who joins later.
    static func room(_ closing: Closing) -> (room: ScriptedRoom, state: Int, message: Int) {
        var room = ScriptedRoom()
        room.visibility(closing == .visibility ? "shared" : "joined")
        room.member("@m:x", "join")
        if closing != .visibility { room.member("@n:x", "join") }
        for _ in 0..<5 { room.add("m.other", "{}", by: "@a:x") }
        let state = room.events.count
        closing.end(&room)
        room.add("m.other", "{}", by: "@a:x")
        let message = room.events.count
        room.message(MegolmSender(seed: 9))
        return (room, state, message)
    }

    static func isGranted(
        _ text: String, _ message: String, isJoining: Bool = false
    ) throws -> Bool {
        var builder = TimelineBuilder(roomID: try RoomID("!room:example.org"))
        _ = try builder.read(MemorySource(Array(text.utf8)), layout: .lines)
        let timeline = try builder.timeline()
        let evidence = Evidence(
            timeline: timeline,
            recipient: Recipient(user: try UserID("@n:x"), isJoining: isJoining))
        let position = try #require(
            (0..<timeline.eventCount).first { timeline.eventID(at: $0).text == message })
        return evidence.entitlement(at: position).isGranted
    }

    struct Spoiling: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let replacement: String
    }

    static let spoilings = [
        Spoiling(
            testDescription: "a negative clock", text: #""origin_server_ts":17"#,
            replacement: #""origin_server_ts":-17"#),
        Spoiling(
            testDescription: "a clock beyond what JSON's readers agree on",
            text: #""origin_server_ts":17"#, replacement: #""origin_server_ts":9999999999917"#),
        Spoiling(
            testDescription: "a clock with a point", text: #""origin_server_ts":17"#,
            replacement: #""origin_server_ts":0.17"#),
        Spoiling(
            testDescription: "no clock", text: #""origin_server_ts":17"#,
            replacement: #""origin_server_tx":17"#),
        Spoiling(
            testDescription: "nested deep", text: #""unsigned":{"#,
            replacement: #""x":\#(String(repeating: "[", count: 9000))"#
                + #"\#(String(repeating: "]", count: 9000)),"unsigned":{"#),
        Spoiling(
            testDescription: "more members than anybody reads", text: #""unsigned":{"#,
            replacement: (0..<70).map { #""x\#($0)":0,"# }.joined() + #""unsigned":{"#),
        Spoiling(
            testDescription: "a content that cannot be read", text: #""content":{"#,
            replacement: #""content":{"# + (0..<70).map { #""x\#($0)":0,"# }.joined()),
        Spoiling(
            testDescription: "an id that cannot be printed", text: #""event_id":"$"#,
            replacement: #""event_id":"$\u0007"#),
        Spoiling(
            testDescription: "a sender that is none", text: #""sender":"@"#,
            replacement: #""sender":"@\u0007"#),
        Spoiling(
            testDescription: "longer than any event", text: #""unsigned":{"#,
            replacement: #""x":"\#(String(repeating: "x", count: 150_000))","unsigned":{"#),
    ]

    @Test("An event that cannot be read hides nothing", arguments: spoilings, Closing.allCases)
    func hides(_ spoiling: Spoiling, _ closing: Closing) throws {
        var (room, state, message) = Self.room(closing)
        let id = room.events[message].id
        room.spoil(state, spoiling.text, spoiling.replacement)
        for text in [room.fetched, room.lines] {
            #expect(try !Self.isGranted(text, id))
        }
    }

    @Test("Clocks of a fetched room change no answer", arguments: Closing.allCases)
    func clocks(_ closing: Closing) throws {
        let (room, _, message) = Self.room(closing)
        var number: UInt64 = 1
        for _ in 0..<200 {
            var room = room
            for place in room.events.indices {
                number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                room.setTime(place, String(1_690_000_000_000 + number >> 33))
            }
            #expect(try !Self.isGranted(room.fetched, room.events[message].id))
            // Their own join is theirs, and stays so.
            if closing != .visibility {
                #expect(try Self.isGranted(room.fetched, room.events[3].id))
            }
        }
    }

    /// Mallory dates one event a week ahead, so that join and leave seem to be two pieces, and floods
    /// the room after the leave with events that seem to stand between them.
    @Test("A piece that only clocks place gains nothing", arguments: [true, false])
    func misplaced(isSaidToBeFetched: Bool) throws {
        let day: UInt64 = 86_400_000
        var room = ScriptedRoom()
        let start = room.now
        room.visibility("joined")
        room.member("@n:x", "join")
        room.now = start + 8 * day
        room.add("m.other", "{}", by: "@m:x")
        room.now = start + 6 * day
        room.member("@n:x", "leave")
        room.now = start + 20 * day
        room.add("m.other", "{}", by: "@m:x")
        for step in 0..<20 {
            room.now = start + 5 * day + UInt64(step)
            room.add("m.other", "{}", by: "@m:x")
        }
        room.now = start + 7 * day
        let message = room.message(MegolmSender(seed: 9))
        #expect(try !Self.isGranted(isSaidToBeFetched ? room.fetched : room.lines, message))
    }

    /// What was sent before the room was opened must not seem to come after it.
    @Test func aFloodTurnsNothingRound() throws {
        var room = ScriptedRoom(created: false)
        let start = room.now
        var messages: [String] = []
        for step in 0..<5 {
            room.now = start + UInt64(step) * 1_000_000
            messages.append(room.message(MegolmSender(seed: 9)))
        }
        room.add(
            "m.room.history_visibility", #"{"history_visibility":"shared"}"#, by: "@a:x",
            more: #","state_key":"""#,
            unsigned: #""prev_content":{"history_visibility":"joined"},"replaces_state":"$old""#)
        for step in 0..<60 {
            room.now = start + 9_000_000 - UInt64(step)
            room.add("m.other", "{}", by: "@m:x")
        }
        for message in messages {
            #expect(try !Self.isGranted(room.fetched, message, isJoining: true))
            #expect(try !Self.isGranted(room.lines, message, isJoining: true))
        }
    }

    /// What the homeserver says was replaced tells which way round a piece was saved, whatever the
    /// clocks of a flood say.
    @Test func replacedStateTellsTheDirection() throws {
        var room = ScriptedRoom(created: false)
        let start = room.now
        room.visibility("joined")
        let hidden = room.message(MegolmSender(seed: 9))
        room.visibility("shared")
        let shown = room.message(MegolmSender(seed: 9))
        for step in 0..<60 {
            room.now = start + 9_000_000 - UInt64(step)
            room.add("m.other", "{}", by: "@m:x")
        }
        for text in [room.lines, room.events.reversed().map(\.json).joined(separator: "\n")] {
            #expect(try !Self.isGranted(text, hidden, isJoining: true))
            #expect(try Self.isGranted(text, shown, isJoining: true))
        }
    }

    @Test func whoRepeatsAMessageIsNotItsSender() throws {
        var room = ScriptedRoom()
        let alice = MegolmSender(seed: 9)
        room.visibility("shared")
        room.member("@m:x", "join")
        room.member("@n:x", "join")
        let ciphertexts = (0..<5).map { _ in alice.encrypt("{}") }
        for ciphertext in ciphertexts {
            room.ciphertext(ciphertext, session: alice.sessionID, by: "@a:x")
        }
        room.member("@n:x", "leave")
        room.visibility("joined")
        let other = UnpaddedBase64.encode([UInt8](repeating: 9, count: 32))
        for ciphertext in ciphertexts {
            room.ciphertext(
                ciphertext, session: alice.sessionID, by: "@m:x", senderKey: other)
        }
        // A forged one: Mallory is somebody of whom the session signed messages.
        let forged = MegolmSender(seed: 5)
        for _ in 0..<9 { _ = forged.encrypt("{}") }
        room.ciphertext(forged.encrypt("{}"), session: alice.sessionID, by: "@m:x")
        room.member("@n:x", "join")
        let session = try SessionID(alice.sessionID)
        for text in [room.fetched, room.lines] {
            var builder = TimelineBuilder(roomID: try RoomID(room.id))
            _ = try builder.read(MemorySource(Array(text.utf8)), layout: .lines)
            let timeline = try builder.timeline()
            #expect(timeline.senders(of: session).map(\.text) == ["@a:x"])
            #expect(timeline.senderKeys(of: session).isEmpty)
            #expect(timeline.messages(of: session).map(\.index.value) == [0, 1, 2, 3, 4])
            #expect(timeline.proofEvents(of: session).map(\.index.value) == [0, 4])
            #expect(timeline.repeats(of: session).messages.isEmpty)
            #expect(timeline.census().replayed == 5)
            #expect(timeline.census().foreign == 1)
            let judge = Judge(
                evidence: Evidence(
                    timeline: timeline, recipient: Recipient(user: try UserID("@n:x"))))
            let judgement = judge.judge(
                SessionFacts(
                    sessionID: session, firstKnownIndex: .zero, sharedHistory: .unstated))
            #expect(judgement.verdict == .allow(from: .zero))
        }
    }

    /// Which of two files is the later one only clocks say: nobody is in the room whose leave nothing
    /// that is saved has replaced.
    @Test func aLeaveThatNothingReplacedCounts() throws {
        var room = ScriptedRoom()
        room.visibility("shared")
        room.member("@n:x", "join")
        room.member("@n:x", "leave")
        let message = room.message(MegolmSender(seed: 9))
        for place in 0..<3 { room.setTime(place, String(room.now + UInt64(place))) }
        var builder = TimelineBuilder(roomID: try RoomID(room.id))
        for events in [room.events[3...], room.events[..<3]] {
            let text = events.map(\.json).joined(separator: "\n")
            _ = try builder.read(MemorySource(Array(text.utf8)), layout: .lines)
        }
        let timeline = try builder.timeline()
        #expect(timeline.gaps == [2])
        #expect(timeline.eventID(at: 1).text == message)
        let user = try UserID("@n:x")
        let evidence = Evidence(timeline: timeline, recipient: Recipient(user: user))
        #expect(timeline.membership(of: user, at: 4).after != .unknown)
        #expect(!evidence.entitlement(at: 1).isGranted)
    }
}
