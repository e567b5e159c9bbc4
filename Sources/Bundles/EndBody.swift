import Bytes

/// The end frame's body: what a bundle held, so that none of it can be left out.
///
/// ```
/// 0               8                16                       24           88
/// sessions be64   withheld be64    frames before this one   BLAKE2b-512 of all bytes before
/// ```
struct EndBody: Equatable {
    static let byteCount = 88

    let sessionCount: UInt64
    let withheldCount: UInt64
    let frameCount: UInt64
    let digest: [UInt8]

    init(totals: BundleTotals, frameCount: UInt64, digest: [UInt8]) {
        sessionCount = UInt64(totals.sessionCount)
        withheldCount = UInt64(totals.withheldCount)
        self.frameCount = frameCount
        self.digest = digest
    }

    init(parsing body: Span<UInt8>) throws(BundleError) {
        var reader = FieldReader(body)
        sessionCount = try reader.integer(of: .end)
        withheldCount = try reader.integer(of: .end)
        frameCount = try reader.integer(of: .end)
        digest = [UInt8](try reader.bytes(BundleFormat.digestByteCount, of: .end))
        try reader.end(as: .end)
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: sessionCount)
        bytes.append(bigEndian: withheldCount)
        bytes.append(bigEndian: frameCount)
        return bytes + digest
    }

    /// Throws unless this says what `counted`, made by the reader from the bytes it saw, says.
    func check(against counted: EndBody) throws(BundleError) {
        for (what, stated, counted) in [
            (BundleCount.sessions, sessionCount, counted.sessionCount),
            (.withheld, withheldCount, counted.withheldCount),
            (.frames, frameCount, counted.frameCount),
        ] where stated != counted {
            throw .wrongCount(of: what, stated: stated, counted: counted)
        }
        guard digest == counted.digest else { throw .wrongDigest }
    }
}
