import Bytes
import Carriers
import Foundation
import TestSupport
import Testing

/// What is read, and what is not even opened.
@Suite struct InputFileTests {
    @Test func aFileIsReadAndReadAgain() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let file = try InputFile(path: try folder.write(bytes, to: "file"), limit: 1 << 20)
        #expect(file.byteCount == bytes.count)
        #expect(try file.readAll(limit: 1 << 20) == bytes)
        try file.rewind()
        #expect(try file.readAll(limit: 1 << 20) == bytes)
    }

    @Test func sizeIsJudgedBeforeReading() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([UInt8](repeating: 0, count: 11), to: "file")
        #expect(throws: CarrierError.tooLarge(byteCount: 11, limit: 10)) {
            try InputFile(path: path, limit: 10)
        }
    }

    @Test func otherThingsAreNoFiles() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CarrierError.missing) {
            try InputFile(path: folder.path("nothing"), limit: 10)
        }
        #expect(throws: CarrierError.notAFile) { try InputFile(path: folder.url.path, limit: 10) }
        #expect(throws: CarrierError.notAFile) { try InputFile(path: "/dev/zero", limit: 10) }
        #expect(throws: CarrierError.tooLarge(byteCount: 1 << 16, limit: 10)) {
            try InputFile(path: "/dev/zero", rules: .pipesInMemory, limit: 10)
        }
    }

    @Test func aLinkIsFollowedOnlyWhereItMayBe() throws {
        let folder = try TemporaryFolder()
        let target = try folder.write([1], to: "target")
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try InputFile(path: link, limit: 10).byteCount == 1)
        #expect(throws: CarrierError.symbolicLink) {
            try InputFile(path: link, rules: .noSymbolicLink, limit: 10)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o666, 0o620])
    func secretsOpenToOthersAreNotRead(mode: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1], to: "secret")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: CarrierError.openToOthers(mode: UInt32(mode))) {
            try InputFile(path: path, rules: .ownerOnly, limit: 10)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try InputFile(path: path, rules: .ownerOnly, limit: 10).byteCount == 1)
    }

    @Test func foldersAreTheOwnersAlone() throws {
        let folder = try TemporaryFolder()
        try Folder.make(folder.path("a/b/c"))
        try Folder.make(folder.path("a/b/c"))
        for name in ["a", "a/b", "a/b/c"] {
            let path = folder.path(name)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o700)
        }
    }
}
