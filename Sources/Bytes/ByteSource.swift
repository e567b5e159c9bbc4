/// Where bytes come from, in one pass: a file, standard input, a decrypting layer, memory.
package protocol ByteSource: AnyObject {
    /// Fills the front of `buffer` and returns how many bytes it put there.
    ///
    /// May return fewer than asked for; returns 0 only at the end.
    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int
}

/// A source that can be read again from its start, because a check must pass over all of it before
/// any of it is used.
package protocol RewindableByteSource: ByteSource {
    /// Goes back to the first byte.
    func rewind() throws(StreamError)

    /// How many bytes there are in all.
    var byteCount: Int { get }
}

extension ByteSource {
    /// Fills `buffer` whole unless the source ends first; returns how many bytes it put there.
    package func fill(_ buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        var filled = 0
        while filled < buffer.count {
            var rest = buffer.slice(filled..<buffer.count)
            let count = try read(into: &rest)
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Reads all of the source into memory, for small public files.
    ///
    /// - Parameter limit: the largest count accepted, in bytes; more throws `tooLarge`.
    package func readAll(limit: Int) throws(StreamError) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var span = piece.mutableSpan
            let count = try read(into: &span)
            if count == 0 { return all }
            if all.count + count > limit { throw .tooLarge(limit: limit) }
            all.append(contentsOf: piece[..<count])
        }
    }
}
