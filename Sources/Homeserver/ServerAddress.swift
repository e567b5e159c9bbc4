import Foundation

/// Where a homeserver's client-server API is: `https://`, or `http://` on this machine alone.
package struct ServerAddress: Hashable, Sendable {
    /// The base URL without a slash at its end.
    package let text: String

    /// Reads a base URL, as a person types it or a server tells it.
    ///
    /// - Throws: `badAddress`, or `plainHTTP` for anything but loopback: a token would cross the
    ///   network in the clear.
    package init(_ text: String) throws(HomeserverError) {
        let full = text.contains("://") ? text : "https://" + text
        guard full.utf8.count <= 2048, full.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let url = URLComponents(string: full),
            let scheme = url.scheme?.lowercased(), let host = url.host, !host.isEmpty,
            url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
        else { throw .badAddress }
        try Self.check(scheme: scheme, host: host)
        var base = full
        while base.hasSuffix("/") { base.removeLast() }
        self.text = base
    }

    /// The address that the host of a user's server name itself would have.
    ///
    /// A port in a server name is that of federation, and not of the client-server API (Matrix
    /// specification, "Server discovery": the *hostname* is asked).
    ///
    /// - Throws: `badAddress`.
    package init(serverName: String) throws(HomeserverError) {
        try self.init("https://" + Self.host(of: serverName))
    }

    /// A server name without its port; an IPv6 address keeps its brackets.
    private static func host(of serverName: String) -> Substring {
        guard let colon = serverName.lastIndex(of: ":"), !serverName.hasSuffix("]") else {
            return serverName[...]
        }
        return serverName[..<colon]
    }

    /// Checks that what is said there does not cross a network in the clear.
    ///
    /// - Parameter scheme: in lower case.
    /// - Throws: `plainHTTP`, or `badAddress` for anything but HTTP.
    static func check(scheme: String, host: String) throws(HomeserverError) {
        switch scheme {
        case "https": break
        case "http": guard isLoopback(host) else { throw .plainHTTP(host: host) }
        default: throw .badAddress
        }
    }

    /// Names and numbers that never leave this machine.
    private static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased().trimmingCharacters(in: ["[", "]"])
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The URL of an endpoint: every segment percent-encoded, because room ids and session ids hold
    /// slashes.
    func url(_ path: [String], _ query: [(String, String)]) -> String {
        var url = text
        for segment in path { url += "/" + Self.encoded(segment) }
        for (place, (name, value)) in query.enumerated() {
            url += (place == 0 ? "?" : "&") + Self.encoded(name) + "=" + Self.encoded(value)
        }
        return url
    }

    /// Everything but RFC 3986's unreserved characters as `%XX`.
    private static func encoded(_ text: String) -> String {
        var result = ""
        let digits = Array("0123456789ABCDEF")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result.append("%")
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }
}
