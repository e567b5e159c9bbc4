package import Bytes
import Foundation

/// A file being read, opened once and never by name again, so that nobody can swap it in between.
package final class InputFile: RewindableByteSource {
    /// How far a caller trusts the name and the file.
    package struct Rules: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// The last part of the path must not be a symbolic link.
        package static let noSymbolicLink = Rules(rawValue: 1 << 0)
        /// Only its owner, who must be us, may read or write it: for files that hold secrets.
        package static let ownerOnly = Rules(rawValue: 1 << 1)
        /// Pipes are read whole into memory first: for `-` and for process substitution.
        package static let pipesInMemory = Rules(rawValue: 1 << 2)
    }

    /// The most that is taken from a pipe, in bytes: it has to be held in memory.
    package static let pipeLimit = 256 << 20

    private let descriptor: Descriptor
    private let held: MemorySource?
    package let byteCount: Int

    /// Whether a path leads to this very file.
    package func isFile(at path: String) -> Bool { descriptor.isFile(at: path) }

    /// Opens the file at `path`, or standard input for `-`.
    ///
    /// - Parameter limit: the largest size accepted, in bytes; checked before anything is read.
    /// - Throws: `CarrierError`.
    package init(path: String, rules: Rules = [], limit: Int) throws(CarrierError) {
        var flags = O_RDONLY | O_CLOEXEC
        if rules.contains(.noSymbolicLink) { flags |= O_NOFOLLOW }
        // Opening a pipe waits for its writer: where no pipe is taken, nothing waits.
        if !rules.contains(.pipesInMemory) { flags |= O_NONBLOCK }
        guard let opened = Descriptor(path == "-" ? dup(0) : unsafe open(path, flags)) else {
            throw .last
        }
        (byteCount, held) = try Self.check(opened, rules: rules, limit: limit)
        descriptor = opened
    }

    package func rewind() throws(StreamError) {
        if let held { return held.rewind() }
        try descriptor.rewind()
    }

    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if let held { return try held.read(into: &buffer) }
        return try descriptor.read(into: &buffer)
    }

    private static func check(
        _ descriptor: borrowing Descriptor, rules: Rules, limit: Int
    ) throws(CarrierError) -> (Int, MemorySource?) {
        let status = try descriptor.status()
        let kind = status.st_mode & S_IFMT
        if kind == S_IFIFO || kind == S_IFCHR || kind == S_IFSOCK, rules.contains(.pipesInMemory) {
            let held = try hold(descriptor, limit: min(limit, pipeLimit))
            return (held.byteCount, held)
        }
        guard kind == S_IFREG else { throw .notAFile }
        let byteCount = Int(status.st_size)
        guard byteCount <= limit else { throw .tooLarge(byteCount: byteCount, limit: limit) }
        if rules.contains(.ownerOnly) { try descriptor.checkOwnerOnly() }
        return (byteCount, nil)
    }

    private static func hold(
        _ descriptor: borrowing Descriptor, limit: Int
    ) throws(CarrierError) -> MemorySource {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count: Int
            do throws(StreamError) {
                var span = piece.mutableSpan
                count = try descriptor.read(into: &span)
            } catch .unreadable(let code) {
                throw .system(code: code)
            } catch {
                throw .last
            }
            if count == 0 { return MemorySource(bytes) }
            bytes.append(contentsOf: piece[..<count])
            if bytes.count > limit { throw .tooLarge(byteCount: bytes.count, limit: limit) }
        }
    }
}

extension CarrierError {
    /// What the system's last error number says.
    static var last: CarrierError {
        switch errno {
        case ENOENT: .missing
        case ELOOP: .symbolicLink
        case EISDIR: .notAFile
        case EEXIST: .exists
        case let code: .system(code: code)
        }
    }
}

/// The system's sentence for an error number.
package func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code)).lowercased()
}
