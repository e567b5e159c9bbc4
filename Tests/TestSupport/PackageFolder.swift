package import Foundation

/// The folders that tests read from.
package enum PackageFolder {
    /// Where `Package.swift` lies.
    package static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
        } while !exists(folder.appending(path: "Package.swift")) && folder.path != "/"
        return folder
    }()

    /// The folder of outside test vectors beside the package, where there is one.
    package static let vectors: URL? = {
        let folder = root.deletingLastPathComponent().appending(path: "shared/vectors")
        return exists(folder) ? folder : nil
    }()

    /// The bytes of a file under `root`.
    package static func bytes(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appending(path: path)))
    }

    private static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }
}
