import Foundation

/// A server on loopback that answers as a test says, for answers that no honest server gives.
package final class LoopbackServer: @unchecked Sendable {
    /// What was asked.
    package struct Request: Sendable {
        package let method: String
        /// Path and query as they were sent, percent-encoded.
        package let target: String
        /// By lower-case name.
        package let headers: [String: String]
        package let body: [UInt8]

        /// The path alone, decoded.
        package var path: String {
            let path = target.prefix { $0 != "?" }
            return String(path).removingPercentEncoding ?? String(path)
        }

        /// The path's segments, each decoded: session ids hold slashes.
        package var segments: [String] {
            target.prefix { $0 != "?" }.split(separator: "/").map {
                String($0).removingPercentEncoding ?? String($0)
            }
        }

        /// One member of the query.
        package func query(_ name: String) -> String? {
            URLComponents(string: target)?.queryItems?.first { $0.name == name }?.value
        }
    }

    /// What is answered.
    package enum Answer: Sendable {
        case json(String, status: Int = 200, headers: [String: String] = [:])
        case bytes([UInt8])
        /// The connection closes without a word.
        case cut
        /// The connection closes in the middle of the answer.
        case cutShort(String)
        /// A body that never ends.
        case endless
        /// A body that never ends, a byte every twenty milliseconds.
        case trickling
        /// A body of which some bytes come, and then nothing for as long as the other end waits.
        case silent
    }

    package let port: UInt16
    private let descriptor: Int32
    private let lock = NSLock()
    private var kept: [Request] = []
    private let answer: @Sendable (Request, Int) -> Answer

    /// All requests so far.
    package var requests: [Request] { lock.withLock { kept } }
    package var address: String { "http://127.0.0.1:\(port)" }

    /// - Parameter answer: what to answer to a request, and which number it has, counted from 1.
    package init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
        self.answer = answer
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let opened = descriptor
        let isBound = unsafe withUnsafeMutablePointer(to: &name) { name in
            unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                unsafe bind(opened, name, length) == 0 && listen(opened, 16) == 0
                    && getsockname(opened, name, &length) == 0
            }
        }
        port = UInt16(bigEndian: name.sin_port)
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        Thread { [weak self] in
            while true {
                let connection = accept(opened, nil, nil)
                guard connection >= 0 else { return }
                Thread { [weak self] in
                    self?.serve(connection)
                    close(connection)
                }.start()
            }
        }.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func serve(_ connection: Int32) {
        guard let request = Self.read(connection) else { return }
        let number = lock.withLock {
            kept.append(request)
            return kept.count
        }
        switch answer(request, number) {
        case .json(let text, let status, let headers):
            var head = "HTTP/1.1 \(status) said\r\nContent-Type: application/json\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            Self.send(
                Array(
                    "\(head)Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
                        .utf8),
                connection)
        case .bytes(let bytes):
            let head =
                "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n\r\n"
            Self.send(Array(head.utf8) + bytes, connection)
        case .cut: return
        case .cutShort(let text):
            let count = text.utf8.count + 100
            Self.send(
                Array("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n\(text)".utf8), connection
            )
        case .trickling:
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
            var goesOn = Self.send(Array(head.utf8), connection)
            while goesOn {
                goesOn = Self.send([0x20], connection)
                Thread.sleep(forTimeInterval: 0.02)
            }
        case .silent:
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
            Self.send(Array(head.utf8), connection)
            _ = Self.read(connection)
        case .endless:
            let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
            var goesOn = Self.send(Array(head.utf8), connection)
            let piece = [UInt8](repeating: 0x20, count: 1 << 16)
            while goesOn { goesOn = Self.send(piece, connection) }
        }
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        var bodyStart: Int?
        var length = 0
        var head: [String] = []
        var headers: [String: String] = [:]
        while true {
            // Something else than HTTP, such as a TLS handshake, ends it.
            if let first = bytes.first, first < 0x41 { return nil }
            if bodyStart == nil, let found = Data(bytes).range(of: Data(end)) {
                bodyStart = found.upperBound
                head = String(decoding: bytes[..<found.lowerBound], as: UTF8.self)
                    .components(separatedBy: "\r\n")
                for line in head.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2 else { continue }
                    headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                }
                length = headers["content-length"].flatMap { Int($0) } ?? 0
            }
            if let bodyStart, bytes.count >= bodyStart + length {
                let words = head.first?.split(separator: " ") ?? []
                guard words.count >= 2 else { return nil }
                return Request(
                    method: String(words[0]), target: String(words[1]), headers: headers,
                    body: Array(bytes[bodyStart..<bodyStart + length]))
            }
            var piece = [UInt8](repeating: 0, count: 1 << 14)
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe recv(connection, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { return nil }
            bytes += piece[..<count]
        }
    }

    @discardableResult
    private static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var position = 0
        while position < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Foundation.send(
                    connection, $0.baseAddress?.advanced(by: position), $0.count - position,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            position += count
        }
        return true
    }
}
