/// A source over public bytes in memory.
package final class MemorySource: RewindableByteSource {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var byteCount: Int { bytes.count }

    package func rewind() {
        position = 0
    }

    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let count = min(buffer.count, bytes.count - position)
        for offset in 0..<count { buffer[offset] = bytes[position + offset] }
        position += count
        return count
    }
}

/// A sink that keeps public bytes in memory.
package final class MemorySink: ByteSink {
    package internal(set) var bytes: [UInt8] = []

    package init() {}

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        self.bytes.append(contentsOf: bytes)
    }
}

extension [UInt8] {
    /// Adds all bytes of a span.
    package mutating func append(contentsOf span: Span<UInt8>) {
        reserveCapacity(count + span.count)
        for index in span.indices { append(span[index]) }
    }

    /// The bytes of a span, copied: for public bytes only.
    package init(_ span: Span<UInt8>) {
        self = []
        append(contentsOf: span)
    }
}
