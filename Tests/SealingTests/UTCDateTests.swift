import Foundation
import Secrets
import Testing

@testable import Sealing

struct UTCDateTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600_000),
        ("2024-02-29T23:59:59Z", 1_709_251_199_000), ("2100-03-01T00:00:00Z", 4_107_542_400_000),
        ("2026-11-23T23:10:00Z", 1_795_475_400_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
    ])
    func known(_ text: String, _ milliseconds: UInt64) {
        #expect(UTCDate.text(milliseconds: milliseconds) == text)
        #expect(UTCDate.text(milliseconds: milliseconds + 999) == text)
        #expect(UTCDate.milliseconds(text) == milliseconds)
    }

    @Test func agreesWithFoundation() {
        var random = FixedRandomSource(number: 3)
        for _ in 0..<2000 {
            let seconds = random.number(below: 253_402_300_800)
            let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
            #expect(UTCDate.text(milliseconds: UInt64(seconds) * 1000) == text)
            #expect(UTCDate.milliseconds(text) == UInt64(seconds) * 1000)
        }
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T23:10:00", "2026-11-23T23:10:00z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z", "2026-11-23T24:00:00Z",
        "2026-11-23T23:60:00Z", "2026-11-23 23:10:00Z", "2026-11-+3T23:10:00Z",
        "1969-12-31T23:59:59Z", "2026-1x-23T23:10:00Z", "２026-11-23T23:10:0Z",
        "-026-11-23T23:10:00Z",
    ])
    func refused(_ text: String) {
        #expect(UTCDate.milliseconds(text) == nil)
    }
}
