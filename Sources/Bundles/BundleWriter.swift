package import Bytes
import MatrixTypes
import Megolm
package import Secrets

/// Writes a bundle: the manifest at once, records as they come, and at the end what makes it whole.
///
/// Holds one data frame of at most 256 KiB, in memory that is wiped. The signing key is lent to each
/// call and never kept; it must be the same one each time. After an error of layer `stream` the
/// writer is of no more use; after any other, the record is refused and nothing has changed.
package struct BundleWriter: ~Copyable {
    private var frames: FrameWriter
    private var buffer: DataBuffer
    private let manifest: BundleManifest
    private let limits: BundleLimits
    private var totals = BundleTotals()
    private var lastID: SessionID?
    private var soundSenders: Set<BundleSender> = []

    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    /// Writes the preamble and the manifest frame.
    ///
    /// - Throws: `lifetimeTooLong` for what readers would refuse; `stream`.
    package init(
        to sink: any ByteSink, manifest: BundleManifest,
        signedBy signer: borrowing Ed25519.SigningKey, limits: BundleLimits = BundleLimits()
    ) throws(BundleError) {
        try limits.checkLifetime(of: manifest)
        var frames = try FrameWriter(to: sink, signer: signer.publicKey)
        try frames.frame(.manifest, body: manifest.encoded, signedBy: signer)
        self.frames = frames
        buffer = DataBuffer()
        self.manifest = manifest
        self.limits = limits
    }

    /// Adds a session or a withheld entry; both together in strictly ascending order of session ids.
    ///
    /// - Throws: `outOfOrder`; `unsoundSenderKey`; `indexTooHigh`; `tooManySessions`,
    ///   `tooManyWithheld`; `stream`.
    package mutating func add(
        _ record: BundleRecord, signedBy signer: borrowing Ed25519.SigningKey
    ) throws(BundleError) {
        let id = record.sessionID
        if let lastID, id <= lastID { throw .outOfOrder(id) }
        try check(record.sender)
        if case .session(let session) = record,
            session.sessionKey.firstKnownIndex > limits.firstIndex
        {
            throw .indexTooHigh(
                index: session.sessionKey.firstKnownIndex.value, limit: limits.firstIndex.value)
        }
        var totals = self.totals
        try totals.count(record, limits: limits)
        if !buffer.append(record) {
            try buffer.flush(to: &frames, signedBy: signer)
            let fits = buffer.append(record)
            precondition(fits, "an empty frame has room for any record")
        }
        self.totals = totals
        lastID = id
    }

    /// Checks a sender's keys once: a bundle of many sessions names few devices, and a check costs
    /// as much as a signature.
    private mutating func check(_ sender: BundleSender) throws(BundleError) {
        guard !soundSenders.contains(sender) else { return }
        guard sender.isSound else { throw .unsoundSenderKey }
        if soundSenders.count >= BundleFormat.maximumSenderCount { soundSenders = [] }
        soundSenders.insert(sender)
    }

    /// Writes what is still held, the padding and the end frame.
    ///
    /// - Returns: what the bundle holds.
    /// - Throws: `wrongCount(of: .overrides, …)` where the manifest stated another number of sessions
    ///   with the mark `override`; `stream`.
    package consuming func finish(
        signedBy signer: borrowing Ed25519.SigningKey
    ) throws(BundleError) -> BundleTotals {
        guard totals.overrideCount == manifest.overrideCount else {
            throw .wrongCount(
                of: .overrides, stated: UInt64(manifest.overrideCount),
                counted: UInt64(totals.overrideCount))
        }
        if !buffer.isEmpty { try buffer.flush(to: &frames, signedBy: signer) }
        let bare = frames.byteCount + BundleFormat.framingByteCount + EndBody.byteCount
        for byteCount in Padding.bodies(forBundleOf: bare) {
            try padding(byteCount, signedBy: signer)
        }
        let end = EndBody(
            totals: totals, frameCount: frames.frameCount, digest: frames.finishHash())
        try frames.frame(.end, body: end.encoded, signedBy: signer)
        return totals
    }

    private mutating func padding(
        _ byteCount: Int, signedBy signer: borrowing Ed25519.SigningKey
    ) throws(BundleError) {
        try frames.begin(FrameHeader(type: .padding, bodyByteCount: byteCount))
        var left = byteCount
        while left > 0 {
            let count = min(left, Self.zeros.count)
            try frames.append(Self.zeros.span.extracting(first: count))
            left -= count
        }
        try frames.end(.padding, signedBy: signer)
    }
}
