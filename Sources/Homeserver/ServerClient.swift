import AsyncHTTPClient
import Bytes
import Foundation
import NIOCore
import NIOHTTP1
package import Secrets
import StrictJSON
import Synchronization

/// One homeserver, asked over HTTP.
///
/// Every answer is bounded, every request has a deadline, and what fails for a while is tried again:
/// a broken connection or a failing server where asking twice does no harm, a rate limit always.
package struct ServerClient: Sendable {
    /// An access token.
    ///
    /// HTTP headers are ordinary strings: while a request is under way, a copy is outside our memory.
    package typealias Token = SharedSecret

    /// Answers of JSON beyond this are refused, in bytes: a page of a thousand large events.
    package static let answerLimit = 64 << 20
    /// What a server says when it refuses is no longer than this, in bytes.
    private static let complaintLimit = 1 << 20
    /// How long it may take to connect, in seconds.
    private static let connecting: Int64 = 10

    /// One client for all servers, for as long as the process lives; by how long a server may be
    /// silent, in milliseconds.
    private static let clients = Mutex<[Int: HTTPClient]>([:])

    private static func http(silence: Int) -> HTTPClient {
        clients.withLock { clients in
            if let client = clients[silence] { return client }
            var configuration = HTTPClient.Configuration()
            configuration.timeout.connect = .seconds(connecting)
            configuration.timeout.read = .milliseconds(Int64(silence))
            // Trying again is ours to do: the pool would go on until the deadline.
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.redirectConfiguration = .disallow
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[silence] = client
            return client
        }
    }

    package let address: ServerAddress
    private let token: Token?
    private let retries: RetryPolicy

    /// - Parameter token: `nil` for what needs no login.
    package init(
        _ address: ServerAddress, token: Token? = nil, retries: RetryPolicy = .byTheClock
    ) {
        self.address = address
        self.token = token
        self.retries = retries
    }

    /// The same server with a login.
    package func with(_ token: Token) -> ServerClient {
        ServerClient(address, token: token, retries: retries)
    }

    /// What is asked.
    struct Call {
        var method = HTTPMethod.GET
        let path: [String]
        var query: [(String, String)] = []
        var body: [UInt8]?
        var contentType = "application/json"
        var limit = ServerClient.answerLimit
        /// Whether asking twice is the same as asking once.
        var mayRepeat = true

        /// Whether it moves a whole file, which takes as long as it takes.
        var movesFile = false

        /// The last fixed part of the path, for sentences.
        var name: String { path.dropFirst(3).first ?? path.last ?? "" }
    }

    /// Asks, and reads the answer as JSON.
    func json(_ call: Call) async throws(HomeserverError) -> JSONValue {
        let body = try await bytes(call)
        do throws(StrictJSONError) {
            return try JSONValue(body.span)
        } catch {
            throw .malformedAnswer(call: call.name)
        }
    }

    /// Asks until there is an answer that counts, and gives its body.
    func bytes(_ call: Call) async throws(HomeserverError) -> [UInt8] {
        let sink = MemorySink()
        try await download(call, into: sink)
        return sink.bytes
    }

    /// Asks until there is an answer that counts, and passes its body on as it comes.
    func download(
        _ call: Call, into sink: any RestartableSink
    ) async throws(HomeserverError) {
        var attempt = 1
        while true {
            var wait = retries.wait(after: attempt)
            do throws(HomeserverError) {
                return try await answered(call, into: sink)
            } catch {
                switch error {
                case .rateLimited(let seconds):
                    wait = max(min(seconds, 1 << 20) * 1000, retries.firstWait)
                    if wait > retries.longestWait { throw error }
                case .unreachable, .serverFailed: if !call.mayRepeat { throw error }
                default: throw error
                }
                if attempt >= retries.attempts { throw error }
            }
            do throws(CancellationError) { try await retries.sleep(wait) } catch {
                throw .cancelled
            }
            attempt += 1
        }
    }

    /// Asks once, and passes on the body of a success.
    private func answered(
        _ call: Call, into sink: any RestartableSink
    ) async throws(HomeserverError) {
        do throws(StreamError) { try sink.restart() } catch { throw .notKept(error) }
        let (status, retryAfter, body) = try await once(call, into: sink)
        if (200..<300).contains(status) { return }
        let wait = retryAfter.flatMap(retries.seconds(retryAfter:))
        throw Self.failure(status, try? JSONValue(body.span), wait, mayRepeat: call.mayRepeat)
    }

    /// What an answer that is no success says.
    ///
    /// - Parameter wait: the seconds that it asks to be waited for, where it does.
    private static func failure(
        _ status: Int, _ answer: JSONValue?, _ wait: Int?, mayRepeat: Bool
    ) -> HomeserverError {
        let code = String(
            (answer?["errcode"]?.text ?? "")
                .filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
                .prefix(64))
        if status == 429 {
            let body = answer?["retry_after_ms"]?.integer.map { Int(($0 + 999) / 1000) }
            return .rateLimited(seconds: max(0, wait ?? body ?? 0))
        }
        // Of a 503 nobody knows whether it was done, of a 429 everybody that it was not.
        if status == 503, mayRepeat, let wait { return .rateLimited(seconds: wait) }
        if status == 401, code == "M_UNKNOWN_TOKEN" || code == "M_MISSING_TOKEN" {
            return .unknownToken
        }
        if code == "M_WRONG_ROOM_KEYS_VERSION" { return .otherBackupVersion }
        if status >= 500 { return .serverFailed(status: status) }
        return .refused(status: status, code: code.isEmpty ? "without a code" : code)
    }

    /// Asks once; the body of a success goes to the sink, any other is given back.
    private func once(
        _ call: Call, into sink: any RestartableSink
    ) async throws(HomeserverError) -> (status: Int, retryAfter: String?, body: [UInt8]) {
        var request = HTTPClientRequest(url: address.url(call.path, call.query))
        request.method = call.method
        request.headers.add(name: "Accept", value: "application/json")
        if let token {
            request.headers.add(
                name: "Authorization",
                value: "Bearer " + String(decoding: [UInt8](token.bytes), as: UTF8.self))
        }
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: call.contentType)
            request.body = .bytes(body)
        }
        do {
            let longest = call.movesFile ? retries.longestTransfer : retries.longestRequest
            // A homeserver gathers a large backup before its first byte.
            let silence = retries.longestSilence * (call.movesFile ? 10 : 1)
            let deadline = NIODeadline.now() + .milliseconds(Int64(longest))
            let response = try await Self.response(
                to: request, from: Self.http(silence: silence), by: deadline)
            let isSuccess = (200..<300).contains(response.status.code)
            let limit = isSuccess ? call.limit : Self.complaintLimit
            var body: [UInt8] = []
            var byteCount = 0
            for try await part in response.body {
                // The client's own deadline ends where the answer's body begins.
                guard NIODeadline.now() < deadline else { throw HomeserverError.timedOut }
                byteCount += part.readableBytes
                guard byteCount <= limit else { throw HomeserverError.tooLarge(limit: limit) }
                let bytes = [UInt8](part.readableBytesView)
                if !isSuccess {
                    body += bytes
                } else {
                    do throws(StreamError) { try sink.write(bytes) } catch {
                        throw HomeserverError.notKept(error)
                    }
                }
            }
            return (
                Int(response.status.code), response.headers.first(name: "Retry-After"), body
            )
        } catch let error as HomeserverError {
            throw error
        } catch let error as HTTPClientError
            where error == .deadlineExceeded || error == .readTimeout
        {
            throw .timedOut
        } catch is CancellationError {
            throw .cancelled
        } catch let error as HTTPClientError where error == .cancelled {
            throw .cancelled
        } catch {
            throw .unreachable(reason: NetworkFault(error).description)
        }
    }

    /// Asks, and goes where the answer sends on to.
    private static func response(
        to request: HTTPClientRequest, from http: HTTPClient, by deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        var request = request
        var response = try await http.execute(request, deadline: deadline)
        for _ in 0..<Redirect.limit {
            let redirect = try Redirect(
                from: request.url, isRead: request.method == .GET,
                status: Int(response.status.code),
                location: response.headers.first(name: "Location"))
            guard let redirect else { break }
            // What is said to one server, a password perhaps, is not for another.
            guard redirect.staysAtOrigin || request.body == nil else {
                throw HomeserverError.sentElsewhere(redirect.url)
            }
            request.url = redirect.url
            if !redirect.staysAtOrigin { request.headers.remove(name: "Authorization") }
            response = try await http.execute(request, deadline: deadline)
        }
        return response
    }
}
