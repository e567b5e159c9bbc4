import Bytes
import Secrets
import TestSupport
import Testing

@testable import Sealing

/// Damage behind the header, and that what was given before it had verified.
struct PayloadTests {
    private let key = newKey(1)
    private let full = FixedRandomSource.bytes(Payload.chunkByteCount, number: 20)
    private let short = FixedRandomSource.bytes(100, number: 21)

    @Test("sizes around a chunk", arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073])
    func roundTrip(_ byteCount: Int) throws {
        let plaintext = FixedRandomSource.bytes(byteCount, number: 22)
        let sealed = try seal(plaintext, to: [key.recipient])
        let chunks = max(1, (byteCount + 65_535) / 65_536)
        #expect(sealed.count == 184 + byteCount + 16 * chunks)
        let result = open(sealed, with: [key])
        #expect(result.plaintext == plaintext && result.failure == nil)
    }

    @Test("out-16: no bit of a small file can be turned") func everyBit() throws {
        let sealed = try seal(short, to: [key.recipient])
        for bit in 0..<sealed.count * 8 {
            var damaged = sealed
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let result = open(damaged, with: [key])
            #expect(result.failure != nil && result.plaintext.isEmpty, "bit \(bit)")
        }
    }

    @Test("out-17: no byte can be cut from a small file's end") func everyCut() throws {
        let sealed = try seal(short, to: [key.recipient])
        for count in 0..<sealed.count {
            let result = open(Array(sealed[..<count]), with: [key])
            #expect(result.failure != nil && result.plaintext.isEmpty, "\(count) bytes")
        }
    }

    @Test("out-18: chunks exchanged") func exchanged() throws {
        try expect(released: full, .chunkNotAuthentic(index: 1)) { file in
            file.chunk(full, index: 0, isLast: false) + file.chunk(full, index: 2, isLast: false)
                + file.chunk(full, index: 1, isLast: false)
                + file.chunk(short, index: 3, isLast: true)
        }
    }

    @Test("out-19: the last chunk's flag is missing") func unflagged() throws {
        try expect(released: full + full, .finalChunkMissing) { file in
            file.chunk(full, index: 0, isLast: false) + file.chunk(full, index: 1, isLast: false)
        }
        try expect(released: full, .chunkNotAuthentic(index: 1)) { file in
            file.chunk(full, index: 0, isLast: false) + file.chunk(short, index: 1, isLast: false)
        }
    }

    @Test("a flag too early") func flaggedEarly() throws {
        try expect(released: full, .bytesBehindFinalChunk) { file in
            file.chunk(full, index: 0, isLast: true) + file.chunk(short, index: 1, isLast: true)
        }
    }

    @Test("out-20, out-21: something behind the last chunk", arguments: [1, 15, 16, 17, 70_000])
    func trailing(_ count: Int) throws {
        try expect(released: [], .chunkNotAuthentic(index: 0)) { file in
            file.chunk(short, index: 0, isLast: true) + [UInt8](repeating: 0, count: count)
        }
    }

    @Test("out-22: an empty last chunk behind a full one") func emptyLast() throws {
        try expect(released: full, .emptyFinalChunk) { file in
            file.chunk(full, index: 0, isLast: false) + file.chunk([], index: 1, isLast: true)
        }
    }

    @Test("no chunk, or less than a tag", arguments: [0, 1, 15]) func tooShort(_ count: Int) throws
    {
        try expect(released: [], .payloadEndsEarly(index: 0)) { _ in
            [UInt8](repeating: 0, count: count)
        }
    }

    @Test("a file that was refused stays refused") func staysRefused() throws {
        var sealed = try seal(short, to: [key.recipient])
        sealed[sealed.count - 1] ^= 1
        let file = try OpenedFile(source: MemorySource(sealed), keys: [key])
        for _ in 0..<2 {
            #expect(drain(file).error == .damagedBelow)
            #expect(file.failure == .chunkNotAuthentic(index: 0))
        }
    }

    @Test("a source that fails is not called damage") func failingSource() throws {
        let sealed = try seal(full, to: [key.recipient])
        let source = FailingSource(Array(sealed[..<5000]))
        let file = try OpenedFile(source: source, keys: [key])
        #expect(drain(file).error == .unreadable(code: 5))
        #expect(file.failure == .stream(.unreadable(code: 5)))
    }

    @Test("written in small pieces, it is the same file") func pieces() throws {
        var random = FixedRandomSource(number: 1)
        let whole = MemorySink()
        let writer = try SealedFileWriter(to: [key.recipient], into: whole, random: &random)
        try writer.write(full + short)
        try writer.finish()
        random = FixedRandomSource(number: 1)
        let pieced = MemorySink()
        let other = try SealedFileWriter(to: [key.recipient], into: pieced, random: &random)
        for start in stride(from: 0, to: full.count, by: 1 << 12) {
            try other.write(Array(full[start..<start + (1 << 12)]))
        }
        try other.write([])
        for byte in short { try other.write([byte]) }
        try other.finish()
        #expect(whole.bytes == pieced.bytes)
    }

    private func expect(
        released: [UInt8], _ failure: SealingError, payload: (borrowing HandmadeFile) -> [UInt8]
    ) throws {
        var file = HandmadeFile()
        let stanza = try file.stanza(for: key)
        let result = open(try file.start([stanza]) + payload(file), with: [key])
        #expect(result.failure == failure)
        #expect(result.plaintext == released)
    }
}

/// A source that gives some bytes and then cannot be read any more.
private final class FailingSource: ByteSource {
    private let start: MemorySource

    init(_ start: [UInt8]) {
        self.start = MemorySource(start)
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        let count = try start.read(into: &buffer)
        if count == 0 { throw .unreadable(code: 5) }
        return count
    }
}
