import Bytes
import Foundation
import KeyFormats
import Testing

/// What clients, mail programs and terminals do to the armour of a key export, and what is damage.
@Suite struct ArmorTests {
    typealias Armor = KeyExportFile.Armor

    private static let plaintext = Array(#"[{"a":1},{"b":"two"}] and enough to fill lines"#.utf8)

    /// The same file in one armour or another; 23 more plaintext bytes than the shortest.
    private static func file() throws -> KeyExportFile {
        let text = plaintext + [UInt8](repeating: UInt8(ascii: "."), count: 300)
        return try KeyExportFile(text, passphrase: Array("pass".utf8), rounds: 3)
    }

    private static func armor(_ name: String, _ change: (inout Armor) -> Void) -> Armor {
        var armor = Armor(name)
        change(&armor)
        return armor
    }

    static let tolerated: [Armor] = [
        Armor("as we write it"),
        armor("CRLF") {
            $0.newline = "\r\n"; $0.after = "\r\n"
        },
        armor("lone CR") {
            $0.newline = "\r"; $0.after = "\r"
        },
        armor("no newline at the end") { $0.after = "" },
        armor("unpadded") { $0.isPadded = false },
        armor("one line") { $0.columns = nil },
        armor("one line, unpadded, no newline: nio and the Rust SDK") {
            $0.columns = nil
            $0.isPadded = false
            $0.after = ""
        },
        armor("no newline anywhere: an old nio") {
            $0.columns = nil
            $0.newline = ""
            $0.after = ""
        },
        armor("76 columns") { $0.columns = 76 },
        armor("96 columns") { $0.columns = 96 },
        armor("71 columns") { $0.columns = 71 },
        armor("one column") { $0.columns = 1 },
        armor("trailing spaces") { $0.newline = " \t\n" },
        armor("indented") {
            $0.newline = "\n    "; $0.before = "    "
        },
        armor("byte order mark") { $0.before = "\u{feff}" },
        armor("blank lines first") { $0.before = "\n\r\n \n" },
        armor("cursor movement first: megolm-filter") { $0.before = "\u{1b}[1A" },
        armor("mail around it") {
            $0.before = "Hi,\nhere are the -----keys----- you wanted:\n\n"
            $0.after = "\n\n-- \nBob\n"
        },
        armor("dashes in front") { $0.before = "-----BEGIN -----BEGIN MEGOLM------" },
        armor("foreign bytes behind the end line") { $0.after = "\u{0}-!é-----BEGIN" },
        armor("a second file behind the end line") { $0.after = "\n\(KeyExportFile.begin)\nAA" },
        armor("form feeds") { $0.newline = "\u{0c}\n\u{0b}" },
    ]

    @Test("tolerated", arguments: tolerated)
    func isTolerated(_ armor: Armor) throws {
        let file = try Self.file()
        let opened = try open(file.text(armor), passphrase: "pass")
        #expect(opened.plaintext.starts(with: Self.plaintext))
        #expect(opened.byteCount == Self.plaintext.count + 300)
        #expect(opened.plaintext.count == opened.byteCount)
        #expect(opened.rounds == 3)
        #expect(opened.spelling == .asTyped)
    }

    @Test func mixedLineEnds() throws {
        let lines = String(decoding: try Self.file().text(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        let ends = ["\r\n", "\n", "\r", "\n\n"]
        let text = zip(lines, 0...).map { $0 + ends[$1 % 4] }.joined()
        #expect(try open(Array(text.utf8), passphrase: "pass").plaintext.count == 346)
    }

    @Test("a source that gives a few bytes at a time", arguments: [1, 2, 3, 5, 61, 64, 127, 4096])
    func slowSource(_ pieceByteCount: Int) throws {
        let expected = try CorpusFolder.bytes("S-EXP.json")
        let source = SlowSource(
            try CorpusFolder.bytes("S-EXP1.txt"), pieceByteCount: pieceByteCount)
        let opened = try open(source, passphrase: "correct horse battery staple")
        #expect(opened.plaintext == expected)
    }

    @Test("a file longer than every buffer", arguments: [3, 4096, 1 << 20])
    func longFile(_ pieceByteCount: Int) throws {
        let text = (0..<250_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let file = try KeyExportFile(text, passphrase: Array("pass".utf8))
        var armor = Armor("76 columns")
        armor.columns = 76
        let source = SlowSource(file.text(armor), pieceByteCount: pieceByteCount)
        #expect(try open(source, passphrase: "pass").plaintext == text)
    }

    @Test(
        "no begin line",
        arguments: [
            "", "-----", "\n", "-----BEGIN MEGOLM SESSION DATA----", "[{}]",
            "-----begin megolm session data-----\nAAAA\n-----END MEGOLM SESSION DATA-----\n",
            "-----BEGIN  MEGOLM SESSION DATA-----\nAAAA\n-----END MEGOLM SESSION DATA-----\n",
            "AAAA\n-----END MEGOLM SESSION DATA-----\n",
        ])
    func noBeginLine(_ text: String) {
        #expect(throws: KeyFormatError.noBeginLine) {
            try open(Array(text.utf8), passphrase: "pass")
        }
    }

    @Test func cutShortAnywhere() throws {
        let whole = try CorpusFolder.bytes("E-1.txt")
        for count in 0..<whole.count - 1 {
            let error: KeyFormatError =
                count < KeyExportFile.begin.utf8.count
                ? .noBeginLine : .noEndLine(byteCount: count)
            #expect(throws: error, "cut to \(count) bytes") {
                try open(Array(whole[..<count]), passphrase: "password")
            }
        }
        // Only the last newline may be missing.
        #expect(try open(whole.dropLast(), passphrase: "password").plaintext == Array("plain".utf8))
    }

    @Test("cut short beyond a buffer", arguments: [65_536, 70_001, 131_072])
    func cutShortFarBehind(_ byteCount: Int) throws {
        let file = try KeyExportFile(
            [UInt8](repeating: 65, count: 120_000), passphrase: Array("pass".utf8))
        #expect(throws: KeyFormatError.noEndLine(byteCount: byteCount)) {
            try open(Array(file.text()[..<byteCount]), passphrase: "pass")
        }
    }

    @Test(
        "a foreign character", arguments: ["!", "_", "-", ":", ">", "\u{0}", "\u{7f}", "é", "\""])
    func foreignCharacter(_ character: String) throws {
        let whole = try Self.file().text()
        let begin = KeyExportFile.begin.utf8.count
        let end = whole.count - KeyExportFile.end.utf8.count - 1
        for offset in [
            begin, begin + 1, begin + 2, begin + 3, begin + 4, begin + 129, end - 1, end,
        ] {
            var text = whole
            text.insert(contentsOf: character.utf8, at: offset)
            for pieceByteCount in [1, 7, 1 << 16] {
                #expect(throws: KeyFormatError.notBase64(byteOffset: offset)) {
                    try open(
                        SlowSource(text, pieceByteCount: pieceByteCount), passphrase: "pass")
                }
            }
        }
    }

