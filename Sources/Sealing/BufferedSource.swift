import Bytes

/// A source that can be looked into before it is read, for headers of unknown length.
final class BufferedSource: ByteSource {
    private let source: any ByteSource
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var start = 0
    private var end = 0
    /// Remembered, because asking a terminal again would wait for more.
    private var hasEnded = false

    init(_ source: any ByteSource) {
        self.source = source
    }

    func read(into output: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if start == end { try refill() }
        let count = min(output.count, end - start)
        output.copy(buffer.span.extracting(start..<start + count), to: 0)
        start += count
        return count
    }

    /// The next byte, or `nil` at the end.
    func next() throws(SealingError) -> UInt8? {
        if start == end { try look() }
        guard start < end else { return nil }
        start += 1
        return buffer[start - 1]
    }

    /// Whether no byte is left.
    func isAtEnd() throws(SealingError) -> Bool {
        if start == end { try look() }
        return start == end
    }

    /// The next `count` bytes, fewer if the source ends first; they stay to be read.
    func peek(_ count: Int) throws(SealingError) -> [UInt8] {
        precondition(start == 0 && count <= buffer.count, "look before anything is read")
        while end < count, !hasEnded { try look() }
        return Array(buffer[..<min(count, end)])
    }

    /// Fills `output` whole unless the source ends first; returns how many bytes it put there.
    func take(into output: inout MutableSpan<UInt8>) throws(SealingError) -> Int {
        do throws(StreamError) {
            return try fill(&output)
        } catch {
            throw .stream(error)
        }
    }

    private func look() throws(SealingError) {
        do throws(StreamError) {
            try refill()
        } catch {
            throw .stream(error)
        }
    }

    private func refill() throws(StreamError) {
        if hasEnded { return }
        if start == end {
            start = 0
            end = 0
        }
        // The compiler lets a local array lend a span, but not one that an object holds.
        var lent: [UInt8] = []
        swap(&lent, &buffer)
        defer { swap(&lent, &buffer) }
        var span = lent.mutableSpan
        var free = span.slice(end..<span.count)
        let count = try source.read(into: &free)
        hasEnded = count == 0
        end += count
    }
}
