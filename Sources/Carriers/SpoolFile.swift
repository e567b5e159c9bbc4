package import Bytes
import Foundation

/// A file without a name, for what is too large for memory and nobody's business afterwards: it is
/// gone when this object goes, whatever kills the program.
///
/// Holds public or encrypted bytes only.
package final class SpoolFile: RestartableSink, RewindableByteSource {
    /// Linux's `O_TMPFILE`, which Swift's C library does not show.
    private static let nameless = 0o20_000_000 | O_DIRECTORY

    private let descriptor: Int32
    package private(set) var byteCount = 0

    /// - Parameter folder: a folder of this program's own.
    /// - Throws: `CarrierError`.
    package init(in folder: String) throws(CarrierError) {
        let opened = unsafe open(folder, Self.nameless | O_RDWR | O_CLOEXEC, 0o600)
        if opened >= 0 {
            descriptor = opened
            return
        }
        guard errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL else { throw .last }
        let path = "\(folder)/.heirloom-\(UInt64.random(in: 0...UInt64.max)).spool"
        descriptor = unsafe open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last }
        unsafe unlink(path)
    }

    deinit {
        close(descriptor)
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        var position = 0
        while position < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Foundation.write(
                    descriptor, $0.baseAddress?.advanced(by: position), $0.count - position)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unwritable(code: errno)
            }
            position += count
        }
        byteCount += bytes.count
    }

    package func restart() throws(StreamError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .unwritable(code: errno)
        }
        byteCount = 0
    }

    /// Goes to the beginning, for reading.
    package func rewind() throws(StreamError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .unreadable(code: errno) }
    }

    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Foundation.read(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            if errno != EINTR { throw .unreadable(code: errno) }
        }
    }
}
