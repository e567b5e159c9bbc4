package import Bytes
import Foundation

/// A file being written that appears under its name only when it is whole.
///
/// The bytes go to a file without a name in the target folder (mode 0600), which vanishes with the
/// program whatever kills it; `commit()` syncs it and gives it its name. Where the file system has no
/// nameless files, a hidden temporary one stands in.
package final class OutputFile: ByteSink {
    /// Linux's `O_TMPFILE`, which Swift's C library does not show.
    private static let nameless = 0o20_000_000 | O_DIRECTORY

    private let path: String
    private let folder: String
    private let replacing: Bool
    private let descriptor: Int32
    /// The temporary name, where there had to be one.
    private var temporaryPath: String?
    private var buffer: [UInt8] = []
    package private(set) var byteCount = 0

    /// - Parameter replacing: whether an existing file of that name may be replaced.
    /// - Throws: `CarrierError`; `exists` at once, before any work is done for nothing.
    package init(path: String, replacing: Bool = false) throws(CarrierError) {
        self.path = path
        self.replacing = replacing
        let slash = path.lastIndex(of: "/")
        folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        if unsafe lstat(path, &status) == 0 {
            guard replacing else { throw .exists }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        }
        let nameless = unsafe open(folder, Self.nameless | O_WRONLY | O_CLOEXEC, 0o600)
        if nameless >= 0 {
            descriptor = nameless
            return
        }
        guard errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL else {
            throw errno == ENOENT ? .noFolder : .last
        }
        let temporary = Self.temporaryPath(in: folder)
        descriptor = unsafe open(
            temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last }
        temporaryPath = temporary
    }

    deinit {
        if let temporaryPath { unsafe unlink(temporaryPath) }
        close(descriptor)
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        byteCount += bytes.count
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Syncs the bytes and gives the file its name, then syncs the folder.
    ///
    /// - Throws: `CarrierError`; the file under that name is then what it was before.
    package func commit() throws(CarrierError) {
        do throws(StreamError) {
            try flush()
        } catch .unwritable(let code) {
            throw .system(code: code)
        } catch {
            throw .last
        }
        guard fsync(descriptor) == 0 else { throw .last }
        if replacing {
            // Only a rename replaces in one step, and only a file with a name can be renamed.
            if temporaryPath == nil {
                let temporary = Self.temporaryPath(in: folder)
                try link(to: temporary)
                temporaryPath = temporary
            }
            guard unsafe rename(temporaryPath ?? path, path) == 0 else { throw .last }
            temporaryPath = nil
        } else {
            // A link never replaces, so two programs that write one name cannot undo each other.
            try link(to: path)
        }
        try Self.sync(folder)
    }

    /// Gives the file a name that nothing has yet; its temporary one goes with this object.
    private func link(to name: String) throws(CarrierError) {
        let own = temporaryPath ?? "/proc/self/fd/\(descriptor)"
        guard unsafe linkat(AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
            throw .last
        }
    }

    private func flush() throws(StreamError) {
        var position = 0
        while position < buffer.count {
            let count = unsafe buffer.withUnsafeBytes {
                unsafe Foundation.write(
                    descriptor, $0.baseAddress?.advanced(by: position), $0.count - position)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unwritable(code: errno)
            }
            position += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func sync(_ folder: String) throws(CarrierError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        fsync(descriptor)
        close(descriptor)
    }

    private static func temporaryPath(in folder: String) -> String {
        "\(folder)/.heirloom-\(UInt64.random(in: 0...UInt64.max)).partial"
    }
}
