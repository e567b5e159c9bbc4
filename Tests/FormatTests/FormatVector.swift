import Foundation
import TestSupport
import Testing

/// One case of `formats/vectors`: header lines, an empty line, the bytes.
struct FormatVector: CustomTestStringConvertible, Sendable {
    let name: String
    let header: [String: String]
    let bytes: [UInt8]

    var testDescription: String { "\(name) → \(expect)" }
    var expect: String { header["expect"] ?? "" }

    init(name: String, file: [UInt8]) {
        self.name = name
        var header: [String: String] = [:]
        var start = 0
        while let end = file[start...].firstIndex(of: UInt8(ascii: "\n")), end > start {
            let line = String(decoding: file[start..<end], as: UTF8.self)
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            header[String(line[..<colon])] = String(line[colon...].dropFirst(2))
            start = end + 1
        }
        self.header = header
        bytes = Array(file[(start + 1)...])
    }

    /// Every case, in order of names.
    static let all: [FormatVector] = {
        let folder = PackageFolder.root.appending(path: "formats/vectors")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { !$0.contains(".") && !$0.hasPrefix("__") }.compactMap {
            name in
            let file = try? PackageFolder.bytes(of: "formats/vectors/" + name)
            return file.map { FormatVector(name: name, file: $0) }
        }
    }()

    static func all(ofKind kind: String?) -> [FormatVector] {
        all.filter { $0.header["kind"] == kind }
    }
}
