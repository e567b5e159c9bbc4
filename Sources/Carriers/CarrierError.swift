/// What can go wrong with a file that carries something.
package enum CarrierError: Error, Equatable, Sendable {
    /// No such file.
    case missing
    /// A directory, a device, a socket: not something that holds a file's bytes.
    case notAFile
    /// A symbolic link where none is followed.
    case symbolicLink
    /// Others than its owner can read or write it; `mode` is its permission bits.
    case openToOthers(mode: UInt32)
    /// Owned by somebody else.
    case notOwned
    /// Larger than accepted, in bytes.
    case tooLarge(byteCount: Int, limit: Int)
    /// There is a file of that name already.
    case exists
    /// The folder to write in is missing.
    case noFolder
    /// The system refused; `code` is its error number.
    case system(code: Int32)
}

extension CarrierError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "there is no such file"
        case .notAFile: "it is not a regular file"
        case .symbolicLink: "it is a symbolic link, which is not followed here"
        case .openToOthers(let mode):
            "others can read or write it (mode \(String(mode, radix: 8))), expected mode 600"
        case .notOwned: "it belongs to another user"
        case .tooLarge(let byteCount, let limit):
            "it has \(byteCount) bytes, expected at most \(limit)"
        case .exists: "there is a file of that name already"
        case .noFolder: "the folder to write it in does not exist"
        case .system(let code): "the system refused: \(systemMessage(code))"
        }
    }
}
