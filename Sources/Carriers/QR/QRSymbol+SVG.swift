extension QRSymbol {
    /// The dark modules as an SVG path in module units, its left top corner at (x, y).
    func path(x: Int, y: Int) -> String {
        var path = ""
        for row in 0..<size {
            var column = 0
            while column < size {
                guard isDark(column, row) else {
                    column += 1
                    continue
                }
                let start = column
                while isDark(column, row) { column += 1 }
                path += "M\(x + start) \(y + row)h\(column - start)v1h-\(column - start)z"
            }
        }
        return path
    }

    /// The code with its quiet zone as an SVG picture that shows sharp edges at every size.
    package var svg: String {
        let side = framedSize
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" \
            width="\(side * 6)" height="\(side * 6)" shape-rendering="crispEdges">
            <rect width="\(side)" height="\(side)" fill="#fff"/>
            <path d="\(path(x: Self.quietZone, y: Self.quietZone))" fill="#000"/>
            </svg>

            """
    }
}
