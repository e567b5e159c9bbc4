import Bytes
import Foundation
import MatrixTypes
import Secrets
import StrictJSON
import Synchronization
import TestSupport
import Testing

@testable import Homeserver

/// What a homeserver may answer, and what is made of it.
@Suite struct ServerClientTests {
    static let token = SharedSecret(copying: Array("syt_secret".utf8).span)

    /// Waits that were asked for, in milliseconds, none of them waited.
    final class Waits: Sendable {
        private let kept = Mutex<[Int]>([])

        var all: [Int] { kept.withLock { $0 } }

        var policy: RetryPolicy {
            var policy = RetryPolicy { milliseconds async throws(CancellationError) in
                self.kept.withLock { $0.append(milliseconds) }
            }
            // A machine that runs all tests at once is slower than any server.
            policy.longestSilence = 3_600_000
            policy.longestRequest = 3_600_000
            return policy
        }
    }

    static func client(
        _ server: LoopbackServer, _ waits: Waits = Waits()
    ) throws -> ServerClient {
        ServerClient(try ServerAddress(server.address), token: token, retries: waits.policy)
    }

    static let whoami = #"{"user_id":"@alice:example.org","device_id":"ABC"}"#

    @Test func asksWithItsToken() async throws {
        let server = try LoopbackServer { _, _ in .json(Self.whoami) }
        let who = try await Self.client(server).whoAmI()
        #expect(who.user.text == "@alice:example.org")
        #expect(who.device?.text == "ABC")
        #expect(server.requests.map(\.headers["authorization"]) == ["Bearer syt_secret"])
        #expect(server.requests[0].target == "/_matrix/client/v3/account/whoami")
    }

    @Test("a server that fails for a while is asked again", arguments: [500, 502, 503, 504])
    func asksAgain(status: Int) async throws {
        let server = try LoopbackServer { _, number in
            number < 4 ? .json("{}", status: status) : .json(Self.whoami)
        }
        let waits = Waits()
        _ = try await Self.client(server, waits).whoAmI()
        #expect(server.requests.count == 4)
        #expect(waits.all == [500, 1000, 2000])
    }

