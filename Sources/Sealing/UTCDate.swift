/// Points in time as text: `2026-11-23T23:10:00Z`, ISO 8601 in UTC, to the second.
package enum UTCDate {
    /// The last second of the year 9999, in milliseconds since 1970.
    private static let last: UInt64 = 253_402_300_799_000
    private static let daysInEra = 146_097

    /// The text of a time in milliseconds since 1970, cut to the second, at most the year 9999.
    package static func text(milliseconds: UInt64) -> String {
        let seconds = Int(min(milliseconds, last) / 1000)
        let date = civil(day: seconds / 86_400)
        let time = seconds % 86_400
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
            + "T" + padded(time / 3600, 2) + ":" + padded(time / 60 % 60, 2) + ":"
            + padded(time % 60, 2) + "Z"
    }

    /// The time in milliseconds since 1970, or `nil` for text that is no such date.
    package static func milliseconds(_ text: String) -> UInt64? {
        let characters = Array(text.utf8)
        guard characters.count == 20 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            Int(String(decoding: characters[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            year >= 1970
        else { return nil }
        let seconds =
            days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        guard seconds >= 0 else { return nil }
        // Whatever is out of its range, or not in its place, does not come out as it went in.
        let milliseconds = UInt64(seconds) * 1000
        return self.text(milliseconds: milliseconds) == text ? milliseconds : nil
    }

    /// Days since 1970 of a date in the Gregorian calendar.
    ///
    /// Its pattern repeats in 400 years; years begin in March here, so that the leap day comes last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month < 3 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let yearOfEra = year % 400
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return year / 400 * daysInEra + dayOfEra - 719_468
    }

    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let dayOfEra = shifted % daysInEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = (monthFromMarch + 2) % 12 + 1
        let year = shifted / daysInEra * 400 + yearOfEra + (month < 3 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
