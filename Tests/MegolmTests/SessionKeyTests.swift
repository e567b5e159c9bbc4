import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

/// Session keys are read strictly and wound forward as Megolm says.
@Suite struct SessionKeyTests {
    struct Winding: Sendable, CustomTestStringConvertible {
        let from: String
        let to: String
        let index: UInt32
        var testDescription: String { "to \(index)" }
    }

    static let windings = [
        Winding(from: MadeSession.exportAt0, to: MadeSession.exportAt0, index: 0),
        Winding(from: MadeSession.exportAt0, to: MadeSession.exportAt1, index: 1),
        Winding(from: MadeSession.exportAt0, to: MadeSession.exportAt130, index: 130),
        Winding(from: MadeSession.exportAt0, to: MadeSession.exportAt256, index: 256),
        Winding(from: MadeSession.exportAt0, to: MadeSession.exportAt1000, index: 1000),
        Winding(from: MadeSession.exportAt1, to: MadeSession.exportAt130, index: 130),
        Winding(from: MadeSession.exportAt130, to: MadeSession.exportAt256, index: 256),
        Winding(from: MadeSession.exportAt256, to: MadeSession.exportAt1000, index: 1000),
        Winding(from: JavaScriptSession.exportAt0, to: JavaScriptSession.exportAt1, index: 1),
    ]

    @Test("A key wound forward is the published key at that index", arguments: windings)
    func winding(_ winding: Winding) throws {
        let key = try ExportedSessionKey(winding.from)
        let wound = try key.wound(toIndex: winding.index)
        #expect(wound.text == winding.to)
        #expect(wound.firstKnownIndex == MessageIndex(winding.index))
        #expect(wound.sessionID == key.sessionID)
        #expect(try wound.isIdentical(to: ExportedSessionKey(winding.to)))
        #expect(key.text == winding.from)
    }

