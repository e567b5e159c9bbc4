import Foundation

/// The archive's file, as the system sees it.
enum ArchiveFile {
    /// Refuses what is not a file of the caller's own, for the caller alone.
    static func check(_ path: String) throws(ArchiveError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw errno == ENOENT || errno == ENOTDIR ? .missing : .system(code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_uid == geteuid() else { throw .notOwned }
        guard status.st_mode & 0o077 == 0 else {
            throw .openToOthers(mode: UInt32(status.st_mode & 0o777))
        }
    }

    /// An empty file (mode 0600) under a name nobody has, beside `path`.
    ///
    /// SQLite gives its two companion files the mode of this one.
    static func makeTemporary(beside path: String) throws(ArchiveError) -> String {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { throw .exists }
        let temporary = "\(path).\(UInt64.random(in: 0...UInt64.max)).partial"
        let descriptor = unsafe open(
            temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .noFolder
            case EROFS, EACCES: throw .readOnly
            case ENOSPC, EDQUOT: throw .full
            case let code: throw .system(code: code)
            }
        }
        // The process may have a narrower mask than this, never a wider one.
        fchmod(descriptor, 0o600)
        close(descriptor)
        return temporary
    }

    /// Gives the finished file its name, never replacing another, and syncs the folder.
    static func name(_ temporary: String, _ path: String) throws(ArchiveError) {
        guard unsafe link(temporary, path) == 0 else {
            throw errno == EEXIST ? .exists : .system(code: errno)
        }
        unsafe unlink(temporary)
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Removes an unfinished file and what SQLite put beside it.
    static func remove(_ temporary: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unsafe unlink(temporary + suffix) }
    }
}
