import AsyncHTTPClient
import Bytes
import Foundation
import NIOCore
import NIOHTTP1
package import Secrets
import StrictJSON

/// One homeserver, asked over HTTP.
///
/// Every answer is bounded, every request has a deadline, and what fails for a while is tried again:
/// a broken connection or a failing server where asking twice does no harm, a rate limit always.
package struct ServerClient: Sendable {
    /// An access token. HTTP headers are ordinary strings: while a request is under way, a copy is
    /// outside our memory.
    package typealias Token = SharedSecret

    /// Answers of JSON beyond this are refused, in bytes: a page of a thousand large events.
    package static let answerLimit = 64 << 20
    /// How long one request may take, in seconds.
    private static let deadline: Int64 = 120

    package let address: ServerAddress
    private let http: HTTPClient
    private let token: Token?
    private let retries: RetryPolicy

    /// - Parameter token: `nil` for what needs no login.
    package init(
        _ address: ServerAddress, token: Token? = nil, retries: RetryPolicy = .byTheClock
    ) {
        self.address = address
        self.token = token
        self.retries = retries
        http = HTTPClient.shared
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
        var attempt = 1
        while true {
            var wait = retries.wait(after: attempt)
            do throws(HomeserverError) {
                return try await answered(call)
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

    /// Asks once, and gives the body of a success.
    private func answered(_ call: Call) async throws(HomeserverError) -> [UInt8] {
        let (status, retryAfter, body) = try await once(call)
        if (200..<300).contains(status) { return body }
        throw Self.failure(status, try? JSONValue(body.span), retryAfter)
    }

    /// What an answer that is no success says.
    private static func failure(
        _ status: Int, _ answer: JSONValue?, _ retryAfter: String?
    ) -> HomeserverError {
        let code = String(
            (answer?["errcode"]?.text ?? "").filter { $0.isASCII && !$0.isWhitespace }.prefix(64))
        if status == 429 {
            let header = retryAfter.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            let body = answer?["retry_after_ms"]?.integer.map { Int(($0 + 999) / 1000) }
            return .rateLimited(seconds: max(0, header ?? body ?? 0))
        }
        if status == 401, code == "M_UNKNOWN_TOKEN" || code == "M_MISSING_TOKEN" {
            return .unknownToken
        }
        if code == "M_WRONG_ROOM_KEYS_VERSION" { return .otherBackupVersion }
        if status >= 500 { return .serverFailed(status: status) }
        return .refused(status: status, code: code.isEmpty ? "without a code" : code)
    }

    /// Asks once.
    private func once(
        _ call: Call
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
            let response = try await http.execute(
                request, deadline: .now() + .seconds(Self.deadline))
            var body: [UInt8] = []
            for try await part in response.body {
                guard body.count + part.readableBytes <= call.limit else {
                    throw HomeserverError.tooLarge(limit: call.limit)
                }
                body.append(contentsOf: part.readableBytesView)
            }
            return (
                Int(response.status.code), response.headers.first(name: "Retry-After"), body
            )
        } catch let error as HomeserverError {
            throw error
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw .timedOut
        } catch is CancellationError {
            throw .cancelled
        } catch let error as HTTPClientError where error == .cancelled {
            throw .cancelled
        } catch {
            throw .unreachable(reason: Self.reason(error))
        }
    }

    /// The network's own word, short and on one line.
    private static func reason(_ error: any Error) -> String {
        let text = String(describing: error).map { $0.isNewline ? " " : $0 }
        return String(String(text).prefix(200))
    }
}
