/// Where bytes go, in order: a file being written, standard output, a sealing layer, memory.
package protocol ByteSink: AnyObject {
    /// Takes all of `bytes`, or throws.
    func write(_ bytes: Span<UInt8>) throws(StreamError)
}

extension ByteSink {
    /// Takes all of `bytes`, or throws.
    package func write(_ bytes: [UInt8]) throws(StreamError) {
        try write(bytes.span)
    }
}
