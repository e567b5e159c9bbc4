import Bytes
import Carriers
import Foundation
import TestSupport
import Testing

/// Files that appear whole or not at all.
@Suite struct OutputFileTests {
    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    @Test func nothingStandsUnderTheNameBeforeTheCommit() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("new")
        let file = try OutputFile(path: path)
        try file.write(Array("all of it".utf8))
        #expect(!exists(path))
        try file.commit()
        #expect(try folder.read("new") == Array("all of it".utf8))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func whatIsGivenUpLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try OutputFile(path: folder.path("new"))
            try file.write([UInt8](repeating: 7, count: 1 << 20))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func anExistingFileStays() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1, 2, 3], to: "old")
        #expect(throws: CarrierError.exists) { try OutputFile(path: path) }
        #expect(try folder.read("old") == [1, 2, 3])
    }

    @Test func aFileThatAppearsMeanwhileStays() throws {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder.path("new"))
        try file.write([9])
        _ = try folder.write([1], to: "new")
        #expect(throws: CarrierError.exists) { try file.commit() }
        #expect(try folder.read("new") == [1])
    }

    @Test func replacingReplacesWhole() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1, 2, 3], to: "old")
        let file = try OutputFile(path: path, replacing: true)
        try file.write([4])
        #expect(try folder.read("old") == [1, 2, 3])
        try file.commit()
        #expect(try folder.read("old") == [4])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["old"])
    }

    @Test func symbolicLinksAreNotWrittenThrough() throws {
        let folder = try TemporaryFolder()
        let target = try folder.write([1], to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: target)
        #expect(throws: CarrierError.exists) { try OutputFile(path: folder.path("link")) }
        #expect(throws: CarrierError.notAFile) {
            try OutputFile(path: folder.path("link"), replacing: true)
        }
        #expect(try folder.read("target") == [1])
    }

    @Test func aMissingFolderIsNamed() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CarrierError.noFolder) { try OutputFile(path: folder.path("no/such/file")) }
    }
}
