import Heirloom

/// A room's days as a picture of three lines: how much was said, what of it opens, and when.
struct DaysPicture {
    private static let width = 60
    private static let heights = Array("▁▂▃▄▅▆▇█")

    private struct Column {
        var messages = 0
        var opened = 0
        var pastEnd = 0
        var isInside = false
    }

    let lines: [String]

    init(_ days: [RoomDay]) {
        guard let first = days.first.flatMap({ Self.number(of: $0.day) }),
            let last = days.last.flatMap({ Self.number(of: $0.day) })
        else {
            lines = []
            return
        }
        let step = (last - first) / Self.width + 1
        var columns = [Column](repeating: Column(), count: (last - first) / step + 1)
        for day in days {
            guard let number = Self.number(of: day.day) else { continue }
            let place = (number - first) / step
            columns[place].messages += day.messages
            columns[place].opened += day.opened
            columns[place].pastEnd += day.pastEnd
            columns[place].isInside = columns[place].isInside || day.isInside
        }
        let most = columns.map(\.messages).max() ?? 0
        let bars = columns.map { column -> Character in
            guard column.messages > 0 else { return " " }
            return Self.heights[(column.messages * Self.heights.count - 1) / max(most, 1)]
        }
        let marks = columns.map { column -> Character in
            if column.messages == 0 { return " " }
            if column.pastEnd > 0 && column.opened == 0 { return "!" }
            if column.opened == 0 { return "·" }
            return column.opened + column.pastEnd < column.messages ? "▪" : "■"
        }
        let (start, end) = (days[0].day, days[days.count - 1].day)
        let gap = max(1, columns.count - start.count - end.count)
        lines = [
            "  said   \(String(bars))",
            "  opens  \(String(marks))",
            "         \(start)\(String(repeating: " ", count: gap))\(end)",
            "  a column is \(step == 1 ? "a day" : "\(step) days"); ■ opens, ▪ opens in part, "
                + "· stays closed, ! opens though it is past the end",
        ]
    }

    /// Days since a fixed day, for telling how far two days are apart.
    private static func number(of day: String) -> Int? {
        let parts = day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        // Years begin in March, so that the leap day comes last.
        let year = parts[1] < 3 ? parts[0] - 1 : parts[0]
        let dayOfYear = (153 * ((parts[1] + 9) % 12) + 2) / 5 + parts[2] - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear
    }
}