    @Test func foreignCharacterBeyondABuffer() throws {
        let file = try KeyExportFile(
            [UInt8](repeating: 65, count: 120_000), passphrase: Array("pass".utf8))
        var text = file.text()
        text[100_003] = UInt8(ascii: "%")
        #expect(throws: KeyFormatError.notBase64(byteOffset: 100_003)) {
            try open(text, passphrase: "pass")
        }
    }

    /// One character left over spells no byte: it is named where the end line begins.
    @Test("a character too many", arguments: [0, 3, 6])
    func leftOverCharacter(_ byteCount: Int) throws {
        let text = KeyExportFile(payload: [UInt8](repeating: 1, count: 69 + byteCount)).base64()
        let body = "\(KeyExportFile.begin)\n\(text)A\n"
        #expect(throws: KeyFormatError.notBase64(byteOffset: body.utf8.count)) {
            try open(Array((body + KeyExportFile.end).utf8), passphrase: "pass")
        }
    }

    /// T7: a payload cut after each of its first bytes, its armour whole.
    @Test("payload cut", arguments: 0...80)
    func payloadCut(_ byteCount: Int) throws {
        let whole = try KeyExportFile(
            [UInt8](repeating: 0x5b, count: 40), passphrase: Array("pass".utf8))
        let cut = KeyExportFile(payload: Array(whole.payload[..<byteCount]))
        let error: KeyFormatError =
            byteCount < 69 ? .tooShort(byteCount: byteCount) : .wrongPassphraseOrDamaged
        #expect(throws: error) { try open(cut.text(), passphrase: "pass") }
    }

    @Test func elementsOwnShortCase() throws {
        let text = """
            -----BEGIN MEGOLM SESSION DATA-----
            AXNhbHRzYWx0c2FsdHNhbHSIiIiIiIiIiIiIiIiIiIiIAAAACmIRUW2OjZ3L2l6j9h0lHlV3M2dx
            cissyYBxjsfsAn
            -----END MEGOLM SESSION DATA-----
            """
        #expect(throws: KeyFormatError.tooShort(byteCount: 67)) {
            try open(Array(text.utf8), passphrase: "password")
        }
    }

    @Test func emptyText() throws {
        let file = try KeyExportFile([], passphrase: Array("pass".utf8))
        #expect(file.payload.count == 69)
        let opened = try open(file.text(), passphrase: "pass")
        #expect(opened.plaintext.isEmpty)
        #expect(opened.byteCount == 0)
    }

    @Test("damage is named before the passphrase", arguments: ["pass", "wrong", ""])
    func damageFirst(_ passphrase: String) throws {
        let whole = try Self.file().text()
        var damaged = whole
        damaged[100] = UInt8(ascii: "*")
        #expect(throws: KeyFormatError.notBase64(byteOffset: 100)) {
            try open(damaged, passphrase: passphrase)
        }
        #expect(throws: KeyFormatError.noEndLine(byteCount: 400)) {
            try open(Array(whole[..<400]), passphrase: passphrase)
        }
        let short = KeyExportFile(payload: Array(try Self.file().payload[..<68]))
        #expect(throws: KeyFormatError.tooShort(byteCount: 68)) {
            try open(short.text(), passphrase: passphrase)
        }
    }

    @Test("the system stops reading", arguments: [0, 20, 100, 480])
    func unreadable(_ limit: Int) throws {
        let text = try Self.file().text()
        #expect(throws: KeyFormatError.stream(.unreadable(code: 5))) {
            try open(BreakingSource(text, after: limit), passphrase: "pass")
        }
    }
}
