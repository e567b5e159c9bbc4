import ArgumentParser
import Heirloom

/// Logs in to a homeserver.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Log in to your homeserver, as a device of its own.",
        discussion: """
            The access token is kept in your data folder, mode 0600, and never shown. A login makes a \
            device that your other clients see; ‘heirloom logout’ takes it away. With \
            --access-token-file an existing token is used, and logout only forgets it.
            """)

    @OptionGroup var common: CommonOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Your Matrix user.", valueName: "@you:server"))
    var user: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The homeserver's address; found by your server's name where it is not given.",
            valueName: "url"))
    var homeserver: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Read the password from this file's first line.", valueName: "file"))
    var passwordFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Read the password from this descriptor.", valueName: "fd"))
    var passwordFd: Int32?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Use the access token on this file's first line.", valueName: "file"))
    var accessTokenFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Use the access token read from this descriptor.", valueName: "fd"))
    var accessTokenFd: Int32?

    private var password: GivenPassphrase? { GivenPassphrase(passwordFile, passwordFd) }
    private var accessToken: GivenPassphrase? { GivenPassphrase(accessTokenFile, accessTokenFd) }

    func validate() throws {
        if user == nil, accessToken == nil {
            throw ValidationError("Name your Matrix user with --user.")
        }
        if user == nil, homeserver == nil {
            throw ValidationError("Name the homeserver, or your Matrix user with --user.")
        }
        if password != nil, accessToken != nil {
            throw ValidationError("Give a password or an access token, not both.")
        }
    }

    func run() async throws {
        var request = LoginRequest()
        request.user = user
        request.homeserver = homeserver
        request.usesToken = accessToken != nil
        let asked = request
        let passphrases = Passphrases(password: password, accessToken: accessToken)
        let report = try await common.tellingLater { () async throws(HeirloomError) in
            try await common.home.logIn(asked, passphrases)
        }
        guard !common.json else { return Output.json(report) }
        let device = report.deviceID.map { " as device \($0.shown)" } ?? ""
        Output.talk("Logged in \(report.user.shown) at \(report.homeserver.shown)\(device).")
    }
}

/// Ends a login.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "End a login, or forget a token you brought.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var account: AccountOptions

    func run() async throws {
        let report = try await common.tellingLater { () async throws(HeirloomError) in
            try await common.home.logOut(user: account.user)
        }
        guard !common.json else { return Output.json(report) }
        Output.talk(
            report.began
                ? "Logged out \(report.user.shown): the token and its device are gone."
                : "Forgot the token of \(report.user.shown); it is still valid.")
    }
}

/// Which stored login a command uses.
struct AccountOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Whose login to use, where there is more than one.", valueName: "@you:server"))
    var user: String?
}
