package import Bytes
import MatrixTypes
import StrictJSON

/// A server-side key backup saved to a file.
///
/// An object with any of these members, the first three as the homeserver gives them:
///
/// - `rooms`, or `sessions`: the answer to `GET /room_keys/keys`, or to that of one room;
/// - `algorithm`, `auth_data`, `version`: the answer to `GET /room_keys/version`;
/// - `keys` and `version`, each holding such an answer whole;
/// - `account_data`: account data by type, for the secret storage that holds the backup's key.
package enum SavedBackup {
    /// Reads what a saved backup says of itself, passing over its sessions.
    ///
    /// - Throws: `KeyFormatError.json`, `.stream`, `.unknownBackup`.
    package static func version(
        in source: any ByteSource
    ) throws(KeyFormatError) -> BackupVersion {
        var found: [String: JSONValue] = [:]
        do throws(StrictJSONError) {
            var members = JSONMembers(source)
            guard try members.enter() else { throw .malformed(byteOffset: 0) }
            let wanted = ["version", "algorithm", "auth_data", "account_data"]
            while let name = try members.nextName() {
                let value = try members.value()
                guard wanted.contains(name), let value else { continue }
                guard found[name] == nil else { throw .duplicateName }
                let window = members.window
                found[name] = try JSONValue(window.span.extracting(value))
            }
        } catch .stream(let error) {
            throw .stream(error)
        } catch {
            throw .json(error)
        }
        var version = BackupVersion()
        if let whole = found["version"], whole.members != nil {
            version = try BackupVersion(whole)
        } else if found["auth_data"] != nil {
            version = try BackupVersion(.object(found))
        }
        version.secretStorage = found["account_data"]?.members.flatMap {
            SecretStorage(accountData: $0)
        }
        return version
    }
}
