/// What kept a server from being reached, in words for somebody who runs no network.
///
/// The libraries below say it in many types of their own; what they print is recognised here, and
/// what is not is passed on as it is.
struct NetworkFault: CustomStringConvertible {
    let description: String

    /// What the libraries' words mean, the first that is found among them.
    private static let meanings = [
        ("UnknownHost", "its name is not known to the name service"),
        ("Connection refused", "nothing listens there"),
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is not one that this machine trusts"),
        ("failedToValidateHostname", "its certificate is that of another name"),
        ("tlsHandshakeTimeout", "it does not speak TLS"),
        ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
        ("EOF during handshake", "it does not speak TLS"),
        ("connectTimeout", "it does not answer"),
        ("remoteConnectionClosed", "it closed the connection"),
        ("Network is unreachable", "there is no network"),
        ("No route to host", "no network leads there"),
        ("invalidHeaderFieldValues", "the access token cannot be sent"),
    ]

    init(_ error: any Error) {
        let text = String(describing: error)
        if let (_, meaning) = Self.meanings.first(where: { text.contains($0.0) }) {
            description = meaning
            return
        }
        // A stranger's words may be among them: short, and on one line.
        let printable = text.unicodeScalars.map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7f ? Character(scalar) : " "
        }
        description = String(printable.prefix(200))
    }
}
