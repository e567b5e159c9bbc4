/// A row of codes as pages to print: A4, 24 codes a page, numbered in words.
///
/// Says nothing of the room: paper lies about.
package struct QRPaper: Sendable {
    /// Codes across and down a page.
    static let columns = 4
    static let rows = 6
    /// Millimetres from one code to the next.
    private static let pitch = 47.0
    /// Millimetres a module: six dots at 300 dots an inch.
    private static let module = 0.508
    private static let (width, height) = (210.0, 297.0)
    /// Millimetres from the page's edges to the first code.
    private static let (left, top) = (14.0, 24.0)
    private static let labelHeight = 3.6

    private let row: QRRow

    /// - Parameter row: made by `QRPlan.paper`.
    package init(_ row: QRRow) {
        self.row = row
    }

    /// How many pages there are.
    package var pageCount: Int {
        (codes.count + Self.columns * Self.rows - 1) / (Self.columns * Self.rows)
    }

    /// Codes by their indices: a single one is printed twice, and spare codes are spread over the
    /// pages so that a lost page costs as few of either kind as can be.
    private var codes: [Int] {
        let plan = row.plan
        let indices = Array(0..<plan.codeCount)
        let pages = (indices.count + Self.columns * Self.rows - 1) / (Self.columns * Self.rows)
        return (0..<pages).flatMap { page in indices.filter { $0 % pages == page } }
    }

    /// One page as SVG, counted from 0.
    package func page(_ number: Int) throws(QRError) -> String {
        let perPage = Self.columns * Self.rows
        let slice = codes.dropFirst(number * perPage).prefix(perPage)
        var body = ""
        for (place, index) in slice.enumerated() {
            let symbol = try row.symbol(at: index)
            let x = Self.left + Double(place % Self.columns) * Self.pitch
            let y = Self.top + Double(place / Self.columns) * (Self.pitch - 3)
            body += """
                <g transform="translate(\(x.tidy) \(y.tidy))"><path transform="scale(\(Self.module))" \
                d="\(symbol.path(x: 0, y: 0))" shape-rendering="crispEdges"/>\
                <text y="\((Double(symbol.size) * Self.module + Self.labelHeight).tidy)" \
                font-size="2.6">\(label(index))</text></g>

                """
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" \
            viewBox="0 0 \(Self.width.tidy) \(Self.height.tidy)" font-family="sans-serif" fill="#000">
            <rect width="100%" height="100%" fill="#fff"/>
            <text x="14" y="12" font-size="4">A sealed hand-over of Matrix room keys: transfer \
            \(name), page \(number + 1) of \(pageCount)</text>
            <text x="14" y="18" font-size="2.9">\(instructions)</text>
            \(body)</svg>

            """
    }

    /// `part 7 of 19`, or `spare 3 of 5`.
    private func label(_ index: Int) -> String {
        let plan = row.plan
        return index < plan.dataParts
            ? "\(name)  part \(index + 1) of \(plan.dataParts)"
            : "\(name)  spare \(index - plan.dataParts + 1) of \(plan.spareParts)"
    }

    /// The first four digits of the transfer's id, by which pages that belong together are told.
    private var name: String {
        let digits = String(row.id.id, radix: 16)
        return String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(4))
    }

    private var instructions: String {
        let plan = row.plan
        return
            "To restore: photograph or scan every page, then run “heirloom receive --scan” with the "
            + "pictures. Any \(plan.dataParts) of the \(plan.codeCount) codes are enough. "
            + "Only the person it is sealed to can open it."
    }
}

extension Double {
    /// With two digits behind the point at most.
    fileprivate var tidy: String {
        let hundredths = Int((self * 100).rounded())
        let rest = hundredths % 100
        return rest == 0
            ? "\(hundredths / 100)" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
