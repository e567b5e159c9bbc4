import Bytes
import StrictJSON

/// All that a reader of elements made of one text.
struct Reading: Equatable {
    enum Found: Equatable {
        case value(String, array: Int)
        case member(String, name: Int)
        case tooLong(byteCount: Int, array: Int)
    }

    var found: [Found] = []
    var fault: StrictJSONError?
    /// Whether the reader gave more elements than the text has bytes.
    var isEndless = false
    /// How far it said it had come.
    var byteOffset = 0

    init(_ source: any ByteSource, byteCount: Int, layout: JSONElements.Layout) {
        var elements = JSONElements(source, layout: layout)
        do throws(StrictJSONError) {
            while let element = try elements.next() {
                switch element {
                case .value(let range, let array):
                    var window = elements.window
                    let element = window.slice(range)
                    let bytes = [UInt8](element.span)
                    found.append(.value(String(decoding: bytes, as: UTF8.self), array: array))
                case .member(let range, let name):
                    let window = elements.window
                    let bytes = [UInt8](window.span.extracting(range))
                    found.append(.member(String(decoding: bytes, as: UTF8.self), name: name))
                case .tooLong(let byteCount, let array):
                    found.append(.tooLong(byteCount: byteCount, array: array))
                }
                if found.count > byteCount {
                    isEndless = true
                    break
                }
            }
        } catch {
            fault = error
        }
        byteOffset = elements.byteOffset
    }

    init(_ text: [UInt8], layout: JSONElements.Layout) {
        self.init(MemorySource(text), byteCount: text.count, layout: layout)
    }

    init(_ text: [UInt8], layout: JSONElements.Layout, pieces: [Int]) {
        self.init(PieceSource(text, pieces: pieces), byteCount: text.count, layout: layout)
    }
}

/// A source that gives its bytes in pieces of given sizes, the last size again and again.
final class PieceSource: ByteSource {
    private let bytes: [UInt8]
    private let pieces: [Int]
    private var position = 0
    private var reads = 0

    init(_ bytes: [UInt8], pieces: [Int]) {
        self.bytes = bytes
        self.pieces = pieces
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let piece = pieces[min(reads, pieces.count - 1)]
        reads += 1
        let count = min(piece, buffer.count, bytes.count - position)
        for offset in 0..<count { buffer[offset] = bytes[position + offset] }
        position += count
        return count
    }
}

/// A source that gives some bytes and then fails.
final class FailingSource: ByteSource {
    private let source: MemorySource

    init(after bytes: [UInt8]) {
        source = MemorySource(bytes)
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let count = try source.read(into: &buffer)
        if count == 0 { throw .unreadable(code: 5) }
        return count
    }
}

/// The same numbers at every run.
struct FixedNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
