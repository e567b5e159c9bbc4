import Bytes
import Foundation

/// An open file of the system's, closed when its owner goes.
struct Descriptor: ~Copyable, Sendable {
    /// The system's number for it.
    let number: Int32

    /// Takes over what the system opened.
    ///
    /// - Returns: `nil` for a negative number: nothing was opened, and `errno` says why.
    init?(_ opened: Int32) {
        guard opened >= 0 else { return nil }
        number = opened
    }

    deinit {
        close(number)
    }

    /// Writes all of `bytes`, or throws.
    func write(_ bytes: Span<UInt8>) throws(StreamError) {
        try Self.write(bytes, to: number)
    }

    /// Writes all of `bytes` to a descriptor that stays somebody else's.
    static func write(_ bytes: Span<UInt8>, to number: Int32) throws(StreamError) {
        var position = 0
        while position < bytes.count {
            let rest = bytes.extracting(position..<bytes.count)
            let count = unsafe rest.withUnsafeBytes {
                unsafe Foundation.write(number, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                position += count
            } else if errno != EINTR {
                throw .unwritable(code: errno)
            }
        }
    }

    /// Fills the front of `buffer`; 0 at the end of the file alone.
    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Foundation.read(number, $0.baseAddress, $0.count)
            }
            if count >= 0 { return count }
            if errno != EINTR { throw .unreadable(code: errno) }
        }
    }

    /// Fills all of `buffer` from the bytes at `offset` on; where the next byte is read is left as it
    /// was.
    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws(StreamError) {
        var filled = 0
        while filled < buffer.count {
            var rest = buffer.slice(filled..<buffer.count)
            let count = unsafe rest.withUnsafeMutableBytes {
                unsafe pread(number, $0.baseAddress, $0.count, off_t(offset + filled))
            }
            if count > 0 {
                filled += count
            } else if count == 0 || errno != EINTR {
                throw .unreadable(code: count == 0 ? EIO : errno)
            }
        }
    }

    /// Goes back to the first byte.
    func rewind() throws(StreamError) {
        guard lseek(number, 0, SEEK_SET) == 0 else { throw .unreadable(code: errno) }
    }

    /// Forgets everything behind `byteCount`, and writes on from there.
    func cut(to byteCount: Int) throws(StreamError) {
        guard ftruncate(number, off_t(byteCount)) == 0,
            lseek(number, off_t(byteCount), SEEK_SET) >= 0
        else { throw .unwritable(code: errno) }
    }

    /// Waits until the disk has it.
    func sync() throws(StreamError) {
        guard fsync(number) == 0 else { throw .unwritable(code: errno) }
    }

    /// What the system says of the file.
    func status() throws(CarrierError) -> stat {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw .last }
        return status
    }

    /// Whether a path still leads to this very file.
    func isFile(at path: String) -> Bool {
        var (here, there) = (stat(), stat())
        return unsafe fstat(number, &here) == 0 && stat(path, &there) == 0
            && here.st_dev == there.st_dev && here.st_ino == there.st_ino
    }

    /// Checks that it is a regular file of ours that nobody else may read or write.
    ///
    /// - Returns: its size in bytes.
    /// - Throws: `notAFile`, `notOwned`, `openToOthers`.
    @discardableResult
    func checkOwnerOnly() throws(CarrierError) -> Int {
        let status = try status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_uid == geteuid() else { throw .notOwned }
        guard status.st_mode & 0o077 == 0 else {
            throw .openToOthers(mode: UInt32(status.st_mode & 0o777))
        }
        return Int(status.st_size)
    }
}
