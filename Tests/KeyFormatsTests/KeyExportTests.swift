import Bytes
import KeyFormats
import MatrixTypes
import Testing

/// Header, MAC and counter of a key export, and what its makers' own vectors say.
@Suite struct KeyExportTests {
    private static let text = Array(#"[{"room_id":"!r:example.org"}]"#.utf8)

    private static func file(rounds: UInt32 = 1) throws -> KeyExportFile {
        try KeyExportFile(text, passphrase: Array("pass".utf8), rounds: rounds)
    }

    /// The rounds field of a file, whatever it was made with.
    private static func file(claimingRounds rounds: UInt32) throws -> KeyExportFile {
        var file = try file()
        var field: [UInt8] = []
        field.append(bigEndian: rounds)
        file.payload.replaceSubrange(33..<37, with: field)
        return file
    }

    // MARK: Vectors of others

    @Test(
        "outside vectors",
        arguments: [
            ("S-EXP1", "correct horse battery staple", UInt32(1000), "S-EXP.json"),
            ("S-EXP2", "correct horse 🐎", 1000, "S-EXP.json"),
            ("R-1", "1234", 1, "R-1.json"),
        ])
    func vectors(_ name: String, _ passphrase: String, _ rounds: UInt32, _ json: String) throws {
        let opened = try open(try CorpusFolder.bytes("\(name).txt"), passphrase: passphrase)
        #expect(opened.plaintext == (try CorpusFolder.bytes(json)))
        #expect(opened.rounds == rounds)
        #expect(opened.spelling == .asTyped)
    }

    /// Their plaintext is no JSON, so nothing but the MAC speaks for it.
    @Test(
        "Element's vectors",
        arguments: [
            ("E-1", "plain", "password"),
            ("E-2", "Hello, World", "betterpassword"),
            ("E-3", String(repeating: "alphanumerically", count: 4), "SWORDFISH"),
            // Its counter is all ones: only 64 of its bits count.
            (
                "E-4", String(repeating: "alphanumerically", count: 4),
                String(repeating: "password", count: 32)
            ),
        ])
    func elementVectors(_ name: String, _ plaintext: String, _ passphrase: String) throws {
        let opened = try open(try CorpusFolder.bytes("\(name).txt"), passphrase: passphrase)
        #expect(opened.plaintext == Array(plaintext.utf8))
    }

    @Test func vectorsOfOneEntryAreReadAsKeys() throws {
        let entries = try outcomes(of: try CorpusFolder.bytes("R-1.json"))
        try #require(entries.count == 1)
        let facts = try #require(entries[0].facts)
        #expect(facts.room == "!test:localhost")
        #expect(facts.id == "8sdNGgmLft8osylLK9ij3IotBLyQQufe/KngiW4Dpq0")
        #expect(facts.index == 0)
        #expect(facts.senderKey == "cKQkLU8izjY3tpLVPiR4PDeeCEKtaDiAGiQH+UbZm2w")
        #expect(facts.ed25519 == "wJ7DzYIlwFghczuxFG7F4ugAK3IFjpSaC74MzLFC6ig")
        #expect(facts.sharedHistory == .unstated)
        #expect(entries[0].notes == [])
    }

    // MARK: Header

    @Test("another version", arguments: [0, 2, 3, 0x7b, 0xff] as [UInt8])
    func otherVersion(_ version: UInt8) throws {
        var file = try Self.file()
        file.payload[0] = version
        #expect(throws: KeyFormatError.unknownVersion(version)) {
            try open(file.text(), passphrase: "pass")
        }
    }

    @Test func noRounds() throws {
        let file = try Self.file(claimingRounds: 0)
        #expect(throws: KeyFormatError.noRounds) { try open(file.text(), passphrase: "pass") }
    }

    @Test("few rounds", arguments: [1, 2, 1000, 10_000] as [UInt32])
    func fewRounds(_ rounds: UInt32) throws {
        let opened = try open(try Self.file(rounds: rounds).text(), passphrase: "pass")
        #expect(opened.plaintext == Self.text)
        #expect(opened.rounds == rounds)
    }

