import Bytes
import Secrets

/// One piece of text on its way through a stream cipher, which goes on only behind whole pieces.
///
/// Filled at one end, changed in place, given out at the other. Secret memory.
struct CipherPiece: ~Copyable {
    private var buffer: SecretBytes
    private var position = 0
    private var end = 0

    /// - Parameter byteCount: a multiple of the cipher's block.
    init(byteCount: Int) {
        buffer = SecretBytes(byteCount: byteCount)
    }

    /// How many bytes it holds at most.
    var capacity: Int { buffer.byteCount }
    var isFull: Bool { end == buffer.byteCount }
    /// Whether all that was put in has been given out.
    var isSpent: Bool { position == end }
    /// How many bytes were put in.
    var count: Int { end }

    /// All of its memory, for a source that fills it; `hold` says how much of it counts.
    var room: MutableSpan<UInt8> {
        @_lifetime(&self)
        mutating get { buffer.mutableBytes }
    }

    /// Holds the first `count` bytes of `room` from here on, none of them given out.
    mutating func hold(_ count: Int) {
        position = 0
        end = count
    }

    /// Puts in as much of `bytes` as there is room for, and returns how much that was.
    mutating func put(_ bytes: Span<UInt8>) -> Int {
        let taken = min(bytes.count, buffer.byteCount - end)
        buffer.copy(bytes.extracting(first: taken), to: end)
        end += taken
        return taken
    }

    /// Puts in one byte, for which there must be room.
    mutating func put(_ byte: UInt8) {
        let place = end
        var memory = buffer.mutableBytes
        memory[place] = byte
        end = place + 1
    }

    /// Gives out as much as `output` takes, and returns how much that was.
    mutating func give(into output: inout MutableSpan<UInt8>) -> Int {
        let given = min(output.count, end - position)
        output.copy(buffer.bytes.extracting(position..<position + given), to: 0)
        position += given
        return given
    }
}
