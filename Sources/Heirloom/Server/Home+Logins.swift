import Bytes
import Carriers
import Homeserver
import MatrixTypes
import Secrets

/// Which account to log in to, and how.
public struct LoginRequest: Sendable {
    /// The server's address; `nil` to be found by the user's server name.
    public var homeserver: String?
    /// The Matrix user; `nil` only with a token.
    public var user: String?
    /// Whether an existing access token is used instead of a password.
    public var usesToken = false

    /// A request that names nothing.
    public init() {}
}

/// A stored login, as it may be shown.
public struct LoginReport: Encodable, Equatable, Sendable {
    /// The document's name and version.
    public let schema = "heirloom.login.v1"
    /// The Matrix user.
    public let user: String
    /// The server's address.
    public let homeserver: String
    /// The device; `nil` where the token has none.
    public let deviceID: String?
    /// Whether ‘login’ made the token, so that ‘logout’ ends it.
    public let began: Bool

    init(_ login: StoredLogin) {
        user = login.user.text
        homeserver = login.homeserver.text
        deviceID = login.deviceID
        began = login.began
    }
}

extension Home {
    private static let deviceName = "heirloom"

    /// Logs in and keeps the token in a file of its own, mode 0600.
    ///
    /// - Parameter passphrases: asked for the password or the token.
    /// - Throws: `loggedInAlready`: another login would leave the first one's device behind.
    public func logIn(
        _ request: LoginRequest, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> LoginReport {
        let user = try request.user.map { text throws(HeirloomError) in
            try UserID(argument: text)
        }
        if let user { try checkNotLoggedIn(user) }
        let client = ServerClient(try await address(request, user), retries: retries)
        let login =
            request.usesToken
            ? try await adopt(client, user, passphrases)
            : try await logIn(client, user, passphrases)
        do throws(HeirloomError) {
            try checkNotLoggedIn(login.user)
            try keep(login)
        } catch {
            // A token that cannot be kept would stay valid with nobody to end it.
            if login.began { try? await client.with(login.token).logOut() }
            throw error
        }
        return LoginReport(login)
    }

    /// Ends what `logIn` began; a token that was brought along is only forgotten.
    public func logOut(user: String?) async throws(HeirloomError) -> LoginReport {
        let login = try pick(user)
        if login.began {
            let session = session(login)
            do throws(HomeserverError) {
                try await session.client.logOut()
            } catch .unknownToken {
                // Somebody ended it from another device: what remains is to forget it.
            } catch {
                throw HeirloomError(error, of: session.name)
            }
        }
        let path = path(of: login.user)
        try carrying(.server, path) { () throws(CarrierError) in try Folder.remove(path) }
        return LoginReport(login)
    }

    /// All stored logins, by user.
    public func logins() throws(HeirloomError) -> [LoginReport] {
        try storedLogins().map(LoginReport.init)
    }

    /// The login of a user, or the only one there is, ready for use.
    func session(of user: String?) throws(HeirloomError) -> ServerSession {
        session(try pick(user))
    }

    private func session(_ login: StoredLogin) -> ServerSession {
        ServerSession(
            user: login.user,
            client: ServerClient(login.homeserver, token: login.token, retries: retries))
    }

    private func address(
        _ request: LoginRequest, _ user: UserID?
    ) async throws(HeirloomError) -> ServerAddress {
        if let text = request.homeserver {
            return try await asking(text) { () async throws(HomeserverError) in
                try ServerAddress(text)
            }
        }
        guard let user else {
            throw HeirloomError(.server, .badArgument, "neither a homeserver nor a user was named")
        }
        do throws(HomeserverError) {
            return try await ServerClient.discover(user, retries: retries)
        } catch .cancelled {
            throw HeirloomError(.cancelled, of: user.serverName)
        } catch {
            throw HeirloomError(
                .server, .unknownHomeserver,
                "where the homeserver of \(user.text.shown) is, \(user.serverName.shown) does not "
                    + "say: \(error)")
        }
    }

    private func logIn(
        _ client: ServerClient, _ user: UserID?, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> StoredLogin {
        guard let user else {
            throw HeirloomError(.server, .badArgument, "no user was named")
        }
        let name = client.address.text
        let takesPasswords = try await asking(name) { () async throws(HomeserverError) in
            try await client.takesPasswords()
        }
        guard takesPasswords else {
            throw HeirloomError(
                .server, .noPasswordLogin, "\(name.shown): it does not log in with passwords")
        }
        let password = try passphrases.passphrase(for: .password(user: user.text))
        let result: LoggedIn
        do throws(HomeserverError) {
            result = try await client.logIn(
                user: user, password: password.bytes, deviceName: Self.deviceName)
        } catch .refused(status: 403, code: "M_FORBIDDEN") {
            throw HeirloomError(
                .server, .wrongPassword, "\(name.shown): the password or the user is wrong")
        } catch {
            throw HeirloomError(error, of: name)
        }
        guard result.who.user == user else {
            try? await client.with(result.token).logOut()
            throw HeirloomError(
                .server, .malformedAnswer,
                "\(name.shown): it logged in \(result.who.user.text.shown), not \(user.text.shown)")
        }
        return StoredLogin(
            user: user, homeserver: result.address ?? client.address,
            deviceID: result.who.device?.text, began: true, token: result.token)
    }

    private func adopt(
        _ client: ServerClient, _ user: UserID?, _ passphrases: any PassphraseSource
    ) async throws(HeirloomError) -> StoredLogin {
        let secret = try passphrases.passphrase(for: .accessToken)
        guard let token = ServerClient.token(of: secret.bytes.bytes) else {
            throw HeirloomError(.server, .badArgument, "what was given is no access token")
        }
        let name = client.address.text
        let who = try await asking(name) { () async throws(HomeserverError) in
            try await client.with(token).whoAmI()
        }
        if let user, user != who.user {
            throw HeirloomError(
                .server, .badArgument,
                "the token is \(who.user.text.shown)’s, not \(user.text.shown)’s")
        }
        return StoredLogin(
            user: who.user, homeserver: client.address, deviceID: who.device?.text,
            began: false, token: token)
    }

    private func checkNotLoggedIn(_ user: UserID) throws(HeirloomError) {
        guard try storedLogin(of: user) != nil else { return }
        throw HeirloomError(
            .server, .loggedInAlready, "\(user.text.shown) is logged in already")
    }

    private func pick(_ user: String?) throws(HeirloomError) -> StoredLogin {
        if let user {
            let user = try UserID(argument: user)
            guard let login = try storedLogin(of: user) else {
                throw HeirloomError(.server, .notLoggedIn, "\(user.text.shown) is not logged in")
            }
            return login
        }
        let logins = try storedLogins()
        guard logins.count <= 1 else {
            let names = logins.map(\.user.text.shown).joined(separator: ", ")
            throw HeirloomError(.server, .severalLogins, "more than one is logged in: \(names)")
        }
        guard let login = logins.first else {
            throw HeirloomError(.server, .notLoggedIn, "nobody is logged in")
        }
        return login
    }

    /// One user's login, whatever state the others' files are in; `nil` where there is none.
    private func storedLogin(of user: UserID) throws(HeirloomError) -> StoredLogin? {
        try login(at: path(of: user))
    }

    private func storedLogins() throws(HeirloomError) -> [StoredLogin] {
        var names: [String] = []
        do throws(CarrierError) {
            names = try Folder.names(in: loginsPath).filter { $0.hasSuffix(".login") }.sorted()
        } catch .missing {
            return []
        } catch {
            throw HeirloomError(.server, error, of: loginsPath)
        }
        var logins: [StoredLogin] = []
        for name in names {
            if let login = try login(at: "\(loginsPath)/\(name)") { logins.append(login) }
        }
        return logins.sorted { $0.user.text < $1.user.text }
    }

    private func login(at path: String) throws(HeirloomError) -> StoredLogin? {
        let file: InputFile
        do throws(CarrierError) {
            file = try InputFile(
                path: path, rules: [.noSymbolicLink, .ownerOnly], limit: StoredLogin.byteLimit)
        } catch .missing {
            return nil
        } catch {
            throw HeirloomError(.server, error, of: path)
        }
        let text = try moving(.server, path) { () throws(StreamError) in
            try file.readSecret(upTo: StoredLogin.byteLimit)
        }
        guard let login = StoredLogin.read(text.bytes) else {
            throw HeirloomError(.server, .damaged, "\(path.shown): it is no stored login")
        }
        return login
    }

    private func keep(_ login: StoredLogin) throws(HeirloomError) {
        do throws(CarrierError) { try Folder.make(loginsPath) } catch {
            throw HeirloomError(.server, error, of: loginsPath)
        }
        let text = login.text
        try store(text.bytes, at: path(of: login.user), replacing: false, step: .server)
    }

    private var loginsPath: String { "\(data)/logins" }

    /// Every byte of the user's id that a file's name might not hold as `%XX`.
    private func path(of user: UserID) -> String {
        var name = ""
        for byte in user.text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "@"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "%" + hexadecimal([byte])
            }
        }
        return "\(loginsPath)/\(name).login"
    }
}
