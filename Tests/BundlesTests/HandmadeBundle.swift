import Bundles
import Bytes
import MatrixTypes
import Secrets

/// A bundle made by hand, byte for byte and without the room's own writer: a faulty or hostile signer
/// who puts a true signature to anything.
struct HandmadeBundle {
    let signer: TestSigner
    var preamble: [UInt8]
    var frames: [[UInt8]] = []
    var manifestDigest = [UInt8](repeating: 0, count: 64)

    static let manifest: UInt8 = 0x01
    static let data: UInt8 = 0x02
    static let padding: UInt8 = 0x03
    static let end: UInt8 = 0x7f

    init(signer: TestSigner = TestSigner()) {
        self.signer = signer
        preamble = Array("heirloom".utf8) + [0x01] + signer.publicKey.bytes.array
    }

    /// A bundle with its manifest, and nothing after it.
    init(_ manifest: HandmadeManifest, signer: TestSigner = TestSigner()) {
        self.init(signer: signer)
        add(Self.manifest, manifest.bytes)
    }

    /// A whole bundle: manifest, data frames, end.
    static func whole(
        _ manifest: HandmadeManifest = HandmadeManifest(), data: [HandmadeData] = [.oneSession]
    ) -> HandmadeBundle {
        var bundle = HandmadeBundle(manifest)
        for body in data { bundle.add(Self.data, body.bytes) }
        bundle.addEnd(counting: data)
        return bundle
    }

    var bytes: [UInt8] { preamble + frames.flatMap { $0 } }

    /// Adds a signed frame at the next place.
    ///
    /// - Parameters:
    ///   - statedLength: the length to write where it is not the body's.
    ///   - place: the index to sign where it is not the next one.
    mutating func add(
        _ type: UInt8, _ body: [UInt8], statedLength: UInt32? = nil, place: Int? = nil
    ) {
        let bodyDigest = BLAKE2b.hash(body.span, byteCount: 64)
        var signed = Array("heirloom/v1/frame".utf8) + [0]
        signed += signer.publicKey.bytes.array
        signed += manifestDigest
        signed.append(bigEndian: UInt64(place ?? frames.count))
        signed.append(type)
        signed += bodyDigest
        var frame = [type]
        frame.append(bigEndian: statedLength ?? UInt32(body.count))
        frames.append(frame + body + signer.key.sign(signed.span))
        if frames.count == 1 { manifestDigest = bodyDigest }
    }

    /// Adds an end frame that is true, unless told otherwise.
    mutating func addEnd(
        counting data: [HandmadeData] = [.oneSession], sessions: Int? = nil, withheld: Int? = nil,
        frameCount: Int? = nil, digest: [UInt8]? = nil
    ) {
        let types = data.flatMap { $0.records.map { $0[0] } }
        var body: [UInt8] = []
        body.append(bigEndian: UInt64(sessions ?? types.count { $0 == 1 }))
        body.append(bigEndian: UInt64(withheld ?? types.count { $0 == 2 }))
        body.append(bigEndian: UInt64(frameCount ?? frames.count))
        body += digest ?? BLAKE2b.hash(bytes.span, byteCount: 64)
        add(Self.end, body)
    }
}

/// A manifest's body in its parts, each of which may be anything.
struct HandmadeManifest {
    var suite: UInt8 = 1
    var purpose: UInt8 = 1
    var id: [UInt8] = Array(0x10...0x1f)
    var created = sampleNow
    var expires = sampleNow + 30 * day
    var userID = Array("@ana:example.org".utf8)
    var deviceID = Array("ANASDEVICE".utf8)
    var audience: [[UInt8]] = [hash(of: sampleRecipient(), id: Array(0x10...0x1f))]
    var roomID = Array(sampleRoom.utf8)
    var windowFrom: UInt64 = 0
    var windowTo = UInt64.max
    var basis: UInt8 = 2
    var eventID = Array("$visible".utf8)
    var overrides: UInt32 = 0
    var reason: [UInt8] = []
    var rest: [UInt8] = []

    /// 72 bytes that make an archive segment's link.
    static let link = [UInt8](repeating: 0, count: 72)

    /// The id of an unchanged manifest, as a list of seen bundles has it.
    static var seen: Set<BundleID> {
        Set([BundleID(HandmadeManifest().id.span)].compactMap { $0 })
    }

    static func hash(of recipient: X25519.PublicKey, id: [UInt8]) -> [UInt8] {
        let message = Array("heirloom/v1/audience".utf8) + [0] + recipient.bytes.array
        return BLAKE2b.hash(message.span, key: id, byteCount: 32)
    }

    var bytes: [UInt8] {
        var bytes = [suite, purpose] + id
        bytes.append(bigEndian: created)
        bytes.append(bigEndian: expires)
        bytes += Self.text(userID) + Self.text(deviceID)
        bytes.append(UInt8(audience.count))
        bytes += audience.flatMap { $0 }
        bytes += Self.text(roomID)
        bytes.append(bigEndian: windowFrom)
        bytes.append(bigEndian: windowTo)
        bytes.append(basis)
        bytes += Self.text(eventID)
        bytes.append(bigEndian: overrides)
        return bytes + Self.text(reason) + rest
    }

    static func text(_ text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt16(text.count))
        return bytes + text
    }

    func with(_ change: (inout HandmadeManifest) -> Void) -> HandmadeManifest {
        var changed = self
        change(&changed)
        return changed
    }
}

/// A data frame's body in its parts, each of which may be anything.
struct HandmadeData {
    var senderCount: UInt16?
    var senders: [[UInt8]] = [sender()]
    var recordCount: UInt32?
    var records: [[UInt8]]
    var rest: [UInt8] = []

    static var oneSession: HandmadeData { HandmadeData(records: [session(sampleExport(1))]) }

    static func sender(
        curve25519: [UInt8] = sampleRecipient(500).bytes.array,
        ed25519: [UInt8] = TestSigner(501).publicKey.bytes.array,
        userID: [UInt8] = Array("@bea:example.org".utf8),
        deviceID: [UInt8] = Array("BEASDEVICE".utf8)
    ) -> [UInt8] {
        curve25519 + ed25519 + HandmadeManifest.text(userID) + HandmadeManifest.text(deviceID)
    }

    static func session(
        _ export: [UInt8], flags: UInt8 = 0x01, sender: UInt16 = 0
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x01, flags]
        bytes.append(bigEndian: sender)
        return bytes + export
    }

    static func withheld(_ id: [UInt8], code: UInt8 = 1, sender: UInt16 = 0) -> [UInt8] {
        var bytes: [UInt8] = [0x02, code]
        bytes.append(bigEndian: sender)
        return bytes + id
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: senderCount ?? UInt16(senders.count))
        bytes += senders.flatMap { $0 }
        bytes.append(bigEndian: recordCount ?? UInt32(records.count))
        return bytes + records.flatMap { $0 } + rest
    }
}
