import Bundles
import Bytes
import Testing

/// Every small damage to a small bundle: none may pass for whole.
struct DamageTests {
    static func oneSession() throws -> [UInt8] {
        try write(sampleSessions(1, sender: sampleSender()), manifest: sampleManifest())
    }

    @Test(arguments: 0..<8)
    func noSingleFlippedBitPasses(bit: Int) throws {
        let whole = try Self.oneSession()
        let expectation = try sampleExpectation()
        #expect(try refusal(of: whole, expecting: expectation) == nil)
        for position in whole.indices {
            var damaged = whole
            damaged[position] ^= 1 << bit
            let error = try refusal(of: damaged, expecting: expectation)
            // The signer's key is compared before anything is verified; what is not a signature,
            // body or key is magic, version, type or length.
            #expect(error != nil, "byte \(position)")
            if (9..<41).contains(position) { #expect(error == .otherSigner) }
        }
    }

    @Test func noTruncationPasses() throws {
        let whole = try Self.oneSession()
        let expectation = try sampleExpectation()
        for count in whole.indices {
            let error = try refusal(of: Array(whole[..<count]), expecting: expectation)
            #expect(error == (count < 9 ? .notABundle : .truncated), "cut to \(count) bytes")
        }
    }

    @Test func aStreamThatBreaksIsTheStreamsFault() throws {
        let whole = try Self.oneSession()
        let expectation = try sampleExpectation()
        for count in 0...whole.count {
            #expect(throws: BundleError.stream(.damagedBelow), "after \(count) bytes") {
                let source = BreakingSource(Array(whole[..<count]))
                _ = try read(source, expecting: expectation)
            }
        }
    }

    @Test func aSinkThatBreaksIsTheStreamsFault() throws {
        let manifest = try sampleManifest()
        let records = try sampleSessions(1)
        for count in 0..<14 {
            let sink = BreakingSink(writes: count)
            #expect(throws: BundleError.stream(.unwritable(code: 28)), "after \(count) writes") {
                let signer = TestSigner()
                var writer = try BundleWriter(to: sink, manifest: manifest, signedBy: signer.key)
                try writer.add(records[0], signedBy: signer.key)
                _ = try writer.finish(signedBy: signer.key)
            }
        }
    }
}

/// Gives its bytes, and in place of the end an error.
final class BreakingSource: ByteSource {
    private let whole: MemorySource

    init(_ bytes: [UInt8]) {
        whole = MemorySource(bytes)
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let count = try whole.read(into: &buffer)
        if count == 0, buffer.count > 0 { throw .damagedBelow }
        return count
    }
}

/// Takes some writes and then no more, as a full disk does.
final class BreakingSink: ByteSink {
    private var writes: Int

    init(writes: Int) {
        self.writes = writes
    }

    func write(_ bytes: Span<UInt8>) throws(StreamError) {
        if writes == 0 { throw .unwritable(code: 28) }
        writes -= 1
    }
}
