import Bytes
package import MatrixTypes
import NIOHTTP1
package import Secrets
import StrictJSON

/// Who a token belongs to.
package struct WhoAmI: Hashable, Sendable {
    package let user: UserID
    /// `nil` for tokens without a device.
    package let device: DeviceID?

    /// Reads `user_id` and `device_id` of an answer.
    ///
    /// - Throws: `malformedAnswer` where they are no ids.
    fileprivate init(_ answer: JSONValue, call: String) throws(HomeserverError) {
        do throws(MatrixTypeError) {
            user = try UserID(answer["user_id"]?.text ?? "")
            device = try answer["device_id"]?.text.map { text throws(MatrixTypeError) in
                try DeviceID(text)
            }
        } catch {
            throw .malformedAnswer(call: call)
        }
    }
}

/// What a login gave.
package struct LoggedIn: Sendable {
    package let who: WhoAmI
    package let token: SharedSecret
    /// The address that the server asks to be used from now on.
    package let address: ServerAddress?
}

/// Logins (client-server API, "Client authentication").
extension ServerClient {
    /// Finds a user's homeserver: `/.well-known/matrix/client` on the server's name, or that name
    /// itself where there is none.
    ///
    /// - Throws: `malformedAnswer` for a `.well-known` that says something else: the person must then
    ///   name the server (spec, "Server discovery", `FAIL_PROMPT`).
    package static func discover(
        _ user: UserID, retries: RetryPolicy = .byTheClock
    ) async throws(HomeserverError) -> ServerAddress {
        try await discover(at: ServerAddress(serverName: user.serverName), retries: retries)
    }

    /// What the address of a server name says of the homeserver behind it.
    static func discover(
        at address: ServerAddress, retries: RetryPolicy
    ) async throws(HomeserverError) -> ServerAddress {
        let client = ServerClient(address, retries: retries)
        let answer: JSONValue
        do throws(HomeserverError) {
            answer = try await client.json(
                Call(path: [".well-known", "matrix", "client"], limit: 1 << 16))
        } catch .refused(status: 404, _) {
            return address
        }
        guard let base = answer["m.homeserver"]?["base_url"]?.text else {
            throw .malformedAnswer(call: ".well-known")
        }
        return try ServerAddress(base)
    }

    /// Whether the server takes passwords itself; one that only knows another service's logins does
    /// not.
    package func takesPasswords() async throws(HomeserverError) -> Bool {
        do throws(HomeserverError) {
            let answer = try await json(
                Call(path: ["_matrix", "client", "v3", "login"], limit: 1 << 20))
            return answer["flows"]?.elements?.contains { $0["type"]?.text == "m.login.password" }
                ?? false
        } catch .refused(status: 404, _) {
            return false
        }
    }

    /// Logs in with a password, as a new device.
    ///
    /// - Parameter password: UTF-8 text.
    /// - Throws: `refused` with `M_FORBIDDEN` for a wrong password.
    package func logIn(
        user: UserID, password: borrowing SecretBytes, deviceName: String
    ) async throws(HomeserverError) -> LoggedIn {
        let secret = String(decoding: [UInt8](password.bytes), as: UTF8.self)
        let body: JSONValue = .object([
            "type": .string("m.login.password"),
            "identifier": .object([
                "type": .string("m.id.user"), "user": .string(user.text),
            ]),
            "password": .string(secret), "initial_device_display_name": .string(deviceName),
        ])
        let answer = try await json(
            Call(
                method: .POST, path: ["_matrix", "client", "v3", "login"],
                body: body.canonical ?? [], limit: 1 << 16, mayRepeat: false))
        let who = try WhoAmI(answer, call: "login")
        guard let text = answer["access_token"]?.text,
            let token = Self.token(of: Array(text.utf8).span)
        else { throw .malformedAnswer(call: "login") }
        let told = answer["well_known"]?["m.homeserver"]?["base_url"]?.text
        return LoggedIn(
            who: who, token: token,
            address: told.flatMap { try? ServerAddress($0) })
    }

    /// Who the token belongs to.
    package func whoAmI() async throws(HomeserverError) -> WhoAmI {
        let answer = try await json(
            Call(path: ["_matrix", "client", "v3", "account", "whoami"], limit: 1 << 16))
        return try WhoAmI(answer, call: "whoami")
    }

    /// A token that can stand in a header, at most 4096 bytes; `nil` for anything else.
    package static func token(of text: Span<UInt8>) -> Token? {
        guard (1...4096).contains(text.count),
            text.indices.allSatisfy({ text[$0] > 0x20 && text[$0] < 0x7f })
        else { return nil }
        return SharedSecret(copying: text)
    }

    /// Ends the login: the token and its device are gone.
    package func logOut() async throws(HomeserverError) {
        _ = try await bytes(
            Call(
                method: .POST, path: ["_matrix", "client", "v3", "logout"],
                body: Array("{}".utf8), limit: 1 << 16))
    }
}
