import Bundles
import Bytes
import MatrixTypes
import Secrets
import Testing

/// A write-only archive's segments, and what is done to them.
@Suite struct ArchiveChainTests {
    struct Segment {
        let manifest: BundleManifest
        let signer: Ed25519.PublicKey
    }

    /// Segment n is signed by writer n and names writer n + 1.
    static func writer(_ number: UInt64) -> Ed25519.PublicKey {
        TestSigner(500 + number).publicKey
    }

    static func manifest(_ number: UInt64, link: ArchiveLink?) throws -> BundleManifest {
        var random = FixedRandomSource(number: 900 + number)
        let id = BundleID(from: &random)
        return try BundleManifest(
            purpose: link == nil ? .handover : .archive, id: id, createdMilliseconds: sampleNow,
            expiresMilliseconds: sampleNow + day,
            audience: AudienceHash.list(of: [sampleRecipient()], bundle: id),
            roomID: RoomID(sampleRoom), archiveLink: link)
    }

    /// Segments 1 … count, and the heads after each.
    static func segments(_ count: UInt64) throws -> (segments: [Segment], heads: [ArchiveHead]) {
        var chain = ArchiveChain(firstWriter: writer(1))
        var segments: [Segment] = []
        var heads: [ArchiveHead] = []
        for number in 1...count {
            let link = chain.link(nextWriter: writer(number + 1))
            let segment = Segment(
                manifest: try manifest(number, link: link), signer: writer(number))
            try chain.append(segment.manifest, signedBy: segment.signer)
            segments.append(segment)
            heads.append(try #require(chain.head))
        }
        return (segments, heads)
    }

    static func check(
        _ segments: [Segment], against head: ArchiveHead? = nil
    ) throws(ArchiveChainError) {
        var chain = ArchiveChain(firstWriter: writer(1), keptHead: head)
        for segment in segments { try chain.append(segment.manifest, signedBy: segment.signer) }
        try chain.checkEnd()
    }

    @Test func aWholeChainHoldsWithAnyHeadOfItsOwn() throws {
        let (segments, heads) = try Self.segments(7)
        try Self.check(segments)
        for head in heads { try Self.check(segments, against: head) }
        #expect(segments[0].manifest.archiveLink?.sequence == 1)
        #expect(segments[0].manifest.archiveLink?.previous == .zero)
    }

    @Test func arc02AMissingSegmentIsFound() throws {
        var segments = try Self.segments(7).segments
        segments.remove(at: 4)
        #expect(throws: ArchiveChainError.wrongPlace(expected: 5, actual: 6)) {
            try Self.check(segments)
        }
    }

    @Test func segmentsOutOfOrderAreFound() throws {
        var segments = try Self.segments(7).segments
        segments.swapAt(2, 3)
        #expect(throws: ArchiveChainError.wrongPlace(expected: 3, actual: 4)) {
            try Self.check(segments)
        }
    }

    @Test func arc03AReplacedSegmentIsFound() throws {
        var segments = try Self.segments(7).segments
        // The key on the machine now is the eighth writer's.
        segments[2] = Segment(
            manifest: try Self.manifest(77, link: segments[2].manifest.archiveLink),
            signer: Self.writer(8))
        #expect(throws: ArchiveChainError.otherWriter(sequence: 3)) { try Self.check(segments) }
        // Even under the true key, its successor does not follow it.
        segments[2] = Segment(manifest: segments[2].manifest, signer: Self.writer(3))
        #expect(throws: ArchiveChainError.otherPredecessor(sequence: 4)) {
            try Self.check(segments)
        }
    }

    @Test func arc04ATruncatedChainIsFoundByItsHead() throws {
        let (segments, heads) = try Self.segments(7)
        #expect(throws: ArchiveChainError.truncated(expected: 7, actual: 6)) {
            try Self.check(segments.dropLast(), against: heads[6])
        }
        #expect(throws: ArchiveChainError.truncated(expected: 1, actual: 0)) {
            try Self.check([], against: heads[0])
        }
    }

    @Test func arc05WithoutAHeadATruncatedChainPasses() throws {
        try Self.check(try Self.segments(7).segments.dropLast())
    }

    @Test func anotherHeadIsFound() throws {
        let segments = try Self.segments(3).segments
        let head = try #require(ArchiveHead("2:" + String(repeating: "ab", count: 32)))
        #expect(throws: ArchiveChainError.otherHead(sequence: 2)) {
            try Self.check(segments, against: head)
        }
    }

    @Test func theChainCanEnd() throws {
        var chain = ArchiveChain(firstWriter: Self.writer(1))
        let link = chain.link(nextWriter: nil)
        try chain.append(try Self.manifest(1, link: link), signedBy: Self.writer(1))
        #expect(chain.nextWriter == nil)
        let more = try Self.segments(2).segments[1]
        #expect(throws: ArchiveChainError.ended(before: 2)) {
            try chain.append(more.manifest, signedBy: more.signer)
        }
    }

    @Test func refusesAnUnsoundNextWriterAndAHandOver() throws {
        var chain = ArchiveChain(firstWriter: Self.writer(1))
        var identity = [UInt8](repeating: 0, count: 32)
        identity[0] = 1
        let link = ArchiveLink(
            sequence: 1, previous: .zero, nextWriterKey: Bytes32(identity) ?? .zero)
        let unsound = try Self.manifest(1, link: link)
        #expect(throws: ArchiveChainError.invalidNextWriter(sequence: 1)) {
            try chain.append(unsound, signedBy: Self.writer(1))
        }
        let handOver = try Self.manifest(1, link: nil)
        #expect(throws: ArchiveChainError.notASegment) {
            try chain.append(handOver, signedBy: Self.writer(1))
        }
        #expect(chain == ArchiveChain(firstWriter: Self.writer(1)))
    }

    @Test("a head has one spelling", arguments: ["1", "0:", "01:", "+1:", "1:AB", " 1:"])
    func aHeadHasOneSpelling(prefix: String) throws {
        let head = try #require(try Self.segments(2).heads.last)
        #expect(ArchiveHead(head.description) == head)
        let digits = String(head.description.split(separator: ":")[1])
        let text = prefix.hasSuffix("AB") ? "1:AB" + digits.dropFirst(2) : prefix + digits
        #expect(ArchiveHead(text) == nil)
    }
}
