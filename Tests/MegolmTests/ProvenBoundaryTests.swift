import Bytes
import MatrixTypes
import Megolm
import Testing

/// From where on agreement at a later index proves a key.
@Suite struct ProvenBoundaryTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let first: UInt32
        let agreement: UInt32
        let proven: UInt32

        init(_ first: UInt32, _ agreement: UInt32, _ proven: UInt32) {
            self.first = first
            self.agreement = agreement
            self.proven = proven
        }

        var testDescription: String { "\(first) agreeing at \(agreement)" }
    }

    static let rows = [
        // One block of 256: the key itself.
        Row(0, 0, 0), Row(0, 5, 0), Row(0, 255, 0), Row(7, 255, 7), Row(255, 255, 255),
        Row(256, 256, 256), Row(256, 511, 256), Row(65_535, 65_535, 65_535),
        Row(0x1041506, 0x10415ff, 0x1041506), Row(.max, .max, .max),
        Row(.max - 255, .max, .max - 255),
        // One block of 65,536: the next multiple of 256.
        Row(0, 256, 256), Row(0, 300, 256), Row(0, 65_535, 256), Row(255, 256, 256),
        Row(256, 512, 512), Row(255, 512, 256), Row(257, 65_535, 512), Row(65_279, 65_280, 65_280),
        Row(0x1041506, 0x1041600, 0x1041600), Row(0xffff_0000, .max, 0xffff_0100),
        // One block of 2²⁴: the next multiple of 65,536.
        Row(0, 65_536, 65_536), Row(65_535, 65_536, 65_536), Row(65_535, 1 << 24 - 1, 65_536),
        Row(65_536, 131_072, 131_072), Row(1, 1 << 24 - 1, 65_536),
        Row(0x1041506, 0x1050000, 0x1050000), Row(0xff00_0000, .max, 0xff01_0000),
        // Beyond: the next multiple of 2²⁴.
        Row(0, 1 << 24, 1 << 24), Row(1 << 24 - 1, 1 << 24, 1 << 24),
        Row(1 << 24, 1 << 25, 1 << 25), Row(5, .max, 1 << 24), Row(0x1041506, .max, 0x200_0000),
        Row(0xfeff_ffff, .max, 0xff00_0000),
    ]

    @Test("The boundary is the next border that the slower parts still bind", arguments: rows)
    func table(_ row: Row) {
        let first = MessageIndex(row.first)
        #expect(first.provenBoundary(agreeingAt: MessageIndex(row.agreement)).value == row.proven)
    }

    // MARK: The reference ratchet agrees with libolm

    static let starts: [UInt32] = [0, 1, 200, 255, 256, 300, 65_500, 65_536, 1 << 24 - 2, 1 << 24]
    static let targets: [UInt32] = [
        0, 1, 5, 255, 256, 257, 65_535, 65_536, 65_537, 1 << 24 - 1, 1 << 24, 1 << 24 + 1,
        0x1041506,
    ]

    @Test("The reference ratchet and libolm give the same parts", arguments: starts, targets)
    func libolm(start: UInt32, target: UInt32) throws {
        guard target >= start else { return }
        var numbers = FixedNumbers(seed: UInt64(start))
        let bytes = numbers.bytes(128)
        let key = try ExportedSessionKey(ratchet: bytes, index: start)
        let reference = ReferenceRatchet(index: start, bytes: bytes).advanced(to: target)
        #expect(reference.index == target)
        #expect(try key.wound(toIndex: target).parts == reference.bytes)
    }

    @Test(
        "The reference ratchet in single steps comes to where it comes at once",
        arguments: [0, 250, 65_300, 1 << 24 - 300] as [UInt32])
    func steps(start: UInt32) {
        var numbers = FixedNumbers(seed: 7)
        let origin = ReferenceRatchet(index: start, bytes: numbers.bytes(128))
        var stepped = origin
        for index in start + 1...start + 600 {
            stepped.step()
            guard index % 16 < 2 || index % 256 > 253 else { continue }
            #expect(stepped == origin.advanced(to: index))
        }
    }

    @Test("libolm's published ratchet: the reference and libolm come to the same parts")
    func published() throws {
        let text = String(repeating: "0123456789ABCDEF", count: 8)
        let r3 = "ba9cd955741d1c162323ec825e7c5ce889bbb423a18f23828fb2090d6e2af86a"
        let r0 = "54022d7dc0298e1637e21c97153092f933c056ff74fe1b922d971f2482c2859c"
        let expected: [(UInt32, String)] = [
            (1, hexadecimal(text.utf8.prefix(96)) + r3),
            (
                0x1000000,
                r0 + "7004c01ee49bd6efe0073525af9b1632c5be726d12349cc5bd472bdc2df6540f"
                    + "3112591194fda617e568c683101eaecd7eddd6de1fbc0767ae34da1a09a54eab" + r3
            ),
            (
                0x1041506,
                r0 + "55588df5b7a48878428927868164589f3663447b51edc3595b036ca604c46dcd"
                    + "5c54850bfa98a1fd79a9df1cbe8fc5681937d30c85c8c31f7bb828816cf9ff3b"
                    + "956cbf807e65126a49558d45c84a2e4cd56f03e24416b98e1cfd97c206aa907a"
            ),
        ]
        let start = ReferenceRatchet(index: 0, bytes: Array(text.utf8))
        let key = try ExportedSessionKey(ratchet: Array(text.utf8), index: 0)
        for (index, parts) in expected {
            #expect(hexadecimal(start.advanced(to: index).bytes) == parts)
            #expect(try hexadecimal(key.wound(toIndex: index).parts) == parts)
        }
    }

    // MARK: The boundary against the reference

    /// A key's first index, a later index, and the borders between.
    struct Triple {
        let first: UInt32
        let agreement: UInt32

        /// Draws both near a multiple of 2⁸, 2¹⁶ or 2²⁴.
        init(shift: UInt32, from numbers: inout FixedNumbers) {
            let border = UInt32.random(in: 1...4, using: &numbers) << shift
            let reach = Int64([3, 40, 300].randomElement(using: &numbers) ?? 3)
            let low = Int64(border) + Int64.random(in: -reach...reach, using: &numbers)
            first = UInt32(max(0, low))
            agreement = first + UInt32.random(in: 0...UInt32(2 * reach), using: &numbers)
        }
    }

    @Test(
        "Whatever is spoilt and still connects is genuine from the boundary on",
        arguments: [8, 16, 24] as [UInt32], UInt64(0)..<10)
    func sound(shift: UInt32, seed: UInt64) {
        var numbers = FixedNumbers(seed: seed << 8 | UInt64(shift))
        var connected = 0
        for _ in 0..<40 {
            let triple = Triple(shift: shift, from: &numbers)
            let genuine = ReferenceRatchet(index: triple.first, bytes: numbers.bytes(128))
            // Any of the fifteen ways to alter some of the four parts, those of the fastest often.
            let anyParts = UInt8.random(in: 1...15, using: &numbers)
            let altered: UInt8 = [8, 4, 12, 14, anyParts].randomElement(using: &numbers) ?? 8
            var spoilt = genuine
            for part in 0..<4 where altered >> part & 1 == 1 { spoilt.alter(part) }
            guard spoilt.advanced(to: triple.agreement) == genuine.advanced(to: triple.agreement)
            else { continue }
            connected += 1
            let boundary = MessageIndex(triple.first)
                .provenBoundary(agreeingAt: MessageIndex(triple.agreement)).value
            #expect(boundary > triple.first && boundary <= triple.agreement)
            #expect(spoilt.advanced(to: boundary) == genuine.advanced(to: boundary))
        }
        #expect(connected > 0)
    }

    @Test(
        "The boundary is the lowest index at which every connecting alteration is undone",
        arguments: [8, 16, 24] as [UInt32], UInt64(0)..<10)
    func tight(shift: UInt32, seed: UInt64) {
        var numbers = FixedNumbers(seed: seed << 16 | UInt64(shift))
        for _ in 0..<4 {
            let triple = Triple(shift: shift, from: &numbers)
            let genuine = ReferenceRatchet(index: triple.first, bytes: numbers.bytes(128))
            var lowest = triple.first
            for part in 0..<4 {
                var spoilt = genuine
                spoilt.alter(part)
                if let undone = undoneAt(spoilt, genuine, by: triple.agreement) {
                    lowest = max(lowest, undone)
                }
            }
            let boundary = MessageIndex(triple.first)
                .provenBoundary(agreeingAt: MessageIndex(triple.agreement)).value
            #expect(boundary == lowest)
        }
    }

    /// The first index, found step by step, from which two ratchets are the same.
    private func undoneAt(
        _ left: ReferenceRatchet, _ right: ReferenceRatchet, by last: UInt32
    ) -> UInt32? {
        var (left, right) = (left, right)
        while left != right {
            if left.index == last { return nil }
            left.step()
            right.step()
        }
        return left.index
    }

    @Test(
        "One index before the boundary, a spoilt key that connects is not the genuine one",
        arguments: [(3, 8), (2, 16), (1, 24)] as [(Int, UInt32)])
    func before(part: Int, shift: UInt32) throws {
        let genuine = try ExportedSessionKey(MadeSession.exportAt0).wound(toIndex: 3)
        let spoilt = try genuine.altered(parts: [part])
        let held = try genuine.wound(toIndex: 1 << shift + 20)
        #expect(try spoilt.ordering(comparedTo: held) == .better)
        let boundary = genuine.firstKnownIndex.provenBoundary(agreeingAt: held.firstKnownIndex)
        #expect(boundary.value == 1 << shift)
        #expect(try spoilt.wound(to: boundary).isIdentical(to: genuine.wound(to: boundary)))
        let before = boundary.value - 1
        #expect(
            try !spoilt.wound(toIndex: before).isIdentical(to: genuine.wound(toIndex: before)))
    }
}
