import Bytes
import KeyFormats
import Testing

/// The bytes that clients make of one passphrase, and which of them opened a file.
@Suite struct PassphraseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the file's writer fed to the derivation.
        let written: [UInt8]
        let typed: String
        let spelling: KeyExport.PassphraseSpelling

        init(
            _ name: String, written: [UInt8], typed: String,
            _ spelling: KeyExport.PassphraseSpelling
        ) {
            testDescription = name
            self.written = written
            self.typed = typed
            self.spelling = spelling
        }
    }

    private static let composed = "Schl\u{fc}ssel"
    private static let decomposed = "Schlu\u{308}ssel"
    private static let latin1: [UInt8] = Array("Schl".utf8) + [0xfc] + Array("ssel".utf8)

    static let opening: [Case] = [
        Case("ASCII", written: Array("pass".utf8), typed: "pass", .asTyped),
        Case("empty", written: [], typed: "", .asTyped),
        Case("quotes, spaces, newline", written: Array(" \"p'\n".utf8), typed: " \"p'\n", .asTyped),
        Case("a zero byte", written: [0x61, 0, 0x62], typed: "a\u{0}b", .asTyped),
        Case(
            "longer than a block of SHA-512", written: [UInt8](repeating: 0x70, count: 200),
            typed: String(repeating: "p", count: 200), .asTyped),
        Case("emoji", written: [0xf0, 0x9f, 0x90, 0x8e], typed: "🐎", .asTyped),
        Case("composed as typed", written: Array(composed.utf8), typed: composed, .asTyped),
        Case("decomposed as typed", written: Array(decomposed.utf8), typed: decomposed, .asTyped),
        Case("written Latin-1, typed composed", written: latin1, typed: composed, .latin1),
        Case("written Latin-1, typed decomposed", written: latin1, typed: decomposed, .latin1),
        Case(
            "written composed, typed decomposed", written: Array(composed.utf8), typed: decomposed,
            .composed),
        Case(
            "written decomposed, typed composed", written: Array(decomposed.utf8), typed: composed,
            .decomposed),
        Case(
            "a letter beyond Latin-1, written decomposed", written: Array("s\u{30c}".utf8),
            typed: "\u{161}", .decomposed),
        Case(
            "a compatibility letter stays itself", written: Array("\u{fb01}".utf8),
            typed: "\u{fb01}", .asTyped),
    ]

    @Test("opens", arguments: opening)
    func opens(_ vector: Case) throws {
        let text = Array("[]".utf8)
        let file = try KeyExportFile(text, passphrase: vector.written)
        let opened = try open(file.text(), passphrase: vector.typed)
        #expect(opened.plaintext == text)
        #expect(opened.spelling == vector.spelling)
    }

    @Test(
        "does not open",
        arguments: [
            ("fi", "\u{fb01}"), ("Schlussel", composed), ("Schl\u{fc}ssel", "SCHL\u{dc}SSEL"),
            ("s", "\u{161}"), ("?", "\u{fffd}"),
        ])
    func doesNotOpen(_ written: String, _ typed: String) throws {
        let file = try KeyExportFile(Array("[]".utf8), passphrase: Array(written.utf8))
        #expect(throws: KeyFormatError.wrongPassphraseOrDamaged) {
            try open(file.text(), passphrase: typed)
        }
    }

    /// A passphrase file saved in Latin-1 is taken byte for byte.
    @Test func bytesThatAreNotUTF8() throws {
        let file = try KeyExportFile(Array("[]".utf8), passphrase: Self.latin1)
        let opened = try KeyExport.open(
            MemorySource(file.text()), passphrase: secret(Self.latin1))
        #expect(opened.spelling == .asTyped)
        #expect(throws: KeyFormatError.wrongPassphraseOrDamaged) {
            _ = try KeyExport.open(
                MemorySource(file.text()), passphrase: secret(Self.latin1 + [0xff]))
        }
    }

    /// Mended text is no spelling of anything: U+FFFD must not stand for broken bytes.
    @Test func brokenBytesAreNotMended() throws {
        let file = try KeyExportFile(Array("[]".utf8), passphrase: Array("a\u{fffd}".utf8))
        #expect(throws: KeyFormatError.wrongPassphraseOrDamaged) {
            _ = try KeyExport.open(MemorySource(file.text()), passphrase: secret([0x61, 0xff]))
        }
    }
}
