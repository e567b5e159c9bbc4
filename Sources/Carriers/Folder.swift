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
    package final class Lock {
        private let descriptor: Int32

        /// Waits for the lock file at `path`.
        ///
        /// - Throws: `CarrierError`.
        package init(path: String) throws(CarrierError) {
            descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw .last }
            while flock(descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else { throw .last }
            }
        }

        deinit {
            close(descriptor)
        }
    }
}
