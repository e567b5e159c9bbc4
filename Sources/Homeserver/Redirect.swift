import Foundation

/// Where an answer sends on to, by rules of our own: the HTTP client would also follow a redirect out
/// of TLS.
struct Redirect: Equatable {
    /// How many in a row are followed.
    static let limit = 5

    let url: String
    /// Whether it leads to the origin that was asked, where alone the access token and what is said
    /// may go along.
    let staysAtOrigin: Bool

    /// - Parameters:
    ///   - url: what was asked.
    ///   - isRead: whether asking changes nothing. What is not only read is sent on where the answer
    ///     says that it may be (RFC 9110 §15.4: 307 and 308).
    ///   - location: the answer's `Location`.
    /// - Returns: `nil` for an answer that is no redirect, or none to follow.
    /// - Throws: `plainHTTP` where it leads out of TLS; `badAddress` where it leads nowhere.
    init?(
        from url: String, isRead: Bool, status: Int, location: String?
    ) throws(HomeserverError) {
        switch status {
        case 307, 308: break
        case 301...303: guard isRead else { return nil }
        default: return nil
        }
        guard let location, let old = URL(string: url), let oldOrigin = Origin(old) else {
            return nil
        }
        guard let new = URL(string: location, relativeTo: old)?.absoluteURL,
            let newOrigin = Origin(new), new.user == nil, new.password == nil
        else { throw .badAddress }
        try ServerAddress.check(scheme: newOrigin.scheme, host: newOrigin.host)
        // Not even to this machine: who answers there is not who was asked.
        if oldOrigin.scheme == "https", newOrigin.scheme != "https" {
            throw .plainHTTP(host: newOrigin.host)
        }
        self.url = new.absoluteString
        staysAtOrigin = oldOrigin == newOrigin
    }

    /// What a token is meant for: scheme, host and port (RFC 6454).
    private struct Origin: Equatable {
        let scheme: String
        let host: String
        let port: Int

        init?(_ url: URL) {
            guard let scheme = url.scheme?.lowercased(), let host = url.host?.lowercased(),
                !host.isEmpty
            else { return nil }
            self.scheme = scheme
            self.host = host
            port = url.port ?? (scheme == "https" ? 443 : 80)
        }
    }
}
