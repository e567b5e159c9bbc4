import Bytes
import Testing

@testable import KeyFormats

/// What is unusual about a key export's armour, told byte by byte.
@Suite struct ArmorTraitsTests {
    static let begin = "-----BEGIN MEGOLM SESSION DATA-----"
    static let end = "-----END MEGOLM SESSION DATA-----"

    static func traits(_ text: String) throws(KeyFormatError) -> ArmorTraits {
        try KeyExport.armorTraits(of: MemorySource(Array(text.utf8)))
    }

    @Test(
        "each oddity by itself",
        arguments: [
            ("\(begin)\nAAAA\n\(end)\n", []),
            ("\(begin)\nAAAA\nAAA=\n\(end)\n", []),
            ("\(begin)\n\n\(end)\n", []),
            ("\(begin)\nAAAA\n\(end)\n\n \n", []),
            ("\u{feff}\(begin)\nAAAA\n\(end)\n", .byteOrderMark),
            ("Hello,\n\(begin)\nAAAA\n\(end)\n", .textBefore),
            (" \(begin)\nAAAA\n\(end)\n", .textBefore),
            ("-\(begin)\nAAAA\n\(end)\n", .textBefore),
            ("\u{feff}\n\(begin)\nAAAA\n\(end)\n", [.byteOrderMark, .textBefore]),
            ("\(begin)AAAA\n\(end)\n", .noBreakBehindBegin),
            ("\(begin)\r\nAAAA\n\(end)\n", .carriageReturns),
            ("\(begin)\nAA\rAA\n\(end)\n", .carriageReturns),
            ("\(begin)\nAAAA\n\(end)\r\n", .carriageReturns),
            ("\(begin)\nAA AA\n\(end)\n", .spacesInside),
            ("\(begin)\nAAAA\t\n\(end)\n", .spacesInside),
            ("\(begin)\nAAA\n\(end)\n", .unpadded),
            ("\(begin)\nAA=\n\(end)\n", .unpadded),
            ("\(begin)\nAAAA\n\(end)", .noFinalBreak),
            ("\(begin)\nAAAA\n\(end) \n", .noFinalBreak),
            ("\(begin)\nAAAA\n\(end)\nBye", .textBehind),
            ("\(begin)\nAAAA\n\(end)Bye", [.textBehind, .noFinalBreak]),
            (
                "\(begin)AAA\(end)",
                [.noBreakBehindBegin, .unpadded, .noFinalBreak]
            ),
        ] as [(String, ArmorTraits)])
    func tells(text: String, expected: ArmorTraits) throws {
        #expect(try Self.traits(text) == expected)
    }

    @Test(
        "what is no armour is none",
        arguments: [
            ("", KeyFormatError.noBeginLine), ("-----BEGIN MEGOLM", .noBeginLine),
            ("\(begin)\nAAAA\n", .noEndLine(byteCount: 41)),
            ("\(begin)\nAAAA\n-----END", .noEndLine(byteCount: 49)),
        ])
    func refuses(text: String, error: KeyFormatError) {
        #expect(throws: error) { try Self.traits(text) }
    }

    /// Where a reading ends makes no difference.
    @Test func longFilesAreToldTheSame() throws {
        let body = String(repeating: String(repeating: "A", count: 128) + "\n", count: 2000)
        #expect(try Self.traits("\(Self.begin)\n\(body)\(Self.end)\n") == [])
        #expect(try Self.traits("\(Self.begin)\n\(body) \(Self.end)\n") == .spacesInside)
    }
}
