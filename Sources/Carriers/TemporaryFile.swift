import Bytes
import Foundation

/// A new file in a folder, mode 0600, that is gone with this value unless it is given a name.
///
/// Where the file system can, it has no name at all and vanishes with the program, whatever kills
/// it; elsewhere a hidden temporary one stands in.
struct TemporaryFile: ~Copyable {
    /// Linux's `O_TMPFILE`, which Swift's C library does not show.
    private static let nameless = 0o20_000_000 | O_DIRECTORY

    let descriptor: Descriptor
    private let folder: String
    /// The hidden name, where there is one.
    private var path: String?

    /// - Throws: `CarrierError`; `noFolder` where the folder is missing.
    init(in folder: String) throws(CarrierError) {
        self.folder = folder
        if let opened = Descriptor(
            unsafe open(folder, Self.nameless | O_RDWR | O_CLOEXEC, 0o600))
        {
            descriptor = opened
            return
        }
        guard errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL else {
            throw errno == ENOENT ? .noFolder : .last
        }
        let hidden = Self.hiddenPath(in: folder)
        let flags = O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC
        guard let opened = Descriptor(unsafe open(hidden, flags, 0o600)) else { throw .last }
        descriptor = opened
        path = hidden
    }

    deinit {
        if let path { unsafe unlink(path) }
    }

    /// Takes a hidden name away at once: nobody else is to open it, and it is never given another.
    mutating func forgetName() {
        if let path { unsafe unlink(path) }
        path = nil
    }

    /// Gives the file a name in its folder, and syncs the folder.
    ///
    /// - Parameter replacing: whether a file of that name may go.
    /// - Throws: `CarrierError`; the file under that name is then what it was before.
    mutating func take(name: String, replacing: Bool) throws(CarrierError) {
        if replacing {
            // Only a rename replaces in one step, and only a file with a name can be renamed.
            if path == nil {
                let hidden = Self.hiddenPath(in: folder)
                try link(to: hidden)
                path = hidden
            }
            guard unsafe rename(path ?? name, name) == 0 else { throw .last }
            path = nil
        } else {
            // A link never replaces, so two programs that write one name cannot undo each other.
            try link(to: name)
        }
        try Folder.sync(folder)
    }

    /// Gives the file one more name, which nothing has yet.
    private func link(to name: String) throws(CarrierError) {
        let own = path ?? "/proc/self/fd/\(descriptor.number)"
        guard unsafe linkat(AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
            throw .last
        }
    }

    private static func hiddenPath(in folder: String) -> String {
        "\(folder)/.heirloom-\(UInt64.random(in: 0...UInt64.max)).partial"
    }
}
