import MatrixTypes
package import Secrets

/// A bundle from the pinned signer, for this reader, now, of the room asked for: its records can be
/// read, one frame of at most 256 KiB in memory at a time.
///
/// What has been read is not to be acted upon for good before `next()` has returned `nil`: until then
/// the end of the bundle, and with it the wholeness of all before, has not been seen.
package struct AdmittedBundle: ~Copyable {
    package let manifest: BundleManifest

    /// What the bundle held, once `next()` has returned `nil`.
    package private(set) var totals: BundleTotals?

    private let reader: FrameReader
    private let limits: BundleLimits
    private var counted = BundleTotals()
    private var lastID: SessionID?
    private var paddingByteCount = 0
    private var isPastData = false
    /// The records of the frame last read, the next one last.
    private var pending: [BundleRecord] = []
    /// What has gone wrong; it stays wrong.
    private var failure: BundleError?

    init(_ reader: FrameReader, manifest: BundleManifest, limits: BundleLimits) {
        self.reader = reader
        self.manifest = manifest
        self.limits = limits
    }

    /// The key under which all of this verifies.
    package var signer: Ed25519.PublicKey { reader.signer }

    /// The next session, given or withheld, in ascending order of ids; `nil` once all of the bundle
    /// has been read and everything in it holds.
    ///
    /// No record of a frame is given out before all of the frame has been checked. After an error
    /// every call throws that error again.
    ///
    /// - Throws: layer `frame`, `sig`, `record`, `limit` or `stream`.
    package mutating func next() throws(BundleError) -> BundleRecord? {
        if let failure { throw failure }
        do {
            while pending.isEmpty, totals == nil { try readFrame() }
        } catch {
            failure = error
            pending = []
            throw error
        }
        return pending.popLast()
    }

    private mutating func readFrame() throws(BundleError) {
        let header = try reader.header(
            allowing: isPastData ? [.padding, .end] : [.data, .padding, .end])
        switch header.type {
        case .data: try readData(header)
        case .padding: try readPadding(header)
        default: try readEnd(header)
        }
    }

    private mutating func readData(_ header: FrameHeader) throws(BundleError) {
        let body = try reader.body(of: header)
        let data = try DataBody(
            parsing: body.bytes, indexLimit: limits.firstIndex, recordsBefore: counted.recordCount)
        for record in data.records {
            let id = record.sessionID
            if let lastID, id <= lastID { throw .outOfOrder(id) }
            lastID = id
            try counted.count(record, limits: limits)
        }
        pending = data.records.reversed()
    }

    private mutating func readPadding(_ header: FrameHeader) throws(BundleError) {
        isPastData = true
        try reader.padding(of: header)
        paddingByteCount += header.bodyByteCount
        // Measured as though the bundle ended here, so that a flood is refused before its end.
        let limit = Padding.limit(
            inBundleOf: reader.byteCount + BundleFormat.framingByteCount + EndBody.byteCount)
        guard paddingByteCount <= limit else {
            throw .tooMuchPadding(byteCount: paddingByteCount, limit: limit)
        }
    }

    private mutating func readEnd(_ header: FrameHeader) throws(BundleError) {
        let frameCount = reader.frameCount
        let digest = reader.finishHash()
        let body = try reader.body(of: header)
        let end = try EndBody(parsing: body.bytes)
        try end.check(
            against: EndBody(totals: counted, frameCount: frameCount, digest: digest))
        guard manifest.overrideCount == counted.overrideCount else {
            throw .wrongCount(
                of: .overrides, stated: UInt64(manifest.overrideCount),
                counted: UInt64(counted.overrideCount))
        }
        try reader.checkEnd()
        totals = counted
    }
}
