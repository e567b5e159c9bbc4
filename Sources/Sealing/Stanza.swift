/// One entry of an age header: a way to get at the file key.
///
/// ```
/// -> type argument …      arguments of visible ASCII, one space between
/// body                    unpadded base64, 64 columns; the last line shorter, perhaps empty
/// ```
package struct Stanza: Equatable, Sendable {
    /// The first argument, which says who can use the stanza.
    package let type: String
    /// The arguments behind the type.
    package let arguments: [String]
    package let body: [UInt8]

    static let start = Array("-> ".utf8)
    static let columnCount = 64

    init(type: String, arguments: [String], body: [UInt8]) {
        self.type = type
        self.arguments = arguments
        self.body = body
    }

    /// Reads the stanza whose first line is `line` and whose body follows in `lines`.
    init(line: [UInt8], body lines: inout HeaderLines) throws(SealingError) {
        let words = line.dropFirst(Self.start.count)
            .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let isSound = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x21...0x7e).contains($0) }
        }
        guard line.starts(with: Self.start), isSound else {
            throw .malformedHeaderLine(number: lines.number)
        }
        let arguments = words.map { String(decoding: $0, as: UTF8.self) }
        type = arguments[0]
        self.arguments = Array(arguments.dropFirst())
        body = try Self.body(of: &lines)
    }

    private static func body(of lines: inout HeaderLines) throws(SealingError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try lines.next()
            guard line.count <= columnCount, let piece = Base64.decode(line[...]) else {
                throw .malformedHeaderLine(number: lines.number)
            }
            body.append(contentsOf: piece)
            if line.count < columnCount { return body }
        }
    }

    /// The stanza as it stands in a header.
    var encoded: [UInt8] {
        let newline = UInt8(ascii: "\n")
        var text = Self.start
        text.append(contentsOf: ([type] + arguments).joined(separator: " ").utf8)
        text.append(newline)
        var rest = Base64.encode(body)[...]
        while rest.count >= Self.columnCount {
            text.append(contentsOf: rest.prefix(Self.columnCount))
            text.append(newline)
            rest = rest.dropFirst(Self.columnCount)
        }
        text.append(contentsOf: rest)
        text.append(newline)
        return text
    }
}
