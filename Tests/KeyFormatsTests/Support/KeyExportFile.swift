import Bytes
import Foundation
import KeyFormats
import Secrets
import Testing

/// A key export file made by hand, so that each part of it can be wrong.
struct KeyExportFile {
    /// How the payload is written down.
    struct Armor: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var columns: Int? = 128
        var newline = "\n"
        var isPadded = true
        var before = ""
        /// What stands behind the end line; a newline, by rights.
        var after = "\n"

        init(_ name: String) {
            testDescription = name
        }
    }

    static let begin = "-----BEGIN MEGOLM SESSION DATA-----"
    static let end = "-----END MEGOLM SESSION DATA-----"
    static let salt = [UInt8](0xa0..<0xb0)
    static let initialVector = [UInt8](0x70..<0x80)

    /// What is encoded: header, ciphertext, MAC.
    var payload: [UInt8]

    init(payload: [UInt8]) {
        self.payload = payload
    }

    init(
        _ plaintext: [UInt8], passphrase: [UInt8], rounds: UInt32 = 1, salt: [UInt8] = salt,
        initialVector: [UInt8] = initialVector, width: AESCounterMode.CounterWidth = .bits128
    ) throws {
        payload = [1] + salt + initialVector
        payload.append(bigEndian: rounds)
        let keys = try PBKDF2SHA512.derive(
            from: passphrase.span, salt: salt, rounds: rounds, byteCount: 64)
        var cipher = AESCounterMode(
            key: keys.bytes.extracting(0..<32), initialCounter: initialVector, width: width)
        var text = plaintext
        var span = text.mutableSpan
        cipher.apply(to: &span)
        payload += text
        let code = HMACSHA256.code(of: payload.span, key: keys.bytes.extracting(32..<64))
        payload.append(contentsOf: code.bytes)
    }

    /// The base64 of the payload, made by another library than the one under test.
    func base64(isPadded: Bool = true) -> String {
        let text = Data(payload).base64EncodedString()
        return isPadded ? text : text.replacingOccurrences(of: "=", with: "")
    }

    func text(_ armor: Armor = Armor("as we write it")) -> [UInt8] {
        let body = Array(base64(isPadded: armor.isPadded).utf8)
        var lines = [Self.begin]
        for start in stride(from: 0, to: body.count, by: armor.columns ?? max(body.count, 1)) {
            let end = min(body.count, start + (armor.columns ?? body.count))
            lines.append(String(decoding: body[start..<end], as: UTF8.self))
        }
        lines.append(Self.end)
        return Array((armor.before + lines.joined(separator: armor.newline) + armor.after).utf8)
    }
}

/// A passphrase as a test may hold it.
func secret(_ text: String) -> SecretBytes {
    secret(Array(text.utf8))
}

func secret(_ bytes: [UInt8]) -> SecretBytes {
    SecretBytes(copying: bytes.span)
}

/// What opening a file gave.
struct Opened: Equatable {
    let plaintext: [UInt8]
    let rounds: UInt32
    let spelling: KeyExport.PassphraseSpelling
    let byteCount: Int
}

/// Opens a file and reads all of its plaintext.
func open(
    _ source: any RewindableByteSource, passphrase: String,
    roundsLimit: UInt32 = KeyExport.usualRoundsLimit
) throws -> Opened {
    let opened = try KeyExport.open(
        source, passphrase: secret(passphrase), roundsLimit: roundsLimit)
    return Opened(
        plaintext: try opened.plaintext.readAll(limit: 1 << 28), rounds: opened.rounds,
        spelling: opened.spelling, byteCount: opened.byteCount)
}

func open(
    _ file: [UInt8], passphrase: String, roundsLimit: UInt32 = KeyExport.usualRoundsLimit
) throws -> Opened {
    try open(MemorySource(file), passphrase: passphrase, roundsLimit: roundsLimit)
}