    @Test func givesUpOnAServerThatFailsForGood() async throws {
        let server = try LoopbackServer { _, _ in .json("oops", status: 500) }
        let client = try Self.client(server)
        await #expect(throws: HomeserverError.serverFailed(status: 500)) {
            try await client.whoAmI()
        }
        #expect(server.requests.count == 6)
    }

    @Test func waitsAsLongAsItIsTold() async throws {
        let server = try LoopbackServer { _, number in
            switch number {
            case 1:
                .json(
                    #"{"errcode":"M_LIMIT_EXCEEDED"}"#, status: 429, headers: ["Retry-After": "7"])
            case 2:
                .json(#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":1500}"#, status: 429)
            default: .json(Self.whoami)
            }
        }
        let waits = Waits()
        _ = try await Self.client(server, waits).whoAmI()
        #expect(waits.all == [7000, 2000])
    }

    @Test("a date says it too", arguments: [429, 503])
    func waitsUntilAnHour(status: Int) async throws {
        let server = try LoopbackServer { _, number in
            number > 1
                ? .json(Self.whoami)
                : .json(
                    "{}", status: status,
                    headers: ["Retry-After": "Thu, 26 Nov 2026 20:00:07 GMT"])
        }
        let waits = Waits()
        var policy = waits.policy
        policy.now = { Date(timeIntervalSince1970: 1_795_723_200) }
        let client = ServerClient(
            try ServerAddress(server.address), token: Self.token, retries: policy)
        _ = try await client.whoAmI()
        #expect(waits.all == [7000])
    }

    @Test(
        "what a server asks to be waited for",
        arguments: [
            ("7", 7), (" 7 ", 7), ("-7", 0), ("Thu, 26 Nov 2026 20:01:00 GMT", 60),
            ("Thu, 26 Nov 2026 19:59:00 GMT", 0), ("soon", nil), ("", nil),
            ("Thu, 26 Nov 2026 20:01:00 GMT!", nil), ("7.5", nil),
        ] as [(String, Int?)])
    func readsRetryAfter(text: String, seconds: Int?) {
        var policy = Waits().policy
        policy.now = { Date(timeIntervalSince1970: 1_795_723_200) }
        #expect(policy.seconds(retryAfter: text) == seconds)
    }

    @Test func goesInNoCircles() async throws {
        let server = try LoopbackServer { _, number in
            .json("", status: 302, headers: ["Location": "/round/\(number)"])
        }
        let client = try Self.client(server)
        await #expect(throws: HomeserverError.refused(status: 302, code: "without a code")) {
            try await client.whoAmI()
        }
        #expect(server.requests.count == 6)
    }

    @Test func doesNotWaitForHours() async throws {
        let server = try LoopbackServer { _, _ in
            .json("{}", status: 429, headers: ["Retry-After": "7200"])
        }
        let client = try Self.client(server)
        await #expect(throws: HomeserverError.rateLimited(seconds: 7200)) {
            try await client.whoAmI()
        }
        #expect(server.requests.count == 1)
    }

    @Test("a connection that breaks is made again", arguments: [true, false])
    func survivesCutConnections(inTheMiddle: Bool) async throws {
        let server = try LoopbackServer { _, number in
            if number > 2 { return .json(Self.whoami) }
            return inTheMiddle ? .cutShort(#"{"user_id":"@mallory:exam"#) : .cut
        }
        let who = try await Self.client(server).whoAmI()
        #expect(who.user.text == "@alice:example.org")
        #expect(server.requests.count == 3)
    }

    @Test func nothingOfABrokenDownloadStays() async throws {
        let server = try LoopbackServer { _, number in
            number == 1 ? .cutShort("half of it") : .bytes(Array("all of it".utf8))
        }
        let sink = MemorySink()
        let address = try #require(MediaAddress("mxc://example.org/abc"))
        try await Self.client(server).download(address, limit: 100, into: sink)
        #expect(sink.bytes == Array("all of it".utf8))
    }

    @Test func logsInOnceOnly() async throws {
        let server = try LoopbackServer { _, _ in .json("{}", status: 500) }
        let client = try Self.client(server)
        let user = try UserID("@alice:example.org")
        await #expect(throws: HomeserverError.serverFailed(status: 500)) {
            try await client.logIn(
                user: user, password: SecretBytes(copying: [1, 2, 3].span), deviceName: "x")
        }
        #expect(server.requests.count == 1)
    }

    @Test func boundsWhatItReads() async throws {
        let server = try LoopbackServer { _, _ in .endless }
        let client = try Self.client(server)
        await #expect(throws: HomeserverError.tooLarge(limit: 1 << 16)) {
            try await client.whoAmI()
        }
        let sink = MemorySink()
        let address = try #require(MediaAddress("mxc://example.org/abc"))
        await #expect(throws: HomeserverError.tooLarge(limit: 1000)) {
            try await client.download(address, limit: 1000, into: sink)
        }
        #expect(sink.bytes.count <= 1000)
    }

    @Test(
        "tells one refusal from another",
        arguments: [
            (401, "M_UNKNOWN_TOKEN", HomeserverError.unknownToken),
            (401, "M_MISSING_TOKEN", .unknownToken),
            (403, "M_FORBIDDEN", .refused(status: 403, code: "M_FORBIDDEN")),
            (403, "M_WRONG_ROOM_KEYS_VERSION", .otherBackupVersion),
            (404, "M_NOT_FOUND", .refused(status: 404, code: "M_NOT_FOUND")),
            (413, "M_TOO_LARGE", .refused(status: 413, code: "M_TOO_LARGE")),
            (
                400, "M \\u001b[31m red",
                .refused(status: 400, code: "M31mred")
            ),
        ])
    func tellsRefusals(status: Int, code: String, error: HomeserverError) async throws {
        let server = try LoopbackServer { _, _ in
            .json(#"{"errcode":"\#(code)","error":"no"}"#, status: status)
        }
        let client = try Self.client(server)
        await #expect(throws: error) { try await client.whoAmI() }
        #expect(server.requests.count == 1)
    }

    @Test(
        "what is no answer is none",
        arguments: ["", "null", "[]", "<html>", #"{"user_id":"alice"}"#, #"{"user_id":1}"#])
    func refusesMalformedAnswers(text: String) async throws {
        let server = try LoopbackServer { _, _ in .json(text) }
        let client = try Self.client(server)
        await #expect {
            try await client.whoAmI()
        } throws: { error in
            if case .malformedAnswer? = error as? HomeserverError { true } else { false }
        }
    }

    @Test func itsTokenDoesNotFollowARedirectElsewhere() async throws {
        let other = try LoopbackServer { _, _ in .bytes(Array("media".utf8)) }
        let elsewhere = other.address
        let server = try LoopbackServer { _, _ in
            .json("", status: 307, headers: ["Location": elsewhere + "/there"])
        }
        let sink = MemorySink()
        let address = try #require(MediaAddress("mxc://example.org/abc"))
        try await Self.client(server).download(address, limit: 100, into: sink)
        #expect(sink.bytes == Array("media".utf8))
        #expect(server.requests.map { $0.headers["authorization"] != nil } == [true])
        #expect(other.requests.map { $0.headers["authorization"] != nil } == [false])
    }

    @Test("a server that keeps one waiting is left", arguments: [true, false])
    func leavesTheSilent(isSilent: Bool) async throws {
        let server = try LoopbackServer { _, _ in isSilent ? .silent : .trickling }
        var policy = Waits().policy
        policy.longestSilence = isSilent ? 100 : 60_000
        policy.longestRequest = isSilent ? 60_000 : 200
        let client = ServerClient(
            try ServerAddress(server.address), token: Self.token, retries: policy)
        await #expect(throws: HomeserverError.timedOut) { try await client.whoAmI() }
    }

    @Test("what is said to one server is said to no other", arguments: [307, 308])
    func passesNoPasswordOn(status: Int) async throws {
        let other = try LoopbackServer { _, _ in .json(Self.whoami) }
        let elsewhere = other.address + "/login"
        let server = try LoopbackServer { _, _ in
            .json("", status: status, headers: ["Location": elsewhere])
        }
        let client = try Self.client(server)
        let user = try UserID("@alice:example.org")
        await #expect(throws: HomeserverError.sentElsewhere(elsewhere)) {
            try await client.logIn(
                user: user, password: SecretBytes(copying: [1, 2, 3].span), deviceName: "x")
        }
        #expect(other.requests.isEmpty)
    }

    @Test(
        "whether it was done nobody knows of a 503, and everybody of a 429", arguments: [429, 503])
    func repeatsALogin(status: Int) async throws {
        let answer = #"{"user_id":"@alice:example.org","device_id":"A","access_token":"t"}"#
        let server = try LoopbackServer { _, number in
            number > 1
                ? .json(answer) : .json("{}", status: status, headers: ["Retry-After": "1"])
        }
        let client = try Self.client(server)
        let user = try UserID("@alice:example.org")
        let result = try? await client.logIn(
            user: user, password: SecretBytes(copying: [1, 2, 3].span), deviceName: "x")
        #expect(server.requests.count == (status == 429 ? 2 : 1))
        #expect((result != nil) == (status == 429))
    }

    @Test(
        "a login answer that would spoil what is stored is none",
        arguments: [
            #""user_id":"@alice:example.org","device_id":"D\nE","access_token":"t""#,
            #""user_id":"@alice:example.org","device_id":"","access_token":"t""#,
            #""user_id":"@alice:example.org","device_id":"D","access_token":"t\n""#,
            #""user_id":"@alice:example.org","device_id":"D","access_token":"""#,
            #""user_id":"@alice:example.org","device_id":"D","access_token":"é""#,
            #""user_id":"@alice:exa\nmple.org","device_id":"D","access_token":"t""#,
        ])
    func hostileLogins(answer: String) async throws {
        let server = try LoopbackServer { _, _ in .json("{\(answer)}") }
        let client = try Self.client(server)
        let user = try UserID("@alice:example.org")
        await #expect(throws: HomeserverError.malformedAnswer(call: "login")) {
            try await client.logIn(
                user: user, password: SecretBytes(copying: [1, 2, 3].span), deviceName: "x")
        }
    }

    @Test(
        "an address is of one line",
        arguments: ["https://a.org/\nuser x", "https://a.org/é", "https://a.org/ b"])
    func addressesOfOneLine(text: String) {
        #expect(throws: HomeserverError.badAddress) { try ServerAddress(text) }
    }

    /// Whoever sends an event must not be able to end the reading of a room by it.
    @Test func hostileEventsDoNotEndAPage() async throws {
        let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
        let long = String(repeating: "x", count: 140_000)
        let server = try LoopbackServer { _, _ in
            .json(
                #"{"chunk":[{"event_id":"$1"},{"event_id":"$2","x":\#(deep)},"#
                    + #"{"event_id":"$3","x":"\#(long)"},{"event_id":"$4"}],"start":"a"}"#)
        }
        let room = try RoomID("!a:example.org")
        let page = try await Self.client(server).messages(
            of: room, from: nil, newestFirst: true)
        #expect(page.events.map(\.id) == ["$1", nil, nil, "$4"])
        #expect(page.events[1].text.count > 10_000)
        #expect(page.events[2].text == Array("null".utf8))
    }

    @Test func nobodyThereIsToldOfSoon() async throws {
        var port: UInt16 = 0
        do { port = try LoopbackServer { _, _ in .cut }.port }
        let waits = Waits()
        let client = ServerClient(
            try ServerAddress("http://127.0.0.1:\(port)"), retries: waits.policy)
        await #expect(throws: HomeserverError.unreachable(reason: "nothing listens there")) {
            try await client.whoAmI()
        }
        #expect(waits.all == [500, 1000, 2000, 4000, 8000])
    }

    /// What does not speak TLS gets no token.
    @Test func plainTextBehindHTTPSIsUnreachable() async throws {
        let server = try LoopbackServer { _, _ in .json(Self.whoami) }
        let address = try ServerAddress("https://127.0.0.1:\(server.port)")
        let client = ServerClient(address, token: Self.token, retries: Waits().policy)
        await #expect(throws: HomeserverError.unreachable(reason: "it does not speak TLS")) {
            try await client.whoAmI()
        }
        #expect(server.requests.isEmpty)
    }

    @Test(
        "where a server name leads",
        arguments: [
            (
                200, #"{"m.homeserver":{"base_url":"https://matrix.example.org/"}}"#,
                "https://matrix.example.org"
            ),
            (
                200, #"{"m.homeserver":{"base_url":"https://example.org/a"},"more":1}"#,
                "https://example.org/a"
            ),
            (404, "nothing here", nil),
        ] as [(Int, String, String?)])
    func discovers(status: Int, answer: String, address: String?) async throws {
        let server = try LoopbackServer { _, _ in .json(answer, status: status) }
        let found = try await ServerClient.discover(
            at: ServerAddress(server.address), retries: Waits().policy)
        #expect(found.text == address ?? server.address)
        #expect(server.requests.map(\.target) == ["/.well-known/matrix/client"])
    }

    @Test(
        "where no server name may lead",
        arguments: [
            (
                #"{"m.homeserver":{"base_url":"http://example.org"}}"#,
                HomeserverError.plainHTTP(host: "example.org")
            ),
            (#"{"m.homeserver":{"base_url":"ftp://example.org"}}"#, .badAddress),
            (#"{"m.homeserver":{}}"#, .malformedAnswer(call: ".well-known")),
            ("<html>", .malformedAnswer(call: "client")),
        ])
    func refusesToBeLed(answer: String, error: HomeserverError) async throws {
        let server = try LoopbackServer { _, _ in .json(answer) }
        let address = try ServerAddress(server.address)
        await #expect(throws: error) {
            try await ServerClient.discover(at: address, retries: Waits().policy)
        }
    }

    @Test func escapesEverySegment() async throws {
        let server = try LoopbackServer { _, _ in .json(#"{"chunk":[],"start":"a"}"#) }
        let room = try RoomID("!a/b+c?d:example.org")
        _ = try await Self.client(server).messages(of: room, from: "t&1", newestFirst: true)
        #expect(
            server.requests.map(\.target) == [
                "/_matrix/client/v3/rooms/%21a%2Fb%2Bc%3Fd%3Aexample.org/messages"
                    + "?dir=b&limit=500&from=t%261"
            ])
    }

    @Test func anEmptyPageIsNotTheLast() async throws {
        let server = try LoopbackServer { _, number in
            .json(
                number == 1 ? #"{"chunk":[],"start":"a","end":"b"}"# : #"{"chunk":[],"start":"b"}"#)
        }
        let room = try RoomID("!a:example.org")
        let client = try Self.client(server)
        let first = try await client.messages(of: room, from: nil, newestFirst: true)
        let second = try await client.messages(of: room, from: first.next, newestFirst: true)
        #expect(first.next == "b")
        #expect(second.next == nil)
    }

    @Test func stopsWhenItIsCancelled() async throws {
        let server = try LoopbackServer { _, _ in .json("{}", status: 503) }
        let address = try ServerAddress(server.address)
        let task = Task {
            try await ServerClient(address, retries: .byTheClock).takesPasswords()
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: HomeserverError.cancelled) { try await task.value }
    }
}
