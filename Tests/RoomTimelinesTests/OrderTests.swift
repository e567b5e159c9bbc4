import MatrixTypes
import RoomTimelines
import TestSupport
import Testing

/// One order out of what was saved in pieces, whatever pieces they are.
@Suite struct OrderTests {
    /// A room of forty events.
    static let room: ScriptedRoom = {
        var room = ScriptedRoom()
        let sender = MegolmSender(seed: 1)
        room.visibility("shared")
        for _ in 0..<38 { room.message(sender) }
        return room
    }()

    struct Saved: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let texts: [String]
        var gaps = 0
    }

    static let saved: [Saved] = [
        Saved(testDescription: "lines", texts: [room.lines]),
        Saved(testDescription: "an array", texts: [room.array()]),
        Saved(
            testDescription: "an array, newest first",
            texts: ["[\(room.events.reversed().map(\.json).joined(separator: ","))]"]),
        Saved(
            testDescription: "a page whose state stands first",
            texts: [
                #"{"state":[\#(room.events[0].json)],"#
                    + room.page(0..<40, start: "a", end: nil).dropFirst()
            ]),
        Saved(testDescription: "one page", texts: [room.page(0..<40, start: "a", end: nil)]),
        Saved(
            testDescription: "pages that only their tokens join, in any order",
            texts: [
                room.page(20..<30, start: "c", end: "d"), room.page(0..<10, start: "a", end: "b"),
                room.page(30..<40, start: "d", end: nil), room.page(10..<20, start: "b", end: "c"),
            ]),
        Saved(
            testDescription: "the same, newest first",
            texts: [
                room.page(0..<10, backward: true, start: "d", end: nil),
                room.page(20..<30, backward: true, start: "b", end: "c"),
                room.page(30..<40, backward: true, start: "a", end: "b"),
                room.page(10..<20, backward: true, start: "c", end: "d"),
            ]),
        Saved(
            testDescription: "an empty page between two",
            texts: [
                room.page(0..<20, start: "a", end: "b"), room.page(20..<20, start: "b", end: "c"),
                room.page(20..<40, start: "c", end: nil),
            ]),
        Saved(
            testDescription: "overlapping arrays, the later first",
            texts: [room.array(15..<40), room.array(0..<20)]),
        Saved(
            testDescription: "one forward and one backward, overlapping",
            texts: [
                room.page(10..<40, backward: true, start: "x", end: "y"), room.array(0..<15),
            ]),
        Saved(testDescription: "the same file twice", texts: [room.lines, room.array()]),
        Saved(
            testDescription: "overlapping pages copied into one file",
            texts: [
                "[\((room.events[0..<20] + room.events[10..<40]).map(\.json).joined(separator: ","))]"
            ]),
        Saved(
            testDescription: "every second event, and all of them",
            texts: [
                "[\(stride(from: 0, to: 40, by: 2).map { room.events[$0].json }.joined(separator: ","))]",
                room.array(),
            ]),
        Saved(
            testDescription: "two pieces that nothing joins, the later first",
            texts: [room.array(25..<40), room.array(0..<25)], gaps: 1),
    ]

    @Test("However it was saved, the order is the room's", arguments: saved)
    func oneOrder(_ saved: Saved) throws {
        let timeline = try timeline(saved.texts)
        #expect(timeline.order == Self.room.events.map(\.id))
        #expect(timeline.gaps.count == saved.gaps)
        #expect(timeline.beginsWithCreation)
        #expect(timeline.census().messages == 38)
    }

    @Test func clocksDoNotDecide() throws {
        var room = ScriptedRoom()
        let sender = MegolmSender(seed: 2)
        for step in 0..<20 {
            room.now = step == 7 ? 99 : 1_700_000_000_000 + UInt64(step) * 60_000
            room.message(sender)
        }
        room.now = 4_000_000_000_000
        room.message(sender)
        room.now = 1_700_002_000_000
        room.message(sender)
        let timeline = try timeline([room.lines])
        #expect(timeline.order == room.events.map(\.id))
        #expect(timeline.census().clockContradictions == 2)
        // Where time goes far back another piece may begin, so what is behind is not taken for sure.
        #expect(timeline.gaps.count == 2)
    }

    @Test func filesThatContradictEachOtherAreRefused() throws {
        let events = Self.room.events
        let swapped = [events[0], events[2], events[1], events[3]] + events[4...]
        let text = "[\(swapped.map(\.json).joined(separator: ","))]"
        #expect(throws: TimelineError.self) { try timeline([Self.room.lines, text]) }
    }

    @Test func eventsInNoOrderAreRefused() {
        // Halves shuffled into each other, back and forth all the time.
        let events = Self.room.events
        let mixed = (1..<20).flatMap { [events[$0 + 19], events[$0]] }
        #expect(throws: TimelineError.self) {
            try timeline(["[\(mixed.map(\.json).joined(separator: ","))]"])
        }
    }

    @Test func twoContentsUnderOneIDAreRefused() throws {
        let changed = Self.room.lines.replacing("\"shared\"", with: "\"joined\"")
        let id = try EventID(Self.room.events[1].id)
        #expect(throws: TimelineError.contradictoryCopies(id)) {
            try timeline([Self.room.lines, changed])
        }
    }
}
