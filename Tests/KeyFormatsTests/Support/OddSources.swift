import Bytes

/// A source that gives a few bytes at each read.
final class SlowSource: RewindableByteSource {
    private let bytes: [UInt8]
    private let pieceByteCount: Int
    private(set) var position = 0

    init(_ bytes: [UInt8], pieceByteCount: Int) {
        self.bytes = bytes
        self.pieceByteCount = pieceByteCount
    }

    var byteCount: Int { bytes.count }

    func rewind() {
        position = 0
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let count = min(pieceByteCount, buffer.count, bytes.count - position)
        for offset in 0..<count { buffer[offset] = bytes[position + offset] }
        position += count
        return count
    }
}

/// A source that the system stops reading after some bytes.
final class BreakingSource: RewindableByteSource {
    private let bytes: [UInt8]
    private let limit: Int
    private var position = 0

    init(_ bytes: [UInt8], after limit: Int) {
        self.bytes = bytes
        self.limit = limit
    }

    var byteCount: Int { bytes.count }

    func rewind() {
        position = 0
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if position == limit { throw .unreadable(code: 5) }
        let count = min(buffer.count, limit - position)
        for offset in 0..<count { buffer[offset] = bytes[position + offset] }
        position += count
        return count
    }
}

/// A source of a text, one byte very many times, and another text.
final class LongSource: ByteSource {
    private let start: [UInt8]
    private let end: [UInt8]
    private let fillCount: Int
    private var position = 0

    init(_ start: String, fill fillCount: Int, _ end: String) {
        self.start = Array(start.utf8)
        self.end = Array(end.utf8)
        self.fillCount = fillCount
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let border = start.count + fillCount
        let count = min(buffer.count, border + end.count - position)
        for offset in 0..<count {
            let place = position + offset
            buffer[offset] =
                place < start.count
                ? start[place] : place < border ? UInt8(ascii: "x") : end[place - border]
        }
        position += count
        return count
    }
}

/// A sink that remembers how it was written to, and may refuse.
final class WatchedSink: ByteSink {
    private(set) var bytes: [UInt8] = []
    private(set) var longestWrite = 0
    /// The write that fails, counted from 1.
    private let failingWrite: Int?
    private(set) var writeCount = 0

    init(failingAtWrite failingWrite: Int? = nil) {
        self.failingWrite = failingWrite
    }

    func write(_ bytes: Span<UInt8>) throws(StreamError) {
        writeCount += 1
        if writeCount == failingWrite { throw .unwritable(code: 28) }
        longestWrite = max(longestWrite, bytes.count)
        self.bytes.append(contentsOf: bytes)
    }
}
