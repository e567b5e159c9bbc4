import Bytes
import Foundation
import TestSupport
import Testing

@testable import Sealing

/// One file of the age test kit: a few facts, an empty line, and the sealed file.
struct AgeVector: Sendable, CustomTestStringConvertible {
    let name: String
    /// The kit's own word for what must come of it.
    let expected: String
    /// SHA-256 of the plaintext that may be released, where the kit gives one.
    let released: [UInt8]?
    let isArmored: Bool
    let file: [UInt8]
    private let identities: [String]

    var testDescription: String { name }

    /// The X25519 keys it is to be opened with; passphrases and hybrid keys are nothing to us.
    var keys: [AgeSecretKey] {
        identities.compactMap { try? AgeSecretKey(text: Array($0.utf8).span) }
    }

    /// The layer that must refuse the file, `nil` where it must open.
    var layer: SealingError.Layer? {
        if Self.rederived[name] != nil { return .noMatch }
        return switch expected {
        case "header failure": .header
        case "no match": .noMatch
        case "HMAC failure": .hmac
        case "payload failure": .payload
        case "armor failure": .armor
        default: nil
        }
    }

    static let all: [AgeVector] = {
        guard let folder = PackageFolder.vectors?.appending(path: "age-testkit"),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        else { return [] }
        return names.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appending(path: name)) else {
                return nil
            }
            return AgeVector(name: name, [UInt8](data))
        }
    }()

    private init?(name: String, _ bytes: [UInt8]) {
        var facts: [String: [String]] = [:]
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            if parts.count == 2 { facts[parts[0], default: []].append(parts[1]) }
        }
        guard let expected = facts["expect"]?.first else { return nil }
        self.name = name
        self.expected = expected
        released = facts["payload"]?.first.map(hex)
        isArmored = facts["armored"] != nil
        identities = facts["identity"] ?? []
        if facts["compressed"] == nil {
            file = Array(rest)
        } else {
            guard let inflated = inflate(zlib: Array(rest)) else { return nil }
            file = inflated
        }
    }
}

extension AgeVector {
    /// The vectors whose expectation was made for a reader that also knows passphrases or hybrid keys,
    /// with the reason why this reader answers "no match" to them.
    static let rederived: [String: String] = {
        let passphrase =
            "a lone scrypt stanza is of a type unknown here, so nothing in it is judged"
        let hybrid = "a hybrid stanza is of a type unknown here, so nothing in it is judged"
        let keyless = "its X25519 stanza is for somebody else; only the hybrid key would open it"
        let passphraseNames = [
            "armor_scrypt", "scrypt", "scrypt_extra_argument", "scrypt_long_file_key",
            "scrypt_not_canonical_salt", "scrypt_salt_long", "scrypt_salt_missing",
            "scrypt_salt_short", "scrypt_work_factor_23", "scrypt_work_factor_hex",
            "scrypt_work_factor_leading_garbage", "scrypt_work_factor_leading_plus",
            "scrypt_work_factor_leading_zero_decimal", "scrypt_work_factor_leading_zero_octal",
            "scrypt_work_factor_missing", "scrypt_work_factor_negative",
            "scrypt_work_factor_overflow", "scrypt_work_factor_trailing_garbage",
            "scrypt_work_factor_zero",
        ]
        let hybridNames = [
            "armor_hybrid", "hybrid", "hybrid_extra_argument", "hybrid_grease", "hybrid_identity",
            "hybrid_long_file_key", "hybrid_long_share", "hybrid_low_order",
            "hybrid_multiple_recipients", "hybrid_not_canonical_enc", "hybrid_short_share",
        ]
        var table = ["hybrid_and_x25519": keyless]
        for name in passphraseNames { table[name] = passphrase }
        for name in hybridNames { table[name] = hybrid }
        return table
    }()
}

/// Inflates a zlib stream with the system's `gzip`.
///
/// That reads the same compressed bytes behind another header. It misses its own trailer and says so;
/// the vectors' hashes check the bytes.
private func inflate(zlib: [UInt8]) -> [UInt8]? {
    let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    guard let gzip = Program("gzip"), let folder = try? TemporaryFolder(),
        let input = try? folder.write(header + zlib.dropFirst(2), to: "in.gz")
    else { return nil }
    _ = try? gzip.run(["-dc", input], output: folder.path("out"))
    return try? folder.read("out")
}
