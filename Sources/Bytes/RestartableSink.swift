/// A sink that can forget what it was given: for downloads that break off and begin again.
package protocol RestartableSink: ByteSink {
    /// Empties it.
    func restart() throws(StreamError)
}

extension MemorySink: RestartableSink {
    package func restart() {
        bytes = []
    }
}
