package import Bytes
package import MatrixTypes
import NIOHTTP1
package import StrictJSON

/// Server-side key backup (client-server API, "Server-side key backups").
extension ServerClient {
    private static let root = ["_matrix", "client", "v3", "room_keys"]

    /// The current backup's version object; `nil` where the person has none.
    package func backupVersion() async throws(HomeserverError) -> JSONValue? {
        do throws(HomeserverError) {
            return try await json(Call(path: Self.root + ["version"], limit: 1 << 20))
        } catch .refused(status: 404, _) {
            return nil
        }
    }

    /// The backup's sessions, of one room or of all: the server's answer as it comes, up to 4 GiB.
    package func backupKeys(
        version: String, room: RoomID?, into sink: any RestartableSink
    ) async throws(HomeserverError) {
        try await download(
            Call(
                path: Self.root + ["keys"] + (room.map { [$0.text] } ?? []),
                query: [("version", version)], limit: 4 << 30, movesFile: true), into: sink)
    }

    /// One session of the backup, its `KeyBackupData`; `nil` where the backup does not have it.
    package func backupKey(
        version: String, room: RoomID, session: SessionID
    ) async throws(HomeserverError) -> JSONValue? {
        do throws(HomeserverError) {
            return try await json(
                Call(
                    path: Self.root + ["keys", room.text, session.text],
                    query: [("version", version)], limit: 1 << 20))
        } catch .refused(status: 404, _) {
            return nil
        }
    }

    /// Adds sessions to the backup; the server keeps its own where it thinks that better.
    ///
    /// - Parameter body: `{"rooms": …}`, as the specification has it.
    /// - Throws: `otherBackupVersion` where another version has become the current one.
    package func putBackupKeys(
        version: String, _ body: [UInt8]
    ) async throws(HomeserverError) {
        _ = try await bytes(
            Call(
                method: .PUT, path: Self.root + ["keys"], query: [("version", version)],
                body: body, limit: 1 << 16))
    }

    /// One type of the person's account data; `nil` where there is none.
    package func accountData(
        _ type: String, of user: UserID
    ) async throws(HomeserverError) -> JSONValue? {
        do throws(HomeserverError) {
            return try await json(
                Call(
                    path: ["_matrix", "client", "v3", "user", user.text, "account_data", type],
                    limit: 1 << 20))
        } catch .refused(status: 404, _) {
            return nil
        }
    }
}
