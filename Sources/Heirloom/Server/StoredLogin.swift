import Bytes
import Homeserver
import MatrixTypes
import Secrets

/// A homeserver account that the person logged in to, as kept in a file of its own, mode 0600.
///
/// ```
/// heirloom-login 1
/// user @alice:example.org
/// homeserver https://matrix.example.org
/// device ABCDEFGH            only where the token has one
/// began yes                  whether ‘login’ made the token, and ‘logout’ ends it
/// token …
/// ```
struct StoredLogin {
    static let byteLimit = 64 << 10
    private static let firstLine = "heirloom-login 1"

    let user: UserID
    let homeserver: ServerAddress
    let deviceID: String?
    let began: Bool
    let token: SharedSecret

    init(
        user: UserID, homeserver: ServerAddress, deviceID: String?, began: Bool,
        token: SharedSecret
    ) {
        self.user = user
        self.homeserver = homeserver
        self.deviceID = deviceID
        self.began = began
        self.token = token
    }

    /// Reads the file's text; `nil` where it is none of ours.
    static func read(_ text: Span<UInt8>) -> StoredLogin? {
        var lines: [String: Range<Int>] = [:]
        var start = 0
        var isFirst = true
        for index in text.indices where text[index] == UInt8(ascii: "\n") {
            defer { start = index + 1 }
            if isFirst {
                guard Self.text(text, start..<index) == firstLine else { return nil }
                isFirst = false
                continue
            }
            guard let space = (start..<index).first(where: { text[$0] == UInt8(ascii: " ") })
            else { return nil }
            let name = Self.text(text, start..<space)
            guard lines[name] == nil else { return nil }
            lines[name] = space + 1..<index
        }
        guard start == text.count, let user = lines["user"], let server = lines["homeserver"],
            let token = lines["token"], !token.isEmpty,
            let user = try? UserID(Self.text(text, user)),
            let server = try? ServerAddress(Self.text(text, server))
        else { return nil }
        return StoredLogin(
            user: user, homeserver: server, deviceID: lines["device"].map { Self.text(text, $0) },
            began: lines["began"].map { Self.text(text, $0) } == "yes",
            token: SharedSecret(copying: text.extracting(token)))
    }

    /// The file's text.
    var text: SecretBytes {
        var head = "\(Self.firstLine)\nuser \(user.text)\nhomeserver \(homeserver.text)\n"
        if let deviceID { head += "device \(deviceID)\n" }
        head += "began \(began ? "yes" : "no")\ntoken "
        let beginning = Array(head.utf8)
        var text = SecretBytes(byteCount: beginning.count + token.byteCount + 1)
        text.copy(beginning.span, to: 0)
        text.copy(token.bytes, to: beginning.count)
        text.copy([UInt8(ascii: "\n")].span, to: beginning.count + token.byteCount)
        return text
    }

    private static func text(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: [UInt8](text.extracting(range)), as: UTF8.self)
    }
}
