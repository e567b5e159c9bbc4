/// How a bundle is filled up, so that its length tells little of how many sessions it has.
package enum Padding {
    /// The bodies of the padding frames, in bytes, for a bundle of `byteCount` bytes without padding
    /// but with its end frame.
    ///
    /// With them the bundle has a Padmé length: the smallest one, unless the gap to it is smaller than
    /// an empty frame. None for a bundle that has such a length already. Each body is at most 1 MiB.
    package static func bodies(forBundleOf byteCount: Int) -> [Int] {
        let framing = BundleFormat.framingByteCount
        let largest = FrameType.padding.maximumBodyByteCount
        var padded = Padme.length(for: byteCount)
        while padded != byteCount, padded - byteCount < framing {
            padded = Padme.length(for: padded + 1)
        }
        let gap = padded - byteCount
        let frameCount = (gap + framing + largest - 1) / (framing + largest)
        var left = gap - frameCount * framing
        return (0..<frameCount).map { _ in
            defer { left -= min(left, largest) }
            return min(left, largest)
        }
    }

    /// The most padding borne in a bundle of `byteCount` bytes in all: 15 % of it, or 4 KiB.
    package static func limit(inBundleOf byteCount: Int) -> Int {
        max(byteCount * 15 / 100, 4096)
    }
}
