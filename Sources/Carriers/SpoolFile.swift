package import Bytes
import Foundation

/// A file without a name, for what is too large for memory and nobody's business afterwards: it is
/// gone when this object goes, whatever kills the program.
///
/// Holds public or encrypted bytes only.
package final class SpoolFile: RestartableSink, RewindableByteSource {
    private var file: TemporaryFile
    package private(set) var byteCount = 0

    /// - Parameter folder: a folder of this program's own.
    /// - Throws: `CarrierError`.
    package init(in folder: String) throws(CarrierError) {
        file = try TemporaryFile(in: folder)
        file.forgetName()
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        try file.descriptor.write(bytes)
        byteCount += bytes.count
    }

    package func restart() throws(StreamError) {
        try file.descriptor.cut(to: 0)
        byteCount = 0
    }

    /// Goes to the beginning, for reading.
    package func rewind() throws(StreamError) {
        try file.descriptor.rewind()
    }

    /// Fills all of `buffer` from the bytes at `offset` on.
    package func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws(StreamError) {
        try file.descriptor.read(at: offset, into: &buffer)
    }

    package func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        try file.descriptor.read(into: &buffer)
    }
}
