/// A source of randomness of any kind, for values that hold one.
package struct AnyRandomSource: RandomSource {
    private var source: any RandomSource

    package init(_ source: any RandomSource) {
        self.source = source
    }

    package mutating func fill(_ buffer: inout MutableSpan<UInt8>) {
        source.fill(&buffer)
    }
}
