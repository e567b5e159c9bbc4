import MatrixTypes
import Testing

@testable import RoomTimelines
@testable import Selection

/// Where sessions are cut by time.
@Suite struct WindowPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Message times by index.
        let times: [UInt64]
        var firstIndex: UInt32 = 0
        var start: UInt32 = 0
        var since: UInt64?
        var until: UInt64?
        var isStrict = false
        let expected: WindowCut
    }

    static func inside(
        _ start: UInt32, _ count: Int, past: (Int, UInt64)? = nil
    ) -> WindowCut {
        .inside(
            WindowShare(
                start: MessageIndex(start), inside: count,
                pastEnd: past.map { PastEnd(messages: $0.0, until: $0.1) }))
    }

    static let cases: [Case] = [
        Case(
            testDescription: "all inside", times: [10, 20, 30], since: 10, until: 30,
            expected: inside(0, 3)),
        Case(
            testDescription: "begins before", times: [10, 20, 30], since: 15,
            expected: inside(1, 2)),
        Case(
            testDescription: "runs past the end", times: [10, 20, 30, 40], until: 25,
            expected: inside(0, 2, past: (2, 40))),
        Case(
            testDescription: "both", times: [10, 20, 30, 40], since: 15, until: 25,
            expected: inside(1, 1, past: (2, 40))),
        Case(
            testDescription: "runs past a strict end", times: [10, 20, 30], until: 25,
            isStrict: true, expected: .leftOutForItsEnd),
        Case(
            testDescription: "a strict end it does not reach", times: [10, 20], until: 25,
            isStrict: true, expected: inside(0, 2)),
        Case(
            testDescription: "all before", times: [10, 20], since: 30, expected: .outside),
        Case(testDescription: "all after", times: [40, 50], until: 30, expected: .outside),
        Case(
            testDescription: "around an empty window", times: [10, 50], since: 20, until: 30,
            expected: .outside),
        Case(
            testDescription: "a clock that lies: nothing before the start opens",
            times: [30, 40, 10, 50], since: 20, expected: inside(3, 1)),
        Case(
            testDescription: "a last message from before the start closes all",
            times: [30, 40, 10], since: 20, expected: .outside),
        Case(
            testDescription: "the rules' index above the window's", times: [10, 20, 30, 40],
            start: 2, since: 15, expected: inside(2, 2)),
        Case(
            testDescription: "the window's index above the rules'", times: [10, 20, 30, 40],
            start: 1, since: 25, expected: inside(2, 2)),
        Case(
            testDescription: "a key that opens none of them", times: [10, 20], start: 7,
            expected: .outside),
        Case(testDescription: "unknown age", times: [], since: 5, expected: .unknownAge),
        Case(
            testDescription: "indices that do not begin at 0", times: [10, 20, 30],
            firstIndex: 254, since: 25, expected: inside(256, 1)),
    ]

    @Test("Cuts", arguments: cases)
    func cut(_ cut: Case) throws {
        let messages = cut.times.enumerated().map { place, time in
            SeenMessage(
                position: place, index: MessageIndex(cut.firstIndex + UInt32(place)),
                timestamp: time, sender: 0)
        }
        let window = try #require(TimeWindow(since: cut.since, until: cut.until))
        let plan = WindowPlan(window, isStrict: cut.isStrict)
        #expect(plan.cut(from: MessageIndex(cut.start), messages) == cut.expected)
    }

    @Test func noWindowEndsBeforeItBegins() {
        #expect(TimeWindow(since: 2, until: 1) == nil)
        #expect(TimeWindow(since: 1, until: 1)?.contains(1) == true)
    }
}