    @Test(
        "too many rounds, refused before any work",
        arguments: [
            10_000_001, 1 << 31, 1 << 31 - 1, .max,
        ] as [UInt32])
    func tooManyRounds(_ rounds: UInt32) throws {
        let file = try Self.file(claimingRounds: rounds)
        let duration = ContinuousClock().measure {
            #expect(throws: KeyFormatError.tooManyRounds(rounds: rounds, limit: 10_000_000)) {
                try open(file.text(), passphrase: "pass")
            }
        }
        // The fewest of these rounds take seconds.
        #expect(duration < .seconds(1))
    }

    @Test func roundsLimitIsItselfAccepted() throws {
        let file = try Self.file(rounds: 1000).text()
        #expect(try open(file, passphrase: "pass", roundsLimit: 1000).plaintext == Self.text)
        #expect(throws: KeyFormatError.tooManyRounds(rounds: 1000, limit: 999)) {
            try open(file, passphrase: "pass", roundsLimit: 999)
        }
        #expect(KeyExport.usualRoundsLimit == 10_000_000)
    }

    // MARK: Authenticity

    @Test("one flipped bit", arguments: 0..<99)
    func flippedBit(_ offset: Int) throws {
        let whole = try Self.file(rounds: 2)
        try #require(whole.payload.count == 99)
        for bit in 0..<8 {
            var file = whole
            file.payload[offset] ^= 1 << bit
            let rounds = file.payload.span.bigEndian(at: 33, as: UInt32.self)
            let error: KeyFormatError =
                if offset == 0 {
                    .unknownVersion(file.payload[0])
                } else if rounds == 0 {
                    .noRounds
                } else if rounds > 2000 {
                    .tooManyRounds(rounds: rounds, limit: 2000)
                } else {
                    .wrongPassphraseOrDamaged
                }
            #expect(throws: error, "bit \(bit)") {
                try open(file.text(), passphrase: "pass", roundsLimit: 2000)
            }
        }
    }

    @Test(
        "another passphrase",
        arguments: ["", "Pass", "pass ", "pass\n", " pass", "\"pass\"", "päss"])
    func wrongPassphrase(_ passphrase: String) throws {
        let file = try Self.file().text()
        #expect(throws: KeyFormatError.wrongPassphraseOrDamaged) {
            try open(file, passphrase: passphrase)
        }
    }

    // MARK: Counter

    /// mautrix-go clears another bit than 63, nio before 0.10 none.
    @Test(
        "bit 63 of the IV set",
        arguments: [
            "ffffffffffffffff8000000000000000", "00000000000000008000000000000001",
            "0000000000000000fffffffffffff000",
        ])
    func bit63Set(_ vector: String) throws {
        let counter = try #require(bytes(hexadecimal: vector))
        let file = try KeyExportFile(
            Self.text, passphrase: Array("pass".utf8), initialVector: counter)
        #expect(try open(file.text(), passphrase: "pass").plaintext == Self.text)
    }

    @Test(
        "the counter's low half overflows",
        arguments: [
            AESCounterMode.CounterWidth.bits64, .bits128,
        ])
    func overflow(_ width: AESCounterMode.CounterWidth) throws {
        for high in [UInt8(0), 0xff] {
            for low in [UInt8(0xff), 0xfe, 0xe0] {
                var counter = [UInt8](repeating: high, count: 8)
                counter += [UInt8](repeating: 0xff, count: 7) + [low]
                let text = try CorpusFolder.bytes("S-EXP.json")
                let file = try KeyExportFile(
                    text, passphrase: Array("pass".utf8), initialVector: counter, width: width)
                #expect(try open(file.text(), passphrase: "pass").plaintext == text)
            }
        }
    }

    /// nheko's old files are an object with a `sessions` array.
    @Test(
        "the low half overflows under an object",
        arguments: [
            AESCounterMode.CounterWidth.bits64, .bits128,
        ])
    func overflowUnderObject(_ width: AESCounterMode.CounterWidth) throws {
        let text = Array("{\"sessions\":[\(EntryJSON().text)]}".utf8)
        let file = try KeyExportFile(
            text, passphrase: Array("pass".utf8),
            initialVector: [UInt8](repeating: 0xff, count: 16), width: width)
        #expect(try open(file.text(), passphrase: "pass").plaintext == text)
    }
}
