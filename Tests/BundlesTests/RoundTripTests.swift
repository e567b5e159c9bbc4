import Bundles
import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

/// What the writer writes, the reader reads.
struct RoundTripTests {
    @Test(arguments: [0, 1, 5, 1551, 1552, 3200])
    func sessions(count: Int) throws {
        let records = try sampleSessions(count, sender: sampleSender())
        let bytes = try write(records, manifest: sampleManifest())
        let read = try read(MemorySource(bytes), expecting: sampleExpectation())
        #expect(read.records.map(\.fingerprint) == records.map(\.fingerprint))
        #expect(read.totals.sessionCount == count)
        #expect(read.totals.withheldCount == 0)
        #expect(try read.manifest.encoded == sampleManifest().encoded)
        #expect(Padme.length(for: bytes.count) == bytes.count)
    }

    @Test func marksSendersAndWithheldCodes() throws {
        let exports = sampleExports(64)
        let senders: [BundleSender] = [
            .unknown,
            BundleSender(claims: .unknown, userID: try UserID("@cleo:example.org")),
            BundleSender(
                claims: OwnerClaims(
                    senderKey: Curve25519PublicKey(bytes: sampleRecipient(9).bytes), ed25519: nil)),
            try sampleSender(1), try sampleSender(2),
        ]
        let codes = WithheldCode.allCases
        let records = try exports.enumerated().map { number, export -> BundleRecord in
            let key = try ExportedSessionKey(bytes: export.span)
            let sender = senders[number % senders.count]
            if number % 4 == 3 {
                return .withheld(
                    WithheldSession(
                        sessionID: key.sessionID, code: codes[number % codes.count], sender: sender)
                )
            }
            let marks = SessionMarks(rawValue: UInt8(number % 16))
            return .session(BundledSession(sessionKey: key, sender: sender, marks: marks))
        }
        let overrides = records.count {
            if case .session(let session) = $0 { session.marks.contains(.override) } else { false }
        }
        let manifest = try sampleManifest(
            overrideCount: UInt32(overrides), overrideReason: "the room agreed")
        let read = try read(
            MemorySource(write(records, manifest: manifest)), expecting: sampleExpectation())
        #expect(read.records.map(\.fingerprint) == records.map(\.fingerprint))
        #expect(read.totals.sessionCount == 48)
        #expect(read.totals.withheldCount == 16)
        #expect(read.totals.overrideCount == overrides)
        #expect(read.manifest.overrideReason == "the room agreed")
    }

    @Test func sendersThatFillFrames() throws {
        let longest = try DeviceID(String(repeating: "D", count: 255))
        let records = try sampleExports(1500).enumerated().map { number, export -> BundleRecord in
            let sender = BundleSender(
                claims: .unknown, userID: try UserID("@user\(number):example.org"),
                deviceID: longest)
            let key = try ExportedSessionKey(bytes: export.span)
            return .session(BundledSession(sessionKey: key, sender: sender, marks: []))
        }
        let bytes = try write(records, manifest: sampleManifest())
        let read = try read(MemorySource(bytes), expecting: sampleExpectation())
        #expect(read.records.map(\.fingerprint) == records.map(\.fingerprint))
    }

    @Test func userIDsThatOnlyUnicodeCallsEqualStayApart() throws {
        let spellings = ["@caf\u{e9}:example.org", "@cafe\u{301}:example.org"]
        let records = try zip(sampleExports(2), spellings).map { export, spelling in
            BundleRecord.session(
                BundledSession(
                    sessionKey: try ExportedSessionKey(bytes: export.span),
                    sender: BundleSender(claims: .unknown, userID: try UserID(spelling)),
                    marks: []))
        }
        let bytes = try write(records, manifest: sampleManifest())
        let read = try read(MemorySource(bytes), expecting: sampleExpectation())
        let utf8 = read.records.map { Array(($0.sender.userID?.text ?? "").utf8) }
        #expect(utf8 == spellings.map { Array($0.utf8) })
    }

    @Test func aSourceThatGivesOneByteAtATime() throws {
        let bytes = try write(sampleSessions(2), manifest: sampleManifest())
        let read = try read(TrickleSource(bytes), expecting: sampleExpectation())
        #expect(read.totals.sessionCount == 2)
    }

    @Test func severalRecipients() throws {
        let recipients = (0..<32).map { sampleRecipient(100 + $0) }
        let bytes = try write([], manifest: sampleManifest(recipients: recipients))
        for recipient in recipients {
            let expectation = try sampleExpectation(recipient: recipient)
            #expect(try refusal(of: bytes, expecting: expectation) == nil)
        }
    }

    @Test func archive() throws {
        let handover = try sampleManifest()
        let link = ArchiveLink(
            sequence: 7, previous: sampleRecipient(8).bytes, nextWriterKey: .zero)
        let manifest = try BundleManifest(
            purpose: .archive, id: handover.id, createdMilliseconds: sampleNow,
            expiresMilliseconds: 0, audience: handover.audience, roomID: handover.roomID,
            window: #require(BundleWindow(fromMilliseconds: 5, toMilliseconds: 6)),
            archiveLink: link)
        let read = try read(
            MemorySource(write(sampleSessions(1), manifest: manifest)),
            expecting: sampleExpectation(purpose: .archive))
        #expect(read.manifest == manifest)
    }
}

/// Gives one byte at each read, as a slow pipe may.
final class TrickleSource: ByteSource {
    private let whole: MemorySource

    init(_ bytes: [UInt8]) {
        whole = MemorySource(bytes)
    }

    func read(into buffer: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if buffer.count == 0 { return 0 }
        var first = buffer.slice(0..<1)
        return try whole.read(into: &first)
    }
}
