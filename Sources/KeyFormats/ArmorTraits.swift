package import Bytes

/// How a key export's armour differs from what every client reads.
///
/// The form every client reads: the begin line first in the file, padded base64 in lines that end in
/// LF, the end line and an LF behind it.
package struct ArmorTraits: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// A UTF-8 byte order mark stands first.
    package static let byteOrderMark = ArmorTraits(rawValue: 1 << 0)
    /// Something else stands before the begin line.
    package static let textBefore = ArmorTraits(rawValue: 1 << 1)
    /// The base64 begins on the begin line.
    package static let noBreakBehindBegin = ArmorTraits(rawValue: 1 << 2)
    /// Lines end in CRLF or CR.
    package static let carriageReturns = ArmorTraits(rawValue: 1 << 3)
    /// Spaces or tabs stand among the base64.
    package static let spacesInside = ArmorTraits(rawValue: 1 << 4)
    /// The base64 is not padded where it should be.
    package static let unpadded = ArmorTraits(rawValue: 1 << 5)
    /// The file ends with the end line and not with a line break.
    package static let noFinalBreak = ArmorTraits(rawValue: 1 << 6)
    /// Something stands behind the end line.
    package static let textBehind = ArmorTraits(rawValue: 1 << 7)
}

extension KeyExport {
    /// Looks at the form of a key export's armour, in one pass over the file.
    ///
    /// - Throws: `noBeginLine`, `noEndLine` or `.stream`; what stands between the lines is not judged.
    package static func armorTraits(
        of source: any RewindableByteSource
    ) throws(KeyFormatError) -> ArmorTraits {
        var survey = ArmorSurvey()
        do throws(StreamError) {
            try source.rewind()
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                var span = piece.mutableSpan
                let count = try source.read(into: &span)
                if count == 0 { break }
                for index in 0..<count { survey.take(piece[index]) }
            }
            try source.rewind()
        } catch {
            throw .stream(error)
        }
        return try survey.finished()
    }
}

/// Goes over a key export byte by byte and notes what is unusual about its armour.
private struct ArmorSurvey {
    private enum Place {
        case before, inside, endLine, behind
    }

    private static let begin = Array(KeyExport.beginLine.utf8)
    private static let endLine = Array(KeyExport.endLine.utf8)
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    private var traits: ArmorTraits = []
    private var place = Place.before
    private var offset = 0
    /// How much of the line that is looked for has been seen.
    private var matched = 0
    private var characterCount = 0
    private var paddingCount = 0
    private var insideCount = 0
    private var behind: [UInt8] = []
    private var markCount = 0

    mutating func take(_ byte: UInt8) {
        switch place {
        case .before: takeBefore(byte)
        case .inside: takeInside(byte)
        case .endLine:
            matched += 1
            if matched == Self.endLine.count { place = .behind }
        case .behind:
            // A line break and whether anything but white space follows is all that counts.
            if behind.count < 2 {
                behind.append(byte)
            }
            if ![0x20, 0x09, 0x0a, 0x0d].contains(byte) { traits.insert(.textBehind) }
        }
        offset += 1
    }

    private mutating func takeBefore(_ byte: UInt8) {
        if offset < 3, markCount == offset, byte == Self.mark[offset] { markCount += 1 }
        if byte == Self.begin[matched] {
            matched += 1
        } else if byte != Self.begin[0] {
            matched = 0
        } else if matched != 5 {
            // The line begins with five dashes; a sixth leaves the match where it was.
            matched = 1
        }
        guard matched == Self.begin.count else { return }
        let start = offset + 1 - matched
        if markCount == 3 { traits.insert(.byteOrderMark) }
        if start > (markCount == 3 ? 3 : 0) { traits.insert(.textBefore) }
        place = .inside
        matched = 0
    }

    private mutating func takeInside(_ byte: UInt8) {
        insideCount += 1
        switch byte {
        case UInt8(ascii: "-"):
            place = .endLine
            matched = 1
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "\r"): traits.insert(.carriageReturns)
        case UInt8(ascii: " "), UInt8(ascii: "\t"): traits.insert(.spacesInside)
        case UInt8(ascii: "="): paddingCount += 1
        default:
            if insideCount == 1 { traits.insert(.noBreakBehindBegin) }
            characterCount += 1
        }
    }

    func finished() throws(KeyFormatError) -> ArmorTraits {
        var traits = traits
        switch place {
        case .before: throw .noBeginLine
        case .inside, .endLine: throw .noEndLine(byteCount: offset)
        case .behind: break
        }
        if (characterCount + paddingCount) % 4 != 0 { traits.insert(.unpadded) }
        if behind.first != UInt8(ascii: "\n"), behind != Array("\r\n".utf8) {
            traits.insert(.noFinalBreak)
        }
        if behind.first == UInt8(ascii: "\r") { traits.insert(.carriageReturns) }
        return traits
    }
}
