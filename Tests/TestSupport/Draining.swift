package import Bytes

/// All that a source gives before it ends or throws.
package func drain(_ source: any ByteSource) -> (bytes: [UInt8], error: StreamError?) {
    var bytes: [UInt8] = []
    // An odd size, so that pieces never line up with anybody's chunks.
    var piece = [UInt8](repeating: 0, count: 10_007)
    do throws(StreamError) {
        while true {
            var span = piece.mutableSpan
            let count = try source.read(into: &span)
            if count == 0 { return (bytes, nil) }
            bytes.append(contentsOf: piece[..<count])
        }
    } catch {
        return (bytes, error)
    }
}
