import Foundation
import MatrixTypes
import RoomTimelines
import TestSupport
import Testing

/// What is taken of single events, and what is counted.
@Suite struct EventTests {
    @Test("A fault costs one event and is counted", arguments: EventFault.allCases)
    func faults(_ fault: EventFault) throws {
        var room = ScriptedRoom()
        room.message(MegolmSender(seed: 1))
        let good = room.events[1].json
        let bad =
            switch fault {
            case .notAnObject: "[1]"
            case .tooLong:
                good.replacing(
                    "{}}", with: "{\"x\":\"\(String(repeating: "a", count: 140_000))\"}}")
            case .noRoom: good.replacing("room_id", with: "room_ix")
            case .noID: good.replacing("event_id", with: "event_ix")
            case .noSender: good.replacing("\"@a:x\"", with: "7")
            case .noType: good.replacing("\"m.room.encrypted\"", with: "null")
            case .noTime: good.replacing("1700000060000", with: "\"soon\"")
            }
        var builder = TimelineBuilder()
        let tally = try read("\(room.events[0].json)\n\(bad)\n\(good)\n", into: &builder)
        #expect(tally.faults == [fault: 1])
        #expect(tally.taken == 2)
        #expect(tally.total == 3)
    }

    @Test func otherRoomsAreCounted() throws {
        let here = ScriptedRoom()
        let there = ScriptedRoom(id: "!other:example.org", number: 1)
        var builder = TimelineBuilder(roomID: try RoomID(here.id))
        let tally = try read(there.lines + here.lines, into: &builder)
        #expect(tally.otherRooms == 1)
        #expect(tally.taken == 1)
    }

    @Test func theFirstEventNamesTheRoom() throws {
        let there = ScriptedRoom(id: "!x-room12", number: 1)
        #expect(try timeline([there.lines], room: nil).roomID.text == "!x-room12")
    }

    @Test func redactedMessagesKeepTheirPlace() throws {
        var room = ScriptedRoom()
        let sender = MegolmSender(seed: 3)
        room.message(sender)
        room.add("m.room.encrypted", "{}", by: "@a:x")
        room.message(sender)
        let timeline = try timeline([room.lines])
        #expect(timeline.messageKind(at: 2) == .redacted)
        #expect(timeline.census().redacted == 1)
        #expect(timeline.census().messages == 2)
    }

    @Test func aCopySavedBeforeItsRedactionCounts() throws {
        var room = ScriptedRoom()
        let id = room.message(MegolmSender(seed: 3))
        let json = room.events[1].json
        let cut = json.replacing(/"content":\{[^}]*\}/, with: "\"content\":{}")
        for texts in [[room.lines, cut], ["[\(room.events[0].json),\(cut)]", room.lines]] {
            let timeline = try timeline(texts)
            #expect(timeline.census().messages == 1)
            #expect(timeline.eventID(at: 1).text == id)
        }
    }

    @Test(
        "Ids of every room version come back as they were",
        arguments: [
            "$15163622445EBvZJ:localhost", "$acR1l0raoZnm60CBwAVgqbZqoO/mYU81xysh1u7XcJk",
            "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg", "$short",
        ])
    func eventIDs(_ id: String) throws {
        let room = ScriptedRoom()
        let json = room.events[0].json.replacing(room.events[0].id, with: id)
        #expect(try timeline([json]).order == [id])
    }

    @Test func whoBorrowsASessionIDIsNotHeard() throws {
        var room = ScriptedRoom()
        let alice = MegolmSender(seed: 4)
        let mallory = MegolmSender(seed: 5)
        room.message(alice, by: "@a:x")
        // Signed by another session: it says nothing of alice's.
        room.message(mallory, by: "@m:x", session: alice.sessionID)
        room.message(alice, by: "@a:x")
        let timeline = try timeline([room.lines])
        let session = try SessionID(alice.sessionID)
        #expect(timeline.messages(of: session).map(\.index.value) == [0, 1])
        #expect(timeline.senders(of: session).map(\.text) == ["@a:x"])
        #expect(timeline.census().foreign == 1)
    }

    @Test func twoPeopleUnderOneSessionAreSeen() throws {
        var room = ScriptedRoom()
        let alice = MegolmSender(seed: 4)
        room.message(alice, by: "@a:x")
        room.message(alice, by: "@m:x")
        let timeline = try timeline([room.lines])
        #expect(timeline.senders(of: try SessionID(alice.sessionID)).count == 2)
    }

    @Test func aMessageSentAgainIsTold() throws {
        var room = ScriptedRoom()
        let alice = MegolmSender(seed: 4)
        let ciphertext = alice.encrypt("{}")
        room.ciphertext(ciphertext, session: alice.sessionID)
        let copy = room.ciphertext(ciphertext, session: alice.sessionID)
        let other = room.ciphertext(MegolmSender(seed: 4).encrypt("{} "), session: alice.sessionID)
        let repeats = try timeline([room.lines]).repeats(of: SessionID(alice.sessionID))
        #expect(repeats.copies.map(\.text) == [copy])
        #expect(repeats.messages.map(\.text) == [other])
    }

    @Test(
        "What is no saved history says so",
        arguments: [
            (#"{"room_name":"x","export_date":"today","messages":[]}"#, TimelineError.chatExport),
            ("", .unknownLayout), ("hello", .unknownLayout), (#"{"a":1}"#, .unknownLayout),
            ("[]", .empty),
        ])
    func notHistory(_ text: String, _ error: TimelineError) {
        #expect(throws: error) { try timeline([text]) }
    }

    @Test(
        "The real rooms read whole",
        arguments: [
            ("council", 129, 108, 1), ("archive", 154, 130, 0), ("bridge", 424, 408, 0),
        ])
    func realRooms(_ name: String, _ events: Int, _ messages: Int, _ redacted: Int) throws {
        let file = PackageFolder.root.appending(path: "Tests/Rooms/\(name)/events.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let timeline = try timeline([text], room: nil)
        #expect(timeline.eventCount == events)
        #expect(timeline.census().messages == messages)
        #expect(timeline.census().redacted == redacted)
        #expect(timeline.gaps.isEmpty)
        #expect(timeline.census().foreign == 0)
    }
}
