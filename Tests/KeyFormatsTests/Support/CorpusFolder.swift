import Foundation
import TestSupport

/// Key files that real clients made: a few beside the tests, all of them beside the package.
enum CorpusFolder {
    /// The whole corpus, where it lies beside the package.
    static let shared: URL? = {
        let folder = PackageFolder.root.deletingLastPathComponent().appending(path: "shared/corpus")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    static var isPresent: Bool { shared != nil }

    /// A file that is copied beside the tests.
    static func bytes(_ name: String) throws -> [UInt8] {
        try PackageFolder.bytes(of: "Tests/KeyFormatsTests/Corpus/\(name)")
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    /// A file of the whole corpus.
    static func sharedBytes(_ name: String) throws -> [UInt8] {
        guard let shared else { throw CocoaError(.fileNoSuchFile) }
        return [UInt8](try Data(contentsOf: shared.appending(path: name)))
    }
}
