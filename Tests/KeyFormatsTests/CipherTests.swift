import Bytes
import Foundation
import KeyFormats
import Secrets
import TestSupport
import Testing

/// The older ciphers against outside vectors and against each other.
@Suite struct CipherTests {
    // MARK: Counter mode

    /// NIST SP 800-38A, F.5.5.
    @Test func nist() {
        let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
        let counter = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
        let plaintext = hex(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
        let ciphertext = hex(
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6")
        #expect(Self.apply(plaintext, key: key, counter: counter) == ciphertext)
        #expect(Self.apply(ciphertext, key: key, counter: counter) == plaintext)
    }

    struct Start: Sendable, CustomTestStringConvertible {
        let counter: String
        let width: AESCounterMode.CounterWidth
        var testDescription: String { "\(counter) \(width)" }
    }

    static let starts: [Start] = [
        "00000000000000000000000000000000", "0000000000000000fffffffffffffffc",
        "00000000ffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff",
        "fffffffffffffffffffffffffffffffe", "0123456789abcdef7fffffffffffffff",
        "ffffffffffffffff0000000000000000",
    ].flatMap { [Start(counter: $0, width: .bits128), Start(counter: $0, width: .bits64)] }

    /// Against a key stream made block by block, the carry counted here.
    @Test("the counter's carry", arguments: starts)
    func carry(_ start: Start) throws {
        let key = FixedRandomSource.bytes(32, number: 7)
        let text = FixedRandomSource.bytes(16 * 9 + 5, number: 8)
        var counter = hex(start.counter)
        var expected: [UInt8] = []
        for position in stride(from: 0, to: text.count, by: 16) {
            let block = try AESBlockChaining.encrypt(
                counter.span, key: key.span, initialVector: [UInt8](repeating: 0, count: 16))
            expected += zip(text[position...], block.prefix(16)).map { $0 ^ $1 }
            for place in stride(from: 15, through: start.width == .bits64 ? 8 : 0, by: -1) {
                counter[place] &+= 1
                if counter[place] != 0 { break }
            }
        }
        #expect(
            Self.apply(text, key: key, counter: hex(start.counter), width: start.width) == expected)
    }

    @Test("in pieces as in one go", arguments: [16, 32, 48, 160, 992, 4096])
    func pieces(_ pieceByteCount: Int) {
        let key = FixedRandomSource.bytes(32, number: 9)
        let text = FixedRandomSource.bytes(5003, number: 10)
        for start in Self.starts {
            let counter = hex(start.counter)
            let whole = Self.apply(text, key: key, counter: counter, width: start.width)
            let pieces = Self.apply(
                text, key: key, counter: counter, width: start.width,
                pieceByteCount: pieceByteCount)
            #expect(pieces == whole, "\(start)")
        }
    }

    @Test func widthsDifferOnlyBehindTheOverflow() {
        let key = FixedRandomSource.bytes(32, number: 11)
        let text = [UInt8](repeating: 0, count: 64)
        let counter = hex("0000000000000000fffffffffffffffe")
        let narrow = Self.apply(text, key: key, counter: counter, width: .bits64)
        let wide = Self.apply(text, key: key, counter: counter, width: .bits128)
        #expect(narrow[..<32] == wide[..<32])
        #expect(narrow[32..<48] != wide[32..<48])
        #expect(narrow[48...] != wide[48...])
    }

    private static func apply(
        _ text: [UInt8], key: [UInt8], counter: [UInt8],
        width: AESCounterMode.CounterWidth = .bits128, pieceByteCount: Int = .max
    ) -> [UInt8] {
        var cipher = AESCounterMode(key: key.span, initialCounter: counter, width: width)
        var text = text
        var span = text.mutableSpan
        var position = 0
        while position < span.count {
            let end = position + min(pieceByteCount, span.count - position)
            var piece = span.slice(position..<end)
            cipher.apply(to: &piece)
            position = end
        }
        return text
    }

    // MARK: Wycheproof

    struct Wycheproof: Decodable, Sendable {
        struct Group: Decodable, Sendable {
            let tests: [Vector]
        }

        struct Vector: Decodable, Sendable, CustomTestStringConvertible {
            let tcId: Int
            let comment: String
            let result: String
            // PBKDF2.
            let password: String?
            let salt: String?
            let iterationCount: UInt32?
            let dkLen: Int?
            let dk: String?
            // AES-CBC.
            let key: String?
            let iv: String?
            let msg: String?
            let ct: String?

            var testDescription: String { "\(tcId) \(comment)" }
        }

        let testGroups: [Group]

        static func vectors(_ name: String) -> [Vector] {
            guard let folder = PackageFolder.vectors,
                let data = try? Data(
                    contentsOf: folder.appending(path: "wycheproof/\(name)_test.json")),
                let file = try? JSONDecoder().decode(Self.self, from: data)
            else { return [] }
            return file.testGroups.flatMap(\.tests)
        }
    }

    static var haveVectors: Bool { PackageFolder.vectors != nil }

    @Test(
        "PBKDF2 with HMAC-SHA-512",
        .enabled(if: haveVectors, "no shared/vectors beside the package"),
        arguments: Wycheproof.vectors("pbkdf2_hmacsha512"))
    func pbkdf2(_ vector: Wycheproof.Vector) throws {
        let password = hex(try #require(vector.password))
        let derived = try PBKDF2SHA512.derive(
            from: password.span, salt: hex(try #require(vector.salt)),
            rounds: try #require(vector.iterationCount), byteCount: try #require(vector.dkLen))
        #expect(vector.result == "valid")
        #expect([UInt8](derived.bytes) == hex(try #require(vector.dk)))
    }

    @Test(
        "AES-CBC with PKCS#5 padding",
        .enabled(if: haveVectors, "no shared/vectors beside the package"),
        arguments: Wycheproof.vectors("aes_cbc_pkcs5"))
    func cbc(_ vector: Wycheproof.Vector) throws {
        let key = hex(try #require(vector.key))
        let initialVector = hex(try #require(vector.iv))
        let ciphertext = hex(try #require(vector.ct))
        let plaintext = hex(try #require(vector.msg))
        func decrypt() throws(KeyFormatError) -> [UInt8] {
            let text = try AESBlockChaining.decrypt(
                ciphertext.span, key: key.span, initialVector: initialVector)
            return [UInt8](text.bytes)
        }
        guard vector.result == "valid" else {
            #expect(throws: KeyFormatError.cipherRefused) { try decrypt() }
            return
        }
        #expect(try decrypt() == plaintext)
        let sealed = try AESBlockChaining.encrypt(
            plaintext.span, key: key.span, initialVector: initialVector)
        #expect(sealed == ciphertext)
    }

    @Test(
        "the files have as many vectors as were counted on",
        .enabled(if: haveVectors, "no shared/vectors beside the package"),
        arguments: [("pbkdf2_hmacsha512", 58, 0), ("aes_cbc_pkcs5", 216, 144)])
    func counts(_ name: String, _ count: Int, _ invalid: Int) {
        let vectors = Wycheproof.vectors(name)
        #expect(vectors.count == count)
        #expect(vectors.count { $0.result == "invalid" } == invalid)
    }

    // MARK: Sizes

    @Test(
        "wrong sizes are refused",
        arguments: [(31, 16, 16), (33, 16, 16), (32, 15, 16), (32, 16, 15)])
    func sizes(_ key: Int, _ vector: Int, _ text: Int) {
        let bytes = [UInt8](repeating: 0, count: 33)
        #expect(throws: KeyFormatError.cipherRefused) {
            _ = try AESBlockChaining.decrypt(
                bytes.span.extracting(first: text), key: bytes.span.extracting(first: key),
                initialVector: Array(bytes[..<vector]))
        }
    }

    @Test func emptyCiphertextIsRefused() {
        let key = [UInt8](repeating: 0, count: 32)
        #expect(throws: KeyFormatError.cipherRefused) {
            _ = try AESBlockChaining.decrypt(
                [UInt8]().span, key: key.span, initialVector: [UInt8](repeating: 0, count: 16))
        }
    }

    @Test func zeroRoundsAreRefused() {
        #expect(throws: KeyFormatError.derivationFailed) {
            _ = try PBKDF2SHA512.derive(
                from: [UInt8]().span, salt: [1], rounds: 0, byteCount: 64)
        }
    }
}
