extension MutableSpan<UInt8> {
    /// The bytes of `range`, for writing.
    @_lifetime(&self)
    package mutating func slice(_ range: Range<Int>) -> MutableSpan<UInt8> {
        _mutatingExtracting(range)
    }

    /// Overwrites the bytes from `offset` on with all of `source`.
    package mutating func copy(_ source: Span<UInt8>, to offset: Int) {
        precondition(offset >= 0 && offset + source.count <= count)
        for index in source.indices { self[offset + index] = source[index] }
    }
}
