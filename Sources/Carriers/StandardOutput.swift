package import Bytes
import Foundation

/// Standard output as a sink, for `-`.
package final class StandardOutput: ByteSink {
    package private(set) var byteCount = 0

    package init() {}

    /// Whether standard output is a terminal, which binary must never reach.
    package static var isTerminal: Bool { isatty(1) == 1 }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        try Descriptor.write(bytes, to: 1)
        byteCount += bytes.count
    }
}
