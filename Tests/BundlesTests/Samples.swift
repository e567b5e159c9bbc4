import Bundles
import Bytes
import MatrixTypes
import Megolm
import Secrets

/// 2026-01-02T03:04:05.678Z, in milliseconds: when every sample bundle is made.
let sampleNow: UInt64 = 1_767_323_045_678
let day: UInt64 = 86_400_000
let sampleRoom = "!past:example.org"

/// Somebody who signs bundles; the same number is the same person at every run.
final class TestSigner {
    let key: Ed25519.SigningKey

    init(_ number: UInt64 = 1) {
        var random = FixedRandomSource(number: number)
        key = Ed25519.SigningKey(seed: SecretBytes(byteCount: 32, from: &random))
    }

    var publicKey: Ed25519.PublicKey { key.publicKey }
}

/// Somebody's X25519 public key; the same number is the same person at every run.
func sampleRecipient(_ number: UInt64 = 2) -> X25519.PublicKey {
    var random = FixedRandomSource(number: number)
    return X25519.publicKey(of: SecretBytes(byteCount: 32, from: &random))
}

/// A device that never was, with both keys sound.
func sampleSender(_ number: UInt64 = 3) throws -> BundleSender {
    BundleSender(
        claims: OwnerClaims(
            senderKey: Curve25519PublicKey(bytes: sampleRecipient(1000 + number).bytes),
            ed25519: Ed25519PublicKey(bytes: TestSigner(2000 + number).publicKey.bytes)),
        userID: try UserID("@sender\(number):example.org"),
        deviceID: try DeviceID("DEVICE\(number)"))
}

/// The 165 bytes of a session that nobody made: a true signing key, a random ratchet.
func sampleExport(_ number: UInt64, index: UInt32 = 0) -> [UInt8] {
    var random = FixedRandomSource(number: 10_000 + number)
    var bytes: [UInt8] = [0x01]
    bytes.append(bigEndian: index)
    bytes += random.bytes(128)
    bytes += TestSigner(1_000_000 + number).publicKey.bytes.array
    return bytes
}

/// The exports of `count` sessions in ascending order of their ids.
func sampleExports(_ count: Int) -> [[UInt8]] {
    (0..<UInt64(count)).map { sampleExport($0) }
        .sorted { $0[133...].lexicographicallyPrecedes($1[133...]) }
}

/// The records of `count` sessions in ascending order of their ids.
func sampleSessions(
    _ count: Int, sender: BundleSender = .unknown, marks: SessionMarks = .sharedHistory
) throws -> [BundleRecord] {
    try sampleExports(count).map {
        let key = try ExportedSessionKey(bytes: $0.span)
        return .session(BundledSession(sessionKey: key, sender: sender, marks: marks))
    }
}

func sampleManifest(
    recipients: [X25519.PublicKey] = [sampleRecipient()], overrideCount: UInt32 = 0,
    overrideReason: String = ""
) throws -> BundleManifest {
    var random = FixedRandomSource(number: 77)
    let id = BundleID(from: &random)
    return try BundleManifest(
        id: id, createdMilliseconds: sampleNow, expiresMilliseconds: sampleNow + 30 * day,
        signerUserID: UserID("@ana:example.org"), signerDeviceID: DeviceID("ANASDEVICE"),
        audience: AudienceHash.list(of: recipients, bundle: id), roomID: RoomID(sampleRoom),
        visibilityBasis: .shared, visibilityEventID: EventID("$visible"),
        overrideCount: overrideCount, overrideReason: overrideReason)
}

/// What the sample recipient expects at the sample time.
func sampleExpectation(
    recipient: X25519.PublicKey = sampleRecipient(), now: UInt64 = sampleNow,
    room: String? = sampleRoom, purpose: BundlePurpose = .handover,
    limits: BundleLimits = BundleLimits(), seen: Set<BundleID> = []
) throws -> BundleExpectation {
    BundleExpectation(
        recipient: recipient, nowMilliseconds: now, roomID: try room.map { try RoomID($0) },
        purpose: purpose, limits: limits, isSeen: { seen.contains($0) })
}

/// Writes a bundle with the room's own writer.
func write(
    _ records: [BundleRecord], manifest: BundleManifest, signer: TestSigner = TestSigner(),
    limits: BundleLimits = BundleLimits()
) throws(BundleError) -> [UInt8] {
    let sink = MemorySink()
    var writer = try BundleWriter(
        to: sink, manifest: manifest, signedBy: signer.key, limits: limits)
    for record in records { try writer.add(record, signedBy: signer.key) }
    _ = try writer.finish(signedBy: signer.key)
    return sink.bytes
}

/// What came of reading a bundle to its end.
struct ReadBundle {
    var manifest: BundleManifest
    var records: [BundleRecord]
    var totals: BundleTotals
}

/// Walks all the way: pinned signer, expectation, every record, the end.
func read(
    _ source: any ByteSource, signer: Ed25519.PublicKey = TestSigner().publicKey,
    expecting expectation: BundleExpectation
) throws(BundleError) -> ReadBundle {
    let signed = try UnverifiedBundle(reading: source).verified(as: signer)
    var admitted = try signed.accepted(by: expectation)
    var records: [BundleRecord] = []
    while let record = try admitted.next() { records.append(record) }
    guard let totals = admitted.totals else { throw .truncated }
    return ReadBundle(manifest: admitted.manifest, records: records, totals: totals)
}

/// Why a bundle is refused; `nil` where it is not.
func refusal(
    of bytes: [UInt8], signer: Ed25519.PublicKey = TestSigner().publicKey,
    expecting expectation: BundleExpectation? = nil
) throws -> BundleError? {
    let expectation = try expectation ?? sampleExpectation()
    do {
        _ = try read(MemorySource(bytes), signer: signer, expecting: expectation)
        return nil
    } catch {
        return error
    }
}

extension BundleRecord {
    /// The record as bytes, the sender spelled out: what two records are compared by.
    var fingerprint: [UInt8] {
        switch self {
        case .session(let session):
            [1, session.marks.rawValue] + [UInt8](session.sessionKey.bytes)
                + Array("\(session.sender)".utf8)
        case .withheld(let withheld):
            [2, withheld.code.rawValue] + withheld.sessionID.bytes.array
                + Array("\(withheld.sender)".utf8)
        }
    }
}
