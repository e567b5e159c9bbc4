package import Bytes
import Foundation

/// Standard output as a sink, for `-`.
package final class StandardOutput: ByteSink {
    package private(set) var byteCount = 0

    package init() {}

    /// Whether standard output is a terminal, which binary must never reach.
    package static var isTerminal: Bool { isatty(1) == 1 }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        var position = 0
        while position < bytes.count {
            let rest = bytes.extracting(position..<bytes.count)
            let count = unsafe rest.withUnsafeBytes {
                unsafe Foundation.write(1, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unwritable(code: errno)
            }
            position += count
        }
        byteCount += bytes.count
    }
}
