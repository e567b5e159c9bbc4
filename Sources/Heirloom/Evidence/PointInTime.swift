import Sealing

/// A point in time as a person writes it.
///
/// ISO 8601 with a zone, or a span back from now: `12h`, `30d`, `2w`, `1y`.
enum PointInTime {
    /// Milliseconds since 1970.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `badArgument`.
    static func milliseconds(
        _ text: String, now: UInt64, named name: String
    ) throws(HeirloomError) -> UInt64 {
        if let span = span(text) {
            guard span <= now else {
                throw HeirloomError(
                    .select, .badArgument, "\(name): \(text.shown) ago is before 1970")
            }
            return now - span
        }
        guard let time = date(text) else {
            throw HeirloomError(
                .select, .badArgument,
                "\(name): \(text.shown) is no point in time; expected one with its zone, as in "
                    + "2026-03-01T00:00Z or 2026-03-01T00:00+01:00, or a span back from now: 30d, 2w"
            )
        }
        return time
    }

    private static func span(_ text: String) -> UInt64? {
        let hours: UInt64
        switch text.last {
        case "h": hours = 1
        case "d": hours = 24
        case "w": hours = 7 * 24
        case "y": hours = 365 * 24
        default: return nil
        }
        let digits = text.dropLast()
        guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let count = UInt64(digits)
        else { return nil }
        return count * hours * 3_600_000
    }

    /// `YYYY-MM-DDTHH:MM[:SS[.fff]]` and `Z`, `±HH:MM` or `±HHMM`.
    private static func date(_ text: String) -> UInt64? {
        let characters = Array(text)
        guard characters.count >= 17, characters.allSatisfy(\.isASCII) else { return nil }
        var rest = characters[16...]
        var whole = String(characters[..<16])
        var milliseconds: UInt64 = 0
        if rest.first == ":" {
            whole += String(rest.prefix(3))
            rest = rest.dropFirst(3)
            if rest.first == "." {
                let digits = rest.dropFirst().prefix { $0.isNumber }
                guard (1...9).contains(digits.count) else { return nil }
                let padded = (String(digits) + "00").prefix(3)
                guard let value = UInt64(padded) else { return nil }
                milliseconds = value
                rest = rest.dropFirst(1 + digits.count)
            }
        } else {
            whole += ":00"
        }
        guard let local = UTCDate.milliseconds(whole + "Z"), let zone = zone(String(rest)) else {
            return nil
        }
        let time = Int64(local + milliseconds) - zone
        return UInt64(exactly: time)
    }

    /// How far a zone is ahead of UTC, in milliseconds.
    private static func zone(_ text: String) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        var digits = Array(text.dropFirst())
        if digits.count == 5, digits[2] == ":" { digits.remove(at: 2) }
        guard digits.count == 4, digits.allSatisfy({ $0.isNumber }),
            let hours = Int64(String(digits[..<2])), let minutes = Int64(String(digits[2...])),
            hours < 24, minutes < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000
    }
}
