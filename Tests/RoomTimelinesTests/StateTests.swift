import MatrixTypes
import RoomTimelines
import TestSupport
import Testing

/// Visibility and membership at every event, and what is not known of them.
@Suite struct StateTests {
    static let user = try? UserID("@n:x")

    @Test func stateHoldsUntilItChanges() throws {
        var room = ScriptedRoom()
        room.visibility("joined")
        room.add("m.other", "{}", by: "@a:x")
        room.visibility("shared")
        room.member("@n:x", "invite")
        room.member("@n:x", "join")
        let timeline = try timeline([room.lines])
        #expect(timeline.visibility(at: 0).after == .neverSet)
        #expect(timeline.visibility(at: 1).before == .neverSet)
        #expect(timeline.visibility(at: 2).after == .known(.joined, by: try id(room, 1)))
        #expect(timeline.visibility(at: 3).before == .known(.joined, by: try id(room, 1)))
        #expect(timeline.visibility(at: 3).after == .known(.shared, by: try id(room, 3)))
        let user = try #require(Self.user)
        #expect(timeline.membership(of: user, at: 3).after == .neverSet)
        #expect(timeline.membership(of: user, at: 4).after == .known(.invite, by: try id(room, 4)))
        #expect(timeline.membership(of: user, at: 5).before == .known(.invite, by: try id(room, 4)))
        #expect(timeline.membership(of: user, at: 5).after == .known(.join, by: try id(room, 5)))
    }

    @Test func behindAGapNothingIsKnownUntilItIsSaidAgain() throws {
        var room = ScriptedRoom()
        room.visibility("shared")
        for _ in 0..<6 { room.add("m.other", "{}", by: "@a:x") }
        room.now += 10_000_000
        for _ in 0..<6 { room.add("m.other", "{}", by: "@a:x") }
        let open = try timeline([room.array(0..<8), room.array(8..<14)])
        #expect(open.gaps == [8])
        #expect(open.visibility(at: 7).after == .known(.shared, by: try id(room, 1)))
        #expect(open.visibility(at: 8).after == .unknown)
        // A later change that names the one before the gap closes it.
        room.visibility("joined")
        let closed = try timeline([room.array(0..<8), room.array(8..<15)])
        #expect(closed.visibility(at: 9).after == .known(.shared, by: try id(room, 1)))
    }

    @Test func aChangeThatReplacesAnUnseenOneMakesTheTimeBetweenUnknown() throws {
        var room = ScriptedRoom()
        room.visibility("shared")
        room.add("m.other", "{}", by: "@a:x")
        room.visibility("joined")
        room.visibility("shared")
        var events = room.events.map(\.json)
        events.remove(at: 3)
        let timeline = try timeline(["[\(events.joined(separator: ","))]"])
        #expect(timeline.visibility(at: 2).after == .unknown)
        #expect(timeline.visibility(at: 3).after == .known(.shared, by: try id(room, 4)))
    }

    @Test func historyThatBeginsLateKnowsOnlyWhatItIsTold() throws {
        var room = ScriptedRoom(created: false)
        room.add("m.other", "{}", by: "@a:x")
        room.add(
            "m.room.history_visibility", #"{"history_visibility":"shared"}"#, by: "@a:x",
            more: #","state_key":"""#,
            unsigned: #""prev_content":{"history_visibility":"joined"},"replaces_state":"$old""#)
        let timeline = try timeline([room.lines])
        #expect(timeline.visibility(at: 0).after == .known(.joined, by: try EventID("$old")))
        #expect(timeline.membership(of: try #require(Self.user), at: 0).after == .unknown)
    }

    @Test func whatTheReaderWasIsKept() throws {
        var room = ScriptedRoom()
        room.message(MegolmSender(seed: 1), unsigned: #""membership":"ban""#)
        let timeline = try timeline([room.lines])
        #expect(timeline.readerMembership(at: 0) == nil)
        #expect(timeline.readerMembership(at: 1) == .ban)
    }

    @Test(
        "A visibility nobody knows counts as shared",
        arguments: ["{}", #"{"history_visibility":"?"}"#])
    func unknownVisibility(_ content: String) throws {
        var room = ScriptedRoom()
        room.state("m.room.history_visibility", "", content, by: "@a:x")
        #expect(try timeline([room.lines]).visibilityChanges.map(\.value) == [.shared])
    }

    private func id(_ room: ScriptedRoom, _ place: Int) throws -> EventID {
        try EventID(room.events[place].id)
    }
}
