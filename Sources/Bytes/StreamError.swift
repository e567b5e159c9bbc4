/// What can go wrong when bytes move.
package enum StreamError: Error, Equatable, Sendable {
    /// The system refused to read; `code` is its error number.
    case unreadable(code: Int32)
    /// The system refused to write; `code` is its error number.
    case unwritable(code: Int32)
    /// There are more bytes than are accepted here.
    case tooLarge(limit: Int)
    /// A layer below found its bytes damaged after the stream began; that layer knows the reason.
    case damagedBelow
}

extension StreamError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let code): "the system could not read it (error \(code))"
        case .unwritable(let code): "the system could not write it (error \(code))"
        case .tooLarge(let limit): "it is larger than the \(limit) bytes accepted here"
        case .damagedBelow: "the layer below is damaged"
        }
    }
}
