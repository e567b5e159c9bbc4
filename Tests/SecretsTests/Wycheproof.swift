import Foundation
import TestSupport
import Testing

/// One test of a Wycheproof file, with the fields of its group that matter.
struct WycheproofCase: Decodable, Sendable, CustomTestStringConvertible {
    let tcId: Int
    let comment: String
    let result: String
    private let fields: [String: String]
    /// A number that stands beside the texts.
    let size: Int?

    var testDescription: String { "\(tcId) \(comment)" }
    var isValid: Bool { result == "valid" }

    /// The bytes of a hexadecimal field; empty where there is no such field.
    func bytes(_ name: String) -> [UInt8] {
        hex(fields[name] ?? "")
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        tcId = try container.decode(Int.self, forKey: Name(stringValue: "tcId"))
        comment = try container.decode(String.self, forKey: Name(stringValue: "comment"))
        result = try container.decode(String.self, forKey: Name(stringValue: "result"))
        size = try? container.decode(Int.self, forKey: Name(stringValue: "size"))
        var fields: [String: String] = [:]
        for key in container.allKeys {
            fields[key.stringValue] = try? container.decode(String.self, forKey: key)
        }
        self.fields = fields
    }
}

/// A group of tests under the same parameters.
struct WycheproofGroup: Decodable, Sendable {
    struct Key: Decodable, Sendable {
        let pk: String
    }

    let tests: [WycheproofCase]
    let publicKey: Key?
    /// In bits, as the files have them.
    let ivSize: Int?
    let tagSize: Int?
}

/// The outside vectors of one algorithm.
enum Wycheproof {
    static var isPresent: Bool { PackageFolder.vectors != nil }

    static func groups(_ name: String) -> [WycheproofGroup] {
        struct File: Decodable { let testGroups: [WycheproofGroup] }
        guard let folder = PackageFolder.vectors,
            let data = try? Data(
                contentsOf: folder.appending(path: "wycheproof/\(name)_test.json")),
            let file = try? JSONDecoder().decode(File.self, from: data)
        else { return [] }
        return file.testGroups
    }

    static func cases(_ name: String) -> [WycheproofCase] {
        groups(name).flatMap(\.tests)
    }
}
