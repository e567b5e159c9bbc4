import Bundles
import Bytes
import MatrixTypes
import Megolm
import Testing

/// What the writer will not write.
struct WriterTests {
    @Test func idsThatDoNotAscend() throws {
        let records = try sampleSessions(2)
        let id = records[0].sessionID
        #expect(throws: BundleError.outOfOrder(id)) {
            try write(records.reversed(), manifest: sampleManifest())
        }
        #expect(throws: BundleError.outOfOrder(id)) {
            try write([records[0], records[0]], manifest: sampleManifest())
        }
        #expect(throws: BundleError.outOfOrder(id)) {
            let withheld = WithheldSession(sessionID: id, code: .unavailable, sender: .unknown)
            return try write([records[0], .withheld(withheld)], manifest: sampleManifest())
        }
    }

    @Test func aRefusedRecordLeavesTheBundleAsItWas() throws {
        let records = try sampleSessions(3)
        let signer = TestSigner()
        let sink = MemorySink()
        var writer = try BundleWriter(
            to: sink, manifest: sampleManifest(), signedBy: signer.key)
        try writer.add(records[1], signedBy: signer.key)
        do {
            try writer.add(records[0], signedBy: signer.key)
            Issue.record("taken out of order")
        } catch {
            #expect(error.layer == .record)
        }
        try writer.add(records[2], signedBy: signer.key)
        let totals = try writer.finish(signedBy: signer.key)
        #expect(totals.sessionCount == 2)
        #expect(try refusal(of: sink.bytes) == nil)
    }

    @Test func sendersThatNoReaderTakes() throws {
        let lowOrder = try #require(Bytes32(BadPoints.lowOrderX25519[0]))
        let sender = BundleSender(
            claims: OwnerClaims(senderKey: Curve25519PublicKey(bytes: lowOrder), ed25519: nil))
        #expect(!sender.isSound)
        #expect(throws: BundleError.unsoundSenderKey) {
            try write(sampleSessions(1, sender: sender), manifest: sampleManifest())
        }
    }

    @Test func moreThanReadersTake() throws {
        let records = try sampleSessions(3)
        #expect(throws: BundleError.tooManySessions(limit: 2)) {
            try write(
                records, manifest: sampleManifest(), limits: BundleLimits(recordCount: 2))
        }
        let high = sampleExport(1, index: 1 << 24 + 1)
        let key = try ExportedSessionKey(bytes: high.span, indexLimit: MessageIndex(.max))
        let session = BundledSession(sessionKey: key, sender: .unknown, marks: [])
        #expect(throws: BundleError.indexTooHigh(index: 1 << 24 + 1, limit: 1 << 24)) {
            try write([.session(session)], manifest: sampleManifest())
        }
        let sample = try sampleManifest()
        let long = try BundleManifest(
            id: sample.id, createdMilliseconds: sampleNow,
            expiresMilliseconds: sampleNow + 91 * day, audience: sample.audience,
            roomID: sample.roomID)
        #expect(
            throws: BundleError.lifetimeTooLong(milliseconds: 91 * day, limit: 90 * day)
        ) {
            try write([], manifest: long)
        }
    }

    @Test func anOverrideCountThatIsNotTrue() throws {
        let records = try sampleSessions(2, marks: .override)
        #expect(throws: BundleError.wrongCount(of: .overrides, stated: 0, counted: 2)) {
            try write(records, manifest: sampleManifest())
        }
        let manifest = try sampleManifest(overrideCount: 2, overrideReason: "asked for")
        #expect(try refusal(of: write(records, manifest: manifest)) == nil)
    }

    @Test func limitsNeverPassTheHardOne() {
        #expect(BundleLimits().recordCount == 200_000)
        #expect(BundleLimits(recordCount: .max).recordCount == 6_000_000)
    }
}
