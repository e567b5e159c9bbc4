import Testing

@testable import Homeserver

/// Where a homeserver's answer may send a request on to, and whether the token goes along.
@Suite struct RedirectTests {
    static let here = "https://example.org/_matrix/client/versions"

    static func redirect(
        _ location: String?, status: Int = 307, isRead: Bool = true, from url: String = here
    ) throws(HomeserverError) -> Redirect? {
        try Redirect(from: url, isRead: isRead, status: status, location: location)
    }

    @Test(
        "the token stays with its origin",
        arguments: [
            ("/other", "https://example.org/other", true),
            ("other?a=b", "https://example.org/_matrix/client/other?a=b", true),
            ("https://example.org:443/a", "https://example.org:443/a", true),
            ("HTTPS://EXAMPLE.org/a", "HTTPS://EXAMPLE.org/a", true),
            ("https://example.org:8448/a", "https://example.org:8448/a", false),
            ("https://cdn.example.org/a", "https://cdn.example.org/a", false),
            ("//example.net/a", "https://example.net/a", false),
        ])
    func leads(location: String, url: String, staysAtOrigin: Bool) throws {
        let redirect = try #require(try Self.redirect(location))
        #expect(redirect.url == url)
        #expect(redirect.staysAtOrigin == staysAtOrigin)
    }

    @Test("out of TLS it leads nowhere", arguments: ["http://example.org/a", "http://127.0.0.1/a"])
    func staysInTLS(location: String) {
        #expect {
            try Self.redirect(location)
        } throws: { error in
            if case .plainHTTP? = error as? HomeserverError { true } else { false }
        }
    }

    @Test func onThisMachineItNeedsNone() throws {
        let loopback = "http://127.0.0.1:8008/a"
        #expect(try Self.redirect("/b", from: loopback)?.url == "http://127.0.0.1:8008/b")
        #expect(try Self.redirect("https://example.org/b", from: loopback)?.staysAtOrigin == false)
        #expect(throws: HomeserverError.plainHTTP(host: "example.org")) {
            try Self.redirect("http://example.org/b", from: loopback)
        }
    }

    @Test(
        "to what is no web address it leads nowhere",
        arguments: [
            "file:///etc/passwd", "ftp://example.org/a", "https://a:b@example.org/", "data:,a",
        ])
    func leadsNowhere(location: String) {
        #expect(throws: HomeserverError.badAddress) { try Self.redirect(location) }
    }

    @Test(
        "what is not only read is sent on where the answer says so",
        arguments: [
            (301, true, true), (302, true, true), (303, true, true), (307, true, true),
            (308, true, true), (301, false, false), (302, false, false), (303, false, false),
            (307, false, true), (308, false, true), (200, true, false), (300, true, false),
            (304, true, false), (404, true, false),
        ])
    func follows(status: Int, isRead: Bool, isFollowed: Bool) throws {
        let redirect = try Self.redirect("/b", status: status, isRead: isRead)
        #expect((redirect != nil) == isFollowed)
        #expect(try Self.redirect(nil, status: status, isRead: isRead) == nil)
    }
}
