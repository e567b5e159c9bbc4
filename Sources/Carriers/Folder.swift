import Foundation

/// A folder of this program's own.
package enum Folder {
    /// Makes the folder and those above it where they are missing, for the owner alone (mode 0700).
    ///
    /// - Throws: `CarrierError`.
    package static func make(_ path: String) throws(CarrierError) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .last
        }
        try make(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last }
    }

    /// The folder that a path's last part stands in.
    static func of(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Waits until the disk has the folder's names.
    static func sync(_ path: String) throws(CarrierError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        guard let folder = Descriptor(unsafe open(path, flags)) else { throw .last }
        // Some file systems cannot, and then there is nothing more to do for it.
        fsync(folder.number)
    }

    /// Takes a file away; that there is none is no error.
    ///
    /// - Throws: `CarrierError` where it is still there.
    package static func remove(_ path: String) throws(CarrierError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last }
    }

    /// The names in a folder, in no order.
    ///
    /// - Throws: `CarrierError`.
    package static func names(in path: String) throws(CarrierError) -> [String] {
        var isFolder = stat()
        guard unsafe stat(path, &isFolder) == 0 else { throw .last }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .last
        }
        return names
    }

    /// A lock that one program at a time holds, let go when this object goes.
    package final class Lock: Sendable {
        private let descriptor: Descriptor

        /// Waits for the lock file at `path`.
        ///
        /// - Throws: `CarrierError`.
        package init(path: String) throws(CarrierError) {
            while true {
                let opened = try Self.open(path)
                while flock(opened.number, LOCK_EX) != 0 {
                    guard errno == EINTR else { throw .last }
                }
                // Who held it before may have taken the file away: then a third one locks another.
                if opened.isFile(at: path) {
                    descriptor = opened
                    return
                }
            }
        }

        /// Takes the lock file at `path` if nobody holds it; `nil` where somebody does.
        ///
        /// - Throws: `CarrierError`.
        package init?(ifFree path: String) throws(CarrierError) {
            descriptor = try Self.open(path)
            guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else {
                guard errno == EWOULDBLOCK else { throw .last }
                return nil
            }
            guard descriptor.isFile(at: path) else { return nil }
        }

        private static func open(_ path: String) throws(CarrierError) -> Descriptor {
            let flags = O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW
            guard let opened = Descriptor(unsafe Foundation.open(path, flags, 0o600)) else {
                throw .last
            }
            return opened
        }
    }
}
