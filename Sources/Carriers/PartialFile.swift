package import Bytes
import Foundation

/// A file that grows over several runs of the program under a name of its own, and takes its final
/// name when it is whole.
package final class PartialFile: ByteSink {
    private let path: String
    private let descriptor: Descriptor
    package private(set) var byteCount: Int

    /// Opens the file, or makes it for the owner alone (mode 0600).
    ///
    /// - Throws: `CarrierError`; `symbolicLink`, `notOwned` and `openToOthers` for one that somebody
    ///   else may have put there.
    package init(path: String) throws(CarrierError) {
        self.path = path
        let flags = O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC
        guard let opened = Descriptor(unsafe open(path, flags, 0o600)) else {
            throw errno == ENOENT ? .noFolder : .last
        }
        byteCount = try opened.checkOwnerOnly()
        descriptor = opened
    }

    /// Forgets everything behind `byteCount`, and writes on from there.
    package func cut(to byteCount: Int) throws(StreamError) {
        precondition(byteCount <= self.byteCount)
        try descriptor.cut(to: byteCount)
        self.byteCount = byteCount
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        try descriptor.write(bytes)
        byteCount += bytes.count
    }

    /// Waits until the disk has it.
    package func sync() throws(StreamError) {
        try descriptor.sync()
    }

    /// Gives the whole file its final name.
    ///
    /// - Throws: `CarrierError`; `exists` where there is one and it may not be replaced.
    package func commit(as name: String, replacing: Bool) throws(CarrierError) {
        guard fsync(descriptor.number) == 0 else { throw .last }
        if replacing {
            guard unsafe rename(path, name) == 0 else { throw .last }
        } else {
            guard unsafe link(path, name) == 0 else { throw .last }
            unsafe unlink(path)
        }
        try Folder.sync(Folder.of(name))
    }
}
