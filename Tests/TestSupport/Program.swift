import Foundation

/// A program of the system, found on the path.
package struct Program: Sendable {
    private let url: URL

    /// `nil` where the system has no such program.
    package init?(_ name: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let found = path.split(separator: ":")
            .map { URL(fileURLWithPath: String($0)).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        guard let found else { return nil }
        url = found
    }

    /// Runs it to its end.
    ///
    /// - Returns: its exit status.
    package func run(_ arguments: [String], output: String? = nil) throws -> Int32 {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        if let output {
            _ = FileManager.default.createFile(atPath: output, contents: nil)
            process.standardOutput = FileHandle(forWritingAtPath: output)
        }
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