    @Test("A key is not wound back")
    func notBack() throws {
        let key = try ExportedSessionKey(MadeSession.exportAt256)
        for index in [UInt32(0), 255] {
            #expect(throws: MegolmError.unknownIndex(asked: index, firstKnown: 256)) {
                try key.wound(toIndex: index)
            }
        }
    }

    @Test(
        "The session id and the index are read from the key itself",
        arguments: [
            (MadeSession.exportAt0, MadeSession.sessionID, 0),
            (MadeSession.exportAt1000, MadeSession.sessionID, 1000),
            (JavaScriptSession.exportAt1, JavaScriptSession.sessionID, 1),
            (LibolmSession.exportAt0x1041506, LibolmSession.sessionID, 0x1041506),
        ] as [(String, String, UInt32)])
    func identity(_ text: String, _ sessionID: String, _ index: UInt32) throws {
        let key = try ExportedSessionKey(text)
        #expect(key.sessionID.text == sessionID)
        #expect(key.firstKnownIndex.value == index)
    }

    // MARK: The signed form

    @Test("A signed key becomes the export at its index")
    func signedKey() throws {
        let bytes = try decoded(MadeSession.signed)
        #expect(try export(bytes).text == MadeSession.exportAt0)
    }

    @Test("libolm's signed key, wound far forward, is libolm's export")
    func libolmSignedKey() throws {
        let bytes = try decoded(LibolmSession.signed)
        let key = try export(bytes)
        #expect(key.sessionID.text == LibolmSession.sessionID)
        #expect(try key.wound(toIndex: 0x1041506).text == LibolmSession.exportAt0x1041506)
    }

    @Test("A signed key with one bit changed anywhere is refused", arguments: 0..<229)
    func signedKeyChanged(_ offset: Int) throws {
        var bytes = try decoded(MadeSession.signed)
        bytes[offset] ^= 0x08
        let error = #expect(throws: MegolmError.self) { try export(bytes) }
        switch offset {
        case 0: #expect(error == .wrongVersion(expected: 2, actual: 10))
        case 1: #expect(error == .indexTooHigh(index: 0x0800_0000, limit: 1 << 24))
        case 133..<165: #expect(error == .badSignature || error == .invalidSigningKey)
        default: #expect(error == .badSignature)
        }
    }

    @Test("A signed key of another size or version is refused")
    func signedKeyShape() throws {
        let bytes = try decoded(MadeSession.signed)
        #expect(throws: MegolmError.wrongByteCount(expected: 229, actual: 228)) {
            try export(Array(bytes.dropLast()))
        }
        #expect(throws: MegolmError.wrongByteCount(expected: 229, actual: 230)) {
            try export(bytes + [0])
        }
        #expect(throws: MegolmError.wrongByteCount(expected: 229, actual: 165)) {
            try export(ExportedSessionKey(MadeSession.exportAt0).array)
        }
        #expect(throws: MegolmError.wrongVersion(expected: 2, actual: 1)) {
            try export([1] + bytes.dropFirst())
        }
    }

    private func export(_ bytes: [UInt8]) throws(MegolmError) -> ExportedSessionKey {
        try SessionKey.export(bytes: bytes.span)
    }

    // MARK: Shape

    struct Bad: Sendable, CustomTestStringConvertible {
        let what: String
        let text: String
        let error: MegolmError
        var testDescription: String { what }
    }

    static let bad = [
        Bad(what: "empty", text: "", error: .wrongByteCount(expected: 165, actual: 0)),
        Bad(
            what: "the signed form", text: MadeSession.signed,
            error: .wrongByteCount(expected: 165, actual: 229)),
        Bad(
            what: "164 bytes", text: String(MadeSession.exportAt0.dropLast(1)),
            error: .notBase64),
        Bad(
            what: "162 bytes", text: String(MadeSession.exportAt0.dropLast(4)),
            error: .wrongByteCount(expected: 165, actual: 162)),
        Bad(
            what: "three bytes behind", text: MadeSession.exportAt0 + "AAAA",
            error: .wrongByteCount(expected: 165, actual: 168)),
        Bad(what: "one character behind", text: MadeSession.exportAt0 + "A", error: .notBase64),
        Bad(what: "padding", text: MadeSession.exportAt0 + "=", error: .notBase64),
        Bad(what: "four of padding", text: MadeSession.exportAt0 + "====", error: .notBase64),
        Bad(what: "a line feed behind", text: MadeSession.exportAt0 + "\n", error: .notBase64),
        Bad(what: "a space before", text: " " + MadeSession.exportAt0, error: .notBase64),
        Bad(
            what: "a character libolm lets pass",
            text: MadeSession.exportAt0.replacing("QERI", with: "QE!I", maxReplacements: 1),
            error: .notBase64),
        Bad(
            what: "the URL alphabet", text: MadeSession.exportAt0.replacing("/", with: "_"),
            error: .notBase64),
        Bad(
            what: "a zero byte", text: MadeSession.exportAt0.dropLast() + "\0", error: .notBase64),
        Bad(
            what: "version 2 in 165 bytes", text: "Ag" + MadeSession.exportAt0.dropFirst(2),
            error: .wrongVersion(expected: 1, actual: 2)),
        Bad(
            what: "version 3", text: "Aw" + MadeSession.exportAt0.dropFirst(2),
            error: .wrongVersion(expected: 1, actual: 3)),
        Bad(
            what: "version 0", text: "AA" + MadeSession.exportAt0.dropFirst(2),
            error: .wrongVersion(expected: 1, actual: 0)),
        Bad(
            what: "an index above the usual limit", text: LibolmSession.exportAt0x1041506,
            error: .indexTooHigh(index: 0x1041506, limit: 1 << 24)),
        Bad(
            what: "the highest index", text: "Af////8" + MadeSession.exportAt0.dropFirst(7),
            error: .indexTooHigh(index: .max, limit: 1 << 24)),
        Bad(
            what: "a small-order signing key", text: ForgedSession.export,
            error: .invalidSigningKey),
    ]

    @Test("A key of the wrong shape is refused as what it is", arguments: bad)
    func shape(_ bad: Bad) {
        #expect(throws: bad.error) { try ExportedSessionKey(bad.text, limit: 1 << 24) }
    }

    @Test("The limit itself is accepted, one above is not")
    func limit() throws {
        let ratchet = [UInt8](repeating: 7, count: 128)
        let key = try ExportedSessionKey(ratchet: ratchet, index: 1000)
        #expect(try ExportedSessionKey(key.array, limit: 1000).firstKnownIndex.value == 1000)
        #expect(throws: MegolmError.indexTooHigh(index: 1000, limit: 999)) {
            try ExportedSessionKey(key.array, limit: 999)
        }
    }

    @Test("Printing a key shows none of it")
    func printing() throws {
        let key = try ExportedSessionKey(MadeSession.exportAt0)
        var dumped = ""
        dump(key, to: &dumped)
        for shown in [dumped, "\(key)", String(reflecting: key)] {
            #expect(!shown.contains("16, 17, 18"))
            #expect(!shown.contains("10111213"))
            #expect(!shown.contains("QERITFBUW"))
        }
    }

    // MARK: Signing keys

    /// A point that no session may have for its key.
    struct Point: Sendable, CustomTestStringConvertible {
        let what: String
        let bytes: [UInt8]

        init(_ what: String, _ hexadecimal: String) {
            self.what = what
            bytes = bytesOf(hexadecimal) ?? []
        }

        init(_ what: String, bytes: [UInt8]) {
            self.what = what
            self.bytes = bytes
        }

        var testDescription: String { what }
    }

    private static let zeros = String(repeating: "00", count: 31)
    private static let highs = String(repeating: "ff", count: 30)

    static let smallOrder = [
        Point("order 1", "01" + zeros),
        Point("order 2", "ec" + highs + "7f"),
        Point("order 4", zeros + "80"),
        Point("order 4, the other", zeros + "00"),
        Point("order 8, 1st", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        Point("order 8, 2nd", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
        Point("order 8, 3rd", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        Point("order 8, 4th", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    ]

    /// y from p to 2²⁵⁵ − 1, with both signs.
    static let notCanonical = (UInt8(0xed)...0xff).flatMap { low in
        [UInt8(0x7f), 0xff].map { high in
            Point(
                "y = p + \(low - 0xed), sign \(high >> 7)",
                bytes: [low] + [UInt8](repeating: 0xff, count: 30) + [high])
        }
    }

    /// The made session's key with each point of the torsion group added.
    static let mixedOrder = [
        Point("T", "b502ff3d92e31d8190b4aa4ea0414005167fad089c4de9dac8a2fc850fed4f58"),
        Point("2T", "8b2a59ac4324b312dd8d7e5480f0d2e11412b04eeb4e515268a730a951142b6c"),
        Point("3T", "b154bd62188ae283dd187fefe8c31f5e276edf083b4cff11c9d5cff856c74440"),
        Point("4T", "ea5ef8400c31ef41e28f22e718b43f66981b29cf645af2a0e223799bedaace47"),
        Point("5T", "38fd00c26d1ce27e6f4b55b15fbebffae98052f763b21625375d037af012b0a7"),
        Point("6T", "62d5a653bcdb4ced227281ab7f0f2d1eebed4fb114b1aead9758cf56aeebd493"),
        Point("7T", "3cab429de7751d7c22e78010173ce0a1d89120f7c4b300ee362a3007a938bbbf"),
    ]

    static let noPoint = [
        Point("y = 2", "02" + zeros), Point("y = 2, sign 1", "02" + zeros.dropLast(2) + "80"),
        Point("x = 0, sign 1", "01" + zeros.dropLast(2) + "80"),
    ]

    @Test(
        "A session key that is no canonical point of prime order is refused",
        arguments: smallOrder + notCanonical + mixedOrder + noPoint)
    func signingKeys(_ point: Point) throws {
        try #require(point.bytes.count == 32)
        let ratchet = [UInt8](repeating: 7, count: 128)
        #expect(throws: MegolmError.invalidSigningKey) {
            try ExportedSessionKey(ratchet: ratchet, index: 0, signingKey: point.bytes)
        }
        let signed = [2, 0, 0, 0, 0] + ratchet + point.bytes + [UInt8](repeating: 0, count: 64)
        #expect(throws: MegolmError.invalidSigningKey) { try export(signed) }
    }

    @Test("The key that those points were made from is accepted")
    func goodSigningKey() throws {
        let key = try ExportedSessionKey(
            ratchet: [UInt8](repeating: 7, count: 128), index: 0, signingKey: madeSigningKey)
        #expect(key.sessionID.text == MadeSession.sessionID)
    }
}
