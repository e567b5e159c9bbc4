package import Bytes
import Foundation

/// A file being written that appears under its name only when it is whole.
///
/// The bytes go to a temporary file in the target folder (mode 0600), which vanishes with the
/// program; `commit()` syncs it and gives it its name.
package final class OutputFile: ByteSink {
    private static let bufferByteCount = 1 << 18

    private let path: String
    private let replacing: Bool
    private var file: TemporaryFile
    private var buffer: [UInt8] = []
    package private(set) var byteCount = 0

    /// - Parameter replacing: whether an existing file of that name may be replaced.
    /// - Throws: `CarrierError`; `exists` at once, before any work is done for nothing.
    package init(path: String, replacing: Bool = false) throws(CarrierError) {
        self.path = path
        self.replacing = replacing
        var status = stat()
        if unsafe lstat(path, &status) == 0 {
            guard replacing else { throw .exists }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        }
        file = try TemporaryFile(in: Folder.of(path))
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        byteCount += bytes.count
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferByteCount { try flush() }
    }

    /// Syncs the bytes and gives the file its name, then syncs the folder.
    ///
    /// - Throws: `CarrierError`; the file under that name is then what it was before.
    package func commit() throws(CarrierError) {
        do throws(StreamError) {
            try flush()
            try file.descriptor.sync()
        } catch .unwritable(let code) {
            throw .system(code: code)
        } catch {
            throw .last
        }
        try file.take(name: path, replacing: replacing)
    }

    private func flush() throws(StreamError) {
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        try file.descriptor.write(bytes.span)
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &buffer)
    }
}
