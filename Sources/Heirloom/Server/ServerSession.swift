import Homeserver
import MatrixTypes

/// A stored login in use.
struct ServerSession: Sendable {
    let user: UserID
    let client: ServerClient

    /// How to call the server in a sentence.
    var name: String { client.address.text }

    /// Asks the server, and makes its failure the walk's.
    func asking<Result>(
        _ body: (ServerClient) async throws(HomeserverError) -> Result
    ) async throws(HeirloomError) -> Result {
        try await Heirloom.asking(name) { () async throws(HomeserverError) in
            try await body(client)
        }
    }
}

/// Runs a body of the homeserver's room at the hall's wall.
func asking<Result>(
    _ name: String, _ body: () async throws(HomeserverError) -> Result
) async throws(HeirloomError) -> Result {
    do throws(HomeserverError) {
        return try await body()
    } catch {
        throw HeirloomError(error, of: name)
    }
}

extension HeirloomError {
    init(_ error: HomeserverError, of name: String) {
        let problem: Problem =
            switch error {
            case .badAddress: .badArgument
            case .plainHTTP: .plainHTTP
            case .unreachable, .timedOut, .serverFailed, .rateLimited,
                .incompleteAnswer:
                .unreachableServer
            case .tooLarge: .overLimit
            case .malformedAnswer, .sentElsewhere: .malformedAnswer
            case .unknownToken: .loginEnded
            case .refused: .serverRefused
            case .otherBackupVersion: .backupReplaced
            case .badStatement: .noPublishedIdentity
            case .notKept: .unwritable
            case .cancelled: .cancelled
            }
        self.init(.server, problem, "\(name.shown): \(error)", layer: "homeserver")
    }
}
