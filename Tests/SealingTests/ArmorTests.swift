import Bytes
import TestSupport
import Testing

@testable import Sealing

/// Armor beyond the age test kit.
struct ArmorTests {
    private let key = newKey(1)

    @Test("out-25: text before or behind armor is refused as armor") func surroundingText() throws {
        let armored = armor(try seal([1, 2, 3], to: [key.recipient]))
        #expect(open(armored, with: [key]).plaintext == [1, 2, 3])
        let before = open(Array("Here it is:\n".utf8) + armored, with: [key])
        #expect(before.failure == .malformedArmor(line: 1))
        let behind = open(armored + Array("\nYours\n".utf8), with: [key])
        #expect(behind.failure?.layer == .armor)
    }

    @Test("out-26: armor of 3 MiB") func tooLarge() {
        let line = String(repeating: "A", count: 64) + "\n"
        let text =
            "-----BEGIN AGE ENCRYPTED FILE-----\n" + String(repeating: line, count: 48 << 10)
        #expect(open(Array(text.utf8), with: [key]).failure == .armorTooLarge(limit: 2 << 20))
    }

    @Test("armor without its last line, or with nothing but white space") func cut() {
        let start = Array("-----BEGIN AGE ENCRYPTED FILE-----\n".utf8)
        #expect(open(start, with: [key]).failure == .armorEndsEarly)
        let onlySpace = MemorySource(Array(" \n\t\r\n".utf8))
        #expect(throws: SealingError.armorEndsEarly) { _ = try Armor(source: onlySpace) }
    }

    /// As age writes it.
    private func armor(_ bytes: [UInt8]) -> [UInt8] {
        var body = Base64.encode(bytes)
        while body.count % 4 != 0 { body.append(UInt8(ascii: "=")) }
        var text = Array("-----BEGIN AGE ENCRYPTED FILE-----\n".utf8)
        for start in stride(from: 0, to: body.count, by: 64) {
            text += body[start..<min(start + 64, body.count)] + [10]
        }
        return text + Array("-----END AGE ENCRYPTED FILE-----\n".utf8)
    }
}
