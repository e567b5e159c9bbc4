import Homeserver
import Testing

/// Where tokens may go.
@Suite struct ServerAddressTests {
    @Test(
        arguments: [
            ("https://matrix.example.org", "https://matrix.example.org"),
            ("https://matrix.example.org/", "https://matrix.example.org"),
            ("matrix.example.org", "https://matrix.example.org"),
            ("https://example.org:8448/prefix/", "https://example.org:8448/prefix"),
            ("http://127.0.0.1:8008", "http://127.0.0.1:8008"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://localhost:8008/", "http://localhost:8008"),
            ("http://[::1]:8008", "http://[::1]:8008"),
        ])
    func takes(text: String, address: String) throws {
        #expect(try ServerAddress(text).text == address)
    }

    @Test(
        "a server name's port is federation's",
        arguments: [
            ("example.org", "https://example.org"),
            ("example.org:8448", "https://example.org"),
            ("192.0.2.1:8448", "https://192.0.2.1"),
            ("[2001:db8::1]", "https://[2001:db8::1]"),
            ("[2001:db8::1]:8448", "https://[2001:db8::1]"),
        ])
    func takesServerNames(name: String, address: String) throws {
        #expect(try ServerAddress(serverName: name).text == address)
    }

    @Test(
        "plain HTTP stays on this machine",
        arguments: [
            "http://example.org", "http://10.0.0.1", "http://127.0.0.1.example.org",
            "http://localhost.example.org", "HTTP://example.org", "http://128.0.0.1",
            "http://127.0.0", "http://0x7f000001",
        ])
    func refusesPlainHTTP(text: String) {
        #expect {
            _ = try ServerAddress(text)
        } throws: { error in
            if case .plainHTTP? = error as? HomeserverError { true } else { false }
        }
    }

    @Test(
        arguments: [
            "", "https://", "ftp://example.org", "https://user:pass@example.org",
            "https://example.org/?a=b", "https://example.org/#a", "file:///etc/passwd",
        ])
    func refuses(text: String) {
        #expect(throws: HomeserverError.badAddress) { try ServerAddress(text) }
    }

    @Test(
        arguments: ["mxc://example.org/abc", "mxc://example.org:8448/a-b_C", "mxc://[::1]/a"])
    func takesMedia(text: String) throws {
        #expect(try #require(MediaAddress(text)).text == text)
    }

    @Test(
        arguments: [
            "", "mxc://", "mxc://example.org", "mxc://example.org/", "mxc:///abc",
            "mxc://example.org/a/b", "mxc://example.org/..", "https://example.org/abc",
            "mxc://exa mple.org/abc", "mxc://example.org/a?b",
        ])
    func refusesMedia(text: String) {
        #expect(MediaAddress(text) == nil)
    }
}
