import Bytes
import Carriers
import Secrets
import TestSupport
import Testing

/// Base32, the checksum, the field and the code over it, against slow arithmetic and known values.
@Suite struct QRArithmeticTests {
    @Test(
        "RFC 4648 §10, without =",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
        ])
    func base32(plain: String, text: String) throws {
        #expect(Base32.encode(Array(plain.utf8)) == text)
        #expect(try Base32.decode(text.utf8) == Array(plain.utf8))
        #expect(Base32.characterCount(byteCount: plain.utf8.count) == text.utf8.count)
    }

    @Test func base32HasOneTextForOneRunOfBytes() throws {
        for count in 0..<40 {
            let bytes = FixedRandomSource.bytes(count, number: UInt64(count))
            #expect(try Base32.decode(Base32.encode(bytes).utf8) == bytes)
        }
        #expect(throws: QRFrameError.alphabet(position: 2)) { try Base32.decode("MY=".utf8) }
        #expect(throws: QRFrameError.alphabet(position: 0)) { try Base32.decode("my".utf8) }
        #expect(throws: QRFrameError.danglingCharacter) { try Base32.decode("M".utf8) }
        #expect(throws: QRFrameError.danglingCharacter) { try Base32.decode("MZX".utf8) }
        #expect(throws: QRFrameError.danglingCharacter) { try Base32.decode("MZXW6Y".utf8) }
        #expect(throws: QRFrameError.unusedBits) { try Base32.decode("MZ".utf8) }
    }

    @Test func checksumOfTheCatalogue() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }

    /// Long multiplication, bit by bit.
    private static func slowProduct(_ left: UInt16, _ right: UInt16) -> UInt16 {
        var (sum, shifted) = (UInt32(0), UInt32(left))
        for bit in 0..<16 {
            if right >> UInt16(bit) & 1 == 1 { sum ^= shifted }
            shifted <<= 1
            if shifted > 0xFFFF { shifted ^= 0x1_100B }
        }
        return UInt16(sum)
    }

    @Test func productsAreThoseOfLongMultiplication() {
        let words = FixedRandomSource.bytes(4000, number: 1).span
        for offset in stride(from: 0, to: words.count, by: 4) {
            let left = words.bigEndian(at: offset, as: UInt16.self)
            let right = words.bigEndian(at: offset + 2, as: UInt16.self)
            #expect(GaloisField16.product(left, right) == Self.slowProduct(left, right))
        }
        #expect(GaloisField16.product(0, 7) == 0)
        #expect(GaloisField16.product(7, 0) == 0)
    }

    @Test func everyElementHasItsInverse() {
        let wrong = (1...UInt16.max).filter {
            GaloisField16.product($0, GaloisField16.inverse($0)) != 1
        }
        #expect(wrong.isEmpty)
    }

    /// Every choice of 4 of 9 parts, which is every square piece of the matrix up to 4 by 4.
    @Test func everyChoiceOfPartsGivesTheDataBack() {
        let words = FixedRandomSource.bytes(4 * 6, number: 2).map { UInt16($0) << 7 ^ 0x5A }
        let parts = (0..<4).map { Array(words[$0 * 6..<$0 * 6 + 6]) }
        let all = parts + (0..<5).map { CauchyCode.parityPart($0, of: parts) }
        var choices = 0
        for mask in 0..<512 where mask.nonzeroBitCount == 4 {
            var held: [Int: [UInt16]] = [:]
            for index in 0..<9 where mask >> index & 1 == 1 { held[index] = all[index] }
            #expect(CauchyCode.dataParts(partCount: 4, from: held) == parts)
            held[held.keys.max() ?? 0] = nil
            #expect(CauchyCode.dataParts(partCount: 4, from: held) == nil)
            choices += 1
        }
        #expect(choices == 126)
    }

    @Test func theLastParityPartsCount() {
        let parts: [[UInt16]] = [[1, 2], [3, 0xFFFF]]
        let held = [
            65_535: CauchyCode.parityPart(65_533, of: parts),
            65_534: CauchyCode.parityPart(65_532, of: parts),
        ]
        #expect(CauchyCode.dataParts(partCount: 2, from: held) == parts)
    }
}
