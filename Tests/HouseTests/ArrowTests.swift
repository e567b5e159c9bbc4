import Foundation
import TestSupport
import Testing

/// The arrows between rooms: what the sources import, held against the table in
/// `Sources/README.md`.
@Suite struct ArrowTests {
    /// What any room may import.
    static let free: Set = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]
    /// Module maps, which have no sources of their own.
    static let moduleMaps: Set = [
        "CSodium", "COlm", "CLinux", "CPNG", "CQRencode", "CTurboJPEG", "CZBar",
    ]

    /// Room → what it may import, from the map.
    static let table: [String: Set<String>] = {
        let lines = (try? text(of: "Sources/README.md"))?.split(separator: "\n") ?? []
        let rows = lines.drop { !$0.hasPrefix("| room | may import |") }.dropFirst(2)
        var table: [String: Set<String>] = [:]
        for row in rows.prefix(while: { $0.hasPrefix("|") }) {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 2 else { continue }
            let imports: [String] =
                switch cells[1] {
                case "–": []
                case "every room above": Array(table.keys)
                default: cells[1].components(separatedBy: ", ")
                }
            table[cells[0]] = Set(imports)
        }
        return table
    }()

    static let rooms: [String] = {
        let folder = PackageFolder.root.appending(path: "Sources").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.contains(".") && !moduleMaps.contains($0) }.sorted()
    }()

    @Test func theMapNamesEveryRoomAndNoOther() {
        #expect(Set(Self.table.keys) == Set(Self.rooms))
        #expect(Self.rooms.count > 10)
    }

    @Test("imports only what the map allows", arguments: rooms)
    func importsOnlyWhatTheMapAllows(room: String) throws {
        let allowed = try #require(Self.table[room]).union(Self.free)
        for file in try Self.sources(of: room) {
            for line in try Self.text(of: file).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count <= 3, let last = words.last,
                    words.first == "import" || words.dropFirst().first == "import"
                else { continue }
                #expect(allowed.contains(String(last)), "\(file)")
            }
        }
    }

    @Test("calls C only behind its wall", arguments: rooms)
    func callsCOnlyBehindItsWall(room: String) throws {
        for file in try Self.sources(of: room) {
            let code = try Self.text(of: file)
            if room != "Megolm" { #expect(!code.contains(" olm_"), "\(file)") }
            if room != "Secrets" { #expect(!code.contains("sodium_"), "\(file)") }
            if room != "Carriers" { #expect(!code.contains("zbar_"), "\(file)") }
            if room != "Archives" { #expect(!code.contains("SELECT "), "\(file)") }
        }
    }

    @Test("is no longer than a reader's patience", arguments: rooms)
    func isNoLongerThanAReadersPatience(room: String) throws {
        for file in try Self.sources(of: room) {
            let lines = try Self.text(of: file).split(
                separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 400 || file.hasSuffix("FingerprintWords.swift"), "\(file)")
        }
    }

    static func sources(of room: String) throws -> [String] {
        let folder = PackageFolder.root.appending(path: "Sources/\(room)").path
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return files.filter { $0.hasSuffix(".swift") }.map { "Sources/\(room)/\($0)" }
    }

    static func text(of path: String) throws -> String {
        String(decoding: try PackageFolder.bytes(of: path), as: UTF8.self)
    }
}
