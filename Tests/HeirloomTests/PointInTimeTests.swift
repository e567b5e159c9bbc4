import Testing

@testable import Heirloom

/// Times as people write them.
@Suite struct PointInTimeTests {
    static let now: UInt64 = 1_790_000_000_000

    static let good: [(String, UInt64)] = [
        ("2026-03-01T00:00Z", 1_772_323_200_000), ("2026-03-01T00:00:00Z", 1_772_323_200_000),
        ("2026-03-01T01:00+01:00", 1_772_323_200_000),
        ("2026-02-28T19:00-0500", 1_772_323_200_000),
        ("2026-03-01T00:00:00.250Z", 1_772_323_200_250),
        ("2026-03-01T00:00:00.5Z", 1_772_323_200_500),
        ("2024-02-29T12:00Z", 1_709_208_000_000), ("1970-01-01T00:00Z", 0),
        ("30d", 1_787_408_000_000), ("2w", 1_788_790_400_000), ("12h", 1_789_956_800_000),
        ("1y", 1_758_464_000_000), ("0d", 1_790_000_000_000),
    ]

    @Test("Read", arguments: good)
    func read(_ text: String, _ expected: UInt64) throws {
        #expect(
            try PointInTime.milliseconds(text, now: Self.now, named: "--since") == expected)
    }

    @Test(
        "Refused",
        arguments: [
            "", "yesterday", "2026-03-01", "2026-03-01T00:00", "2026-03-01T00:00:00",
            "2026-13-01T00:00Z", "2026-02-29T00:00Z", "2026-03-01T24:00Z", "2026-03-01T00:60Z",
            "2026-03-01 00:00Z", "2026-03-01T00:00+25:00", "2026-03-01T00:00+1:00", "30", "d",
            "-3d",
            "30m", "9999999d", "1970-01-01T00:00+01:00", "2026-03-01T00:00:00.Z", "١d",
        ])
    func refused(_ text: String) {
        #expect(throws: HeirloomError.self) {
            try PointInTime.milliseconds(text, now: Self.now, named: "--since")
        }
    }
}
