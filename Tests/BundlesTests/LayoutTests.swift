import Bundles
import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

/// The bytes themselves, worked out without the room's own code.
struct LayoutTests {
    /// A bundle without records or padding, in bytes: the preamble, the manifest and the end frame.
    ///
    /// The manifest's body: 1 + 1 + 16 + 8 + 8, ids of 2 + 16 and 2 + 10, audience 1 + 32, room
    /// 2 + 17, window 8 + 8, visibility 1 + 2 + 8, overrides 4 + 2.
    static let emptyByteCount = 41 + 69 + 149 + 69 + 88

    @Test func manifestBodyIsAsCountedByHand() throws {
        #expect(try sampleManifest().encoded.count == 149)
    }

    /// The bare sizes, and the Padmé lengths they grow to: the first that leaves no gap or one of at
    /// least the 69 bytes of a padding frame.
    @Test(arguments: [
        // 416 + nothing; lengths up to 511 are multiples of 16.
        (sessions: 0, bare: 416, padded: 416),
        // One frame of 69 + 2 + 68 + 4 + 169 more; from 512 to 1,023 multiples of 32.
        (sessions: 1, bare: 728, padded: 800),
        (sessions: 2, bare: 897, padded: 992),
        // From 1,024 to 2,047 multiples of 64.
        (sessions: 5, bare: 1404, padded: 1536),
        (sessions: 100, bare: 17_459, padded: 18_432),
    ])
    func sizes(sessions: Int, bare: Int, padded: Int) throws {
        let bytes = try write(sampleSessions(sessions), manifest: sampleManifest())
        let counted = Self.emptyByteCount + (sessions == 0 ? 0 : 69 + 2 + 68 + 4 + 169 * sessions)
        #expect(counted == bare)
        #expect(bytes.count == padded)
    }

    @Test func aTinyBundleByteForByte() throws {
        let signer = TestSigner()
        let manifest = try sampleManifest()
        let records = try sampleSessions(1, sender: sampleSender(), marks: [.hasDecrypted])
        let written = try write(records, manifest: manifest, signer: signer)

        var byHand = HandmadeBundle(signer: signer)
        byHand.add(
            HandmadeBundle.manifest,
            HandmadeManifest().with {
                $0.id = manifest.id.array
                $0.audience = [HandmadeManifest.hash(of: sampleRecipient(), id: $0.id)]
            }.bytes)
        let sender = HandmadeData.sender(
            curve25519: sampleRecipient(1003).bytes.array,
            ed25519: TestSigner(2003).publicKey.bytes.array,
            userID: Array("@sender3:example.org".utf8), deviceID: Array("DEVICE3".utf8))
        let data = HandmadeData(
            senders: [sender], records: [HandmadeData.session(sampleExport(0), flags: 0x04)])
        byHand.add(HandmadeBundle.data, data.bytes)
        // 755 bytes with the end frame, so 832: the first multiple of 32 that is 69 or more above.
        #expect(byHand.bytes.count + 69 + 88 == 755)
        byHand.add(HandmadeBundle.padding, [UInt8](repeating: 0, count: 832 - 755 - 69))
        byHand.addEnd(counting: [data])
        #expect(written == byHand.bytes)
    }

    @Test func signedBytesByHand() {
        let signer = TestSigner()
        let signed = FrameSignature(
            signer: signer.publicKey, manifestDigest: [UInt8](repeating: 0xaa, count: 64),
            index: 0x0102, type: 0x7f, bodyDigest: [UInt8](repeating: 0xbb, count: 64)
        ).signedBytes
        #expect(signed.count == 187)
        #expect(Array(signed[..<18]) == Array("heirloom/v1/frame\0".utf8))
        #expect(Array(signed[18..<50]) == signer.publicKey.bytes.array)
        #expect(Array(signed[50..<114]) == [UInt8](repeating: 0xaa, count: 64))
        #expect(Array(signed[114..<123]) == [0, 0, 0, 0, 0, 0, 1, 2, 0x7f])
        #expect(Array(signed[123...]) == [UInt8](repeating: 0xbb, count: 64))
    }

    /// A full frame of one sender: 2 + 68 + 4 + 36 · 7,214 + 169 · 14 = 262,144 bytes.
    @Test func framesAreFilledToTheLastRecordThatFits() throws {
        let withheld = (0..<UInt64(7214)).compactMap { number -> BundleRecord? in
            var id: [UInt8] = []
            id.append(bigEndian: number)
            id += [UInt8](repeating: 0, count: 24)
            return Bytes32(id).map {
                .withheld(
                    WithheldSession(
                        sessionID: SessionID(bytes: $0), code: .unavailable, sender: .unknown))
            }
        }
        let bytes = try write(withheld + sampleSessions(15), manifest: sampleManifest())
        let frames = frames(of: bytes)
        #expect(frames.map(\.type) == [1, 2, 2, 3, 0x7f])
        #expect(frames[1].byteCount == 262_144)
        #expect(frames[2].byteCount == 2 + 68 + 4 + 169)
        #expect(Padme.length(for: bytes.count) == bytes.count)
        #expect(try refusal(of: bytes) == nil)
    }

    private func frames(of bytes: [UInt8]) -> [(type: UInt8, byteCount: Int)] {
        var frames: [(type: UInt8, byteCount: Int)] = []
        var position = 41
        while position < bytes.count {
            let count = Int(bytes.span.bigEndian(at: position + 1, as: UInt32.self))
            frames.append((bytes[position], count))
            position += 5 + count + 64
        }
        #expect(position == bytes.count)
        return frames
    }
}
