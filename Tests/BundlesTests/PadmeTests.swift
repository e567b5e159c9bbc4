import Bundles
import Testing

struct PadmeTests {
    /// Worked by hand from E = ⌊log₂ L⌋, S = ⌊log₂ E⌋ + 1, the last E − S bits zero.
    @Test(arguments: [
        (0, 0), (1, 1), (2, 2), (3, 3), (7, 7), (8, 8), (9, 10), (15, 16), (16, 16), (17, 18),
        (33, 36), (100, 104), (255, 256), (256, 256), (257, 272), (1000, 1024), (1025, 1088),
        (65_536, 65_536), (65_537, 67_584), (1_000_000, 1_015_808),
        (1 << 30, 1 << 30), (1 << 30 + 1, 1 << 30 + 1 << 25),
    ])
    func lengths(length: Int, padded: Int) {
        #expect(Padme.length(for: length) == padded)
    }

    @Test func neverLessNeverMuchMoreAndFixed() {
        for length in 1..<70_000 {
            let padded = Padme.length(for: length)
            #expect(padded >= length && padded * 100 <= length * 112)
            #expect(Padme.length(for: padded) == padded)
        }
    }
}

struct PaddingTests {
    /// Sizes around each power of two that a bundle can have, and in between.
    static let sizes: [Int] = (8...30).flatMap { (exponent: Int) -> [Int] in
        let power = 1 << exponent
        let near = (-80...80).map { (offset: Int) -> Int in power + offset }
        let between = (1...80).map { (step: Int) -> Int in power + step * 12_345 }
        return near + between
    }

    @Test func fillsToAPadmeLengthInFramesThatReadersTake() {
        for size in Self.sizes {
            let bodies = Padding.bodies(forBundleOf: size)
            let padded = size + bodies.reduce(0) { $0 + 69 + $1 }
            #expect(Padme.length(for: padded) == padded, "\(size)")
            #expect(bodies.allSatisfy { (0...(1 << 20)).contains($0) }, "\(size)")
            #expect(bodies.reduce(0, +) <= Padding.limit(inBundleOf: padded), "\(size)")
        }
    }

    static let worked: [(size: Int, bodies: [Int])] = [
        // Padmé lengths already.
        (416, []),
        (1_048_576, []),
        // Gaps of 8 and 40 are below 69, of 72 is not.
        (728, [3]),
        // A gap of exactly 69 is an empty frame.
        (763, [0]),
        (762, [1]),
        (764, [31]),
        // From 2³⁰ on the step is 2²⁵: 32 MiB less a byte are 31 whole frames and the rest.
        (1_073_741_825, [Int](repeating: 1_048_576, count: 31) + [1_046_367]),
        // 2³⁰ + 2²⁵ less one whole frame and an empty one, and less a byte fewer.
        (1_106_247_542, [1_048_576, 0]),
        (1_106_247_543, [1_048_575, 0]),
    ]

    @Test(arguments: worked)
    func bodies(size: Int, bodies: [Int]) {
        #expect(Padding.bodies(forBundleOf: size) == bodies)
    }
}
