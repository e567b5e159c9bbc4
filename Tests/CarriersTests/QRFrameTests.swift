import Bytes
import Carriers
import Secrets
import TestSupport
import Testing

/// One frame: what it writes, and one case for each rule of reading.
@Suite struct QRFrameTests {
    private static func header(
        id: UInt64 = 1, partCount: Int = 2, total: Int = 13
    ) throws -> QRTransferHeader {
        try QRTransferHeader(id: id, partCount: partCount, total: total)
    }

    /// The text of a frame whose fields may be wrong, with the right checksum.
    private static func text(
        first: UInt8 = 0x10, partCount: UInt16 = 2, index: UInt16 = 0, total: UInt32 = 13,
        body: Int = 8
    ) -> String {
        var bytes: [UInt8] = [first, 0, 0, 0, 0, 0, 0, 0, 1]
        bytes.append(bigEndian: partCount)
        bytes.append(bigEndian: index)
        bytes += [UInt8(total >> 16), UInt8(total >> 8 & 255), UInt8(total & 255)]
        bytes += [UInt8](repeating: 7, count: body)
        bytes.append(bigEndian: CRC32.checksum(bytes))
        return "HEIR1:" + Base32.encode(bytes)
    }

    @Test func readsWhatItWrites() throws {
        for (count, parts) in [(1, 1), (2, 1), (2, 2), (13, 2), (2660, 1), (1 << 20, 1024)] {
            let header = try Self.header(id: .max, partCount: parts, total: count)
            for index in [0, parts, 65_535] {
                let body = FixedRandomSource.bytes(header.bodyByteCount, number: 3)
                let frame = try QRFrame(transfer: header, index: index, body: body)
                #expect(try QRFrame(text: frame.text) == frame)
                #expect(
                    frame.text.utf8.count
                        == QRFrame.characterCount(bodyByteCount: header.bodyByteCount))
            }
        }
        let largest = QRFrame.characterCount(bodyByteCount: QRFrame.maximumBodyByteCount)
        #expect(largest <= QRFrame.maximumCharacterCount)
        #expect(
            QRFrame.characterCount(bodyByteCount: QRFrame.maximumBodyByteCount + 2)
                > QRFrame.maximumCharacterCount)
    }

    @Test(
        "each wrong field has its error",
        arguments: [
            (text(), nil),
            (text(first: 0x00), .otherVersion(0)),
            (text(first: 0xF0), .otherVersion(15)),
            (text(first: 0x11), .reservedBits(1)),
            (text(partCount: 0), .partCount(0, limit: 1024)),
            (text(partCount: 1025, total: 2050, body: 2), .partCount(1025, limit: 1024)),
            (text(total: 0), .total(byteCount: 0, limit: 1 << 20)),
            (text(total: 1 << 20 | 1), .total(byteCount: 1 << 20 | 1, limit: 1 << 20)),
            (
                text(partCount: 9, total: 8, body: 2),
                .morePartsThanBytes(partCount: 9, byteCount: 8)
            ),
            (text(body: 6), .bodyLength(byteCount: 6, expected: 8)),
            (text(body: 9), .bodyLength(byteCount: 9, expected: 8)),
            (text(body: 1), .tooShort(byteCount: 21, minimum: 22)),
            ("", .otherPrefix),
            ("HEIR1", .otherPrefix),
            ("heir1:" + text().dropFirst(6), .otherPrefix),
            ("HEIR2:" + text().dropFirst(6), .otherPrefix),
            ("HEIR1:", .tooShort(byteCount: 0, minimum: 22)),
            ("HEIR1:" + text().dropFirst(6).lowercased(), .alphabet(position: 6)),
            (text() + "=", .alphabet(position: 51)),
            (text() + "\n", .alphabet(position: 51)),
            (String(text().prefix(47)), .danglingCharacter),
            ("HEIR1:AB", .unusedBits),
            (text().replacing("HEIR1:CA", with: "HEIR1:CE"), .checksum),
            (String(repeating: "A", count: 4297), .tooLong(characterCount: 4297, limit: 4296)),
            (String(repeating: "A", count: 4296), .otherPrefix),
        ] as [(String, QRFrameError?)])
    func errors(text: String, error: QRFrameError?) throws {
        if let error {
            #expect(throws: error) { try QRFrame(text: text) }
        } else {
            #expect(try QRFrame(text: text).text == text)
        }
    }

    @Test func makesNoFrameThatItWouldNotRead() throws {
        let header = try Self.header()
        let body = [UInt8](repeating: 0, count: 8)
        for index in [-1, 65_536] {
            #expect(throws: QRFrameError.index(index, limit: 65_535)) {
                try QRFrame(transfer: header, index: index, body: body)
            }
        }
        #expect(throws: QRFrameError.bodyLength(byteCount: 7, expected: 8)) {
            try QRFrame(transfer: header, index: 0, body: Array(body.dropLast()))
        }
        let wide = try Self.header(partCount: 1, total: 2661)
        #expect(throws: QRFrameError.bodyLength(byteCount: 2662, expected: 2660)) {
            try QRFrame(transfer: wide, index: 0, body: [UInt8](repeating: 0, count: 2662))
        }
        #expect(throws: QRFrameError.partCount(-1, limit: 1024)) { try Self.header(partCount: -1) }
        #expect(throws: QRFrameError.total(byteCount: -1, limit: 1 << 20)) {
            try Self.header(total: -1)
        }
    }

    /// A checksum of 32 bits finds every change of one bit and every exchange of one character.
    @Test func everyChangeOfACharacterIsFound() {
        let text = Array(Self.text().utf8)
        for place in text.indices.dropFirst(6) {
            for other in "AQZ27" where other.asciiValue != text[place] {
                var changed = text
                changed[place] = other.asciiValue ?? 0
                #expect(throws: QRFrameError.self) {
                    try QRFrame(text: String(decoding: changed, as: UTF8.self))
                }
            }
        }
        for count in 0..<text.count {
            #expect(throws: QRFrameError.self) {
                try QRFrame(text: String(decoding: text[..<count], as: UTF8.self))
            }
        }
    }

    @Test func sentencesNameTheFacts() {
        #expect(
            "\(QRFrameError.line(number: 3, .partCount(0, limit: 1024)))"
                == "line 3: the frame states 0 parts, expected 1 to 1024")
    }
}
