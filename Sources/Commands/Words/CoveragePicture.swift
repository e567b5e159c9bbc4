import Heirloom

/// A room's days as bars: one a day, or one for several where there are many.
struct CoveragePicture {
    private static let columnLimit = 120
    private static let width = 960.0
    private static let height = 200.0

    private let columns: [(first: String, counts: CoverageReport.Counts)]
    private let step: Int

    init(_ days: [CoverageReport.Day]) {
        step = (days.count + Self.columnLimit - 1) / max(Self.columnLimit, 1)
        var columns: [(first: String, counts: CoverageReport.Counts)] = []
        for (place, day) in days.enumerated() {
            if place % max(step, 1) == 0 {
                columns.append((day.day, day.counts))
            } else {
                columns[columns.count - 1].counts.add(day.counts)
            }
        }
        self.columns = columns
    }

    var svg: String {
        guard let first = columns.first, let last = columns.last else { return "" }
        let most = Double(columns.map(\.counts.total).max() ?? 1)
        let pitch = Self.width / Double(columns.count)
        let bars = columns.enumerated().map { place, column -> String in
            var top = Self.height
            let x = Double(place) * pitch
            let parts = CoveragePage.states.compactMap { state -> String? in
                let count = state.count(column.counts)
                guard count > 0 else { return nil }
                let part = Double(count) / max(most, 1) * Self.height
                top -= part
                return "<rect x=\"\(x.short)\" y=\"\(top.short)\" "
                    + "width=\"\(max(pitch - 1, 0.5).short)\" height=\"\(part.short)\" "
                    + "class=\"\(state.name)\"/>"
            }
            let title = "\(column.first): \(CoverageText.line(column.counts))"
            return "<g><title>\(title.escaped)</title>\(parts.joined())</g>"
        }
        let unit = step <= 1 ? "a day with messages" : "\(step) days with messages"
        return """
            <svg class="picture" viewBox="0 0 960 220" role="img" aria-labelledby="picture">
            <title id="picture">Messages by day, each bar \(unit)</title>
            <defs>\(Self.patterns)</defs>
            \(bars.joined(separator: "\n"))
            <text x="0" y="216">\(first.first.escaped)</text>
            <text x="960" y="216" text-anchor="end">\(last.first.escaped)</text>
            </svg>
            """
    }

    /// Stripes, dots and crosses: for eyes that do not tell the colours apart, and for black ink.
    private static let patterns = """
        <pattern id="added" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" \
        height="6" fill="#1f6fb2"/><circle cx="3" cy="3" r="1.4" fill="#fff"/></pattern>\
        <pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" \
        height="6" fill="#e0a100"/><path d="M0 6L6 0" stroke="#5a4000"/></pattern>\
        <pattern id="missing" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" \
        height="6" fill="#c8442f"/><path d="M0 3H6" stroke="#fff"/></pattern>\
        <pattern id="unusable" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" \
        height="6" fill="#6b3fa0"/><path d="M0 0L6 6M0 6L6 0" stroke="#fff"/></pattern>
        """
}

extension Double {
    /// With one digit behind the point, which is plenty for a bar.
    fileprivate var short: String {
        let tenths = Int((self * 10).rounded())
        return "\(tenths / 10).\(abs(tenths) % 10)"
    }
}
