package import Bytes

/// Why a homeserver did not do what it was asked.
///
/// A server's own words are a stranger's: they are kept short and printable where they are shown.
package enum HomeserverError: Error, Equatable, Sendable {
    /// Not an address of a homeserver.
    case badAddress
    /// Plain HTTP to another machine, where a token could be read on its way.
    case plainHTTP(host: String)
    /// Nothing answers there, the connection broke, or TLS failed; `reason` says which.
    case unreachable(reason: String)
    /// It sends on to another server what was for it alone.
    case sentElsewhere(String)
    /// It took too long.
    case timedOut
    /// The answer is larger than accepted, in bytes.
    case tooLarge(limit: Int)
    /// The answer is not what the specification says.
    case malformedAnswer(call: String)
    /// The token is not, or no longer, one of the server's.
    case unknownToken
    /// The server refused: its status and its error code, such as `M_FORBIDDEN`.
    case refused(status: Int, code: String)
    /// Too many requests, and the server asks for a longer wait than is made, in seconds.
    case rateLimited(seconds: Int)
    /// The server failed, and failed again.
    case serverFailed(status: Int)
    /// The backup has been replaced by another version.
    case otherBackupVersion
    /// A profile's statement of an identity does not hold.
    case badStatement(StatementFault)
    /// It could not ask other servers, so its answer says nothing of their users.
    case incompleteAnswer
    /// What it sends cannot be kept.
    case notKept(StreamError)
    /// The person stopped it.
    case cancelled
}

extension HomeserverError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badAddress: "it is not the address of a homeserver"
        case .plainHTTP(let host):
            "\(host) is another machine, and http:// would show the access token to the network"
        case .unreachable(let reason): "it cannot be reached: \(reason)"
        case .sentElsewhere(let url):
            "it sends on to \(url), and what is said to it is for no other server"
        case .timedOut: "it did not answer in time"
        case .tooLarge(let limit): "its answer is larger than the \(limit) bytes accepted"
        case .malformedAnswer(let call): "its answer to \(call) is not what a homeserver says"
        case .unknownToken: "it does not know the access token: the login was ended"
        case .refused(let status, let code): "it refuses (\(status) \(code))"
        case .rateLimited(let seconds): "it asks to wait \(seconds) seconds before more requests"
        case .serverFailed(let status): "it fails again and again (\(status))"
        case .otherBackupVersion: "its key backup has been replaced by another one meanwhile"
        case .badStatement(let fault):
            "the identity in the profile does not hold: \(fault.rawValue)"
        case .incompleteAnswer: "it could not ask the person's own server"
        case .notKept(let error): "what it sends cannot be kept: \(error)"
        case .cancelled: "cancelled"
        }
    }
}
