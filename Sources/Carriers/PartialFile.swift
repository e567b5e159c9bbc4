package import Bytes
import Foundation

/// A file that grows over several runs of the program under a name of its own, and takes its final
/// name when it is whole.
package final class PartialFile: ByteSink {
    private let path: String
    private let descriptor: Int32
    package private(set) var byteCount: Int

    /// Opens the file, or makes it for the owner alone (mode 0600).
    ///
    /// - Throws: `CarrierError`; `symbolicLink`, `notOwned` and `openToOthers` for one that somebody
    ///   else may have put there.
    package init(path: String) throws(CarrierError) {
        self.path = path
        let opened = unsafe open(path, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            switch errno {
            case ELOOP: throw .symbolicLink
            case ENOENT: throw .noFolder
            default: throw .last
            }
        }
        descriptor = opened
        var status = stat()
        byteCount = 0
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_uid == geteuid() else { throw .notOwned }
        guard status.st_mode & 0o077 == 0 else {
            throw .openToOthers(mode: UInt32(status.st_mode & 0o777))
        }
        byteCount = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Forgets everything behind `byteCount`, and writes on from there.
    package func cut(to byteCount: Int) throws(StreamError) {
        guard byteCount <= self.byteCount, ftruncate(descriptor, off_t(byteCount)) == 0,
            lseek(descriptor, off_t(byteCount), SEEK_SET) >= 0
        else { throw .unwritable(code: errno) }
        self.byteCount = byteCount
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

    /// Waits until the disk has it.
    package func sync() throws(StreamError) {
        guard fsync(descriptor) == 0 else { throw .unwritable(code: errno) }
    }

    /// Gives the whole file its final name.
    ///
    /// - Throws: `CarrierError`; `exists` where there is one and it may not be replaced.
    package func commit(as name: String, replacing: Bool) throws(CarrierError) {
        guard fsync(descriptor) == 0 else { throw .last }
        if replacing {
            guard unsafe rename(path, name) == 0 else { throw .last }
        } else {
            guard unsafe link(path, name) == 0 else { throw .last }
            unsafe unlink(path)
        }
    }

    /// Takes a file away; that there is none is no error.
    package static func remove(_ path: String) {
        unsafe unlink(path)
    }
}
