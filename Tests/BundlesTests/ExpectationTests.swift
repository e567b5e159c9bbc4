import Bundles
import Bytes
import MatrixTypes
import Secrets
import Testing

/// Genuine bundles met by the wrong reader, at the wrong time, twice or for the wrong room.
struct ExpectationTests {
    @Test(arguments: audience + times + replayAndRoom)
    func isRefusedByItsLayer(_ hostile: HostileCase) throws {
        let error = try refusal(of: hostile.bytes(), expecting: hostile.expectation())
        #expect(error?.layer == hostile.layer, "\(error.map { "\($0)" } ?? "accepted")")
    }

    @Test func objectionsComeInTheOrderPromised() throws {
        let bytes = HandmadeBundle.whole().bytes
        let seen = HandmadeManifest.seen
        let late = sampleNow + 31 * day
        let other = "!other:example.org"
        #expect(
            try refusal(
                of: bytes,
                expecting: sampleExpectation(
                    recipient: sampleRecipient(4), now: late, room: other, purpose: .archive,
                    seen: seen))?.layer == .audience)
        #expect(
            try refusal(
                of: bytes,
                expecting: sampleExpectation(
                    now: late, room: other, purpose: .archive, seen: seen))?.layer == .policy)
        #expect(
            try refusal(
                of: bytes, expecting: sampleExpectation(now: late, room: other, seen: seen))?.layer
                == .time)
        #expect(
            try refusal(of: bytes, expecting: sampleExpectation(room: other, seen: seen))?.layer
                == .replay)
        #expect(try refusal(of: bytes, expecting: sampleExpectation(room: other))?.layer == .room)
    }

    @Test func aReaderWhoNamesNoRoomIsShownTheSignedOne() throws {
        let signed = try UnverifiedBundle(reading: MemorySource(HandmadeBundle.whole().bytes))
            .verified(as: TestSigner().publicKey)
        let room = signed.manifest.roomID
        #expect(room.text == sampleRoom)
        var admitted = try signed.accepted(by: sampleExpectation(room: nil))
        let record = try admitted.next()
        #expect(record != nil)
    }

    static let audience: [HostileCase] = [
        HostileCase("aud-01 sealed on to somebody else", refusedBy: .audience) {
            HandmadeBundle.whole(addressed(to: [sampleRecipient(4)])).bytes
        },
        HostileCase(
            "aud-05 opened with another of our keys", refusedBy: .audience,
            expecting: { try sampleExpectation(recipient: sampleRecipient(5)) }
        ) { HandmadeBundle.whole().bytes },
        manifest("aud-02 nobody", refusedBy: .frame) { $0.audience = [] },
        HostileCase("32 recipients", refusedBy: nil) {
            HandmadeBundle.whole(
                addressed(to: [sampleRecipient()] + (100..<131).map { sampleRecipient($0) })
            ).bytes
        },
        HostileCase("aud-02 33 recipients", refusedBy: .frame) {
            HandmadeBundle.whole(
                addressed(to: [sampleRecipient()] + (100..<132).map { sampleRecipient($0) })
            ).bytes
        },
        manifest("aud-03 one recipient twice", refusedBy: .frame) { $0.audience += $0.audience },
        HostileCase("aud-03 recipients descending", refusedBy: .frame) {
            HandmadeBundle.whole(
                addressed(to: [sampleRecipient(), sampleRecipient(4)])
                    .with { $0.audience.reverse() }
            ).bytes
        },
        manifest("aud-04 our hash under another bundle id", refusedBy: .audience) { $0.id[0] ^= 1 },
    ]

    static let times: [HostileCase] = [
        manifest("tim-01 made 11 minutes ahead", refusedBy: .time) { $0.created += 11 * 60_000 },
        manifest("tim-02 made 9 minutes ahead", refusedBy: nil) { $0.created += 9 * 60_000 },
        manifest("made 10 minutes ahead", refusedBy: nil) { $0.created += 600_000 },
        manifest("made 10 minutes and 1 ms ahead", refusedBy: .time) { $0.created += 600_001 },
        manifest("expires this very millisecond", refusedBy: nil) {
            $0.created = sampleNow - day
            $0.expires = sampleNow
        },
        manifest("tim-03 expired by 1 ms", refusedBy: .time) {
            $0.created = sampleNow - day
            $0.expires = sampleNow - 1
        },
        manifest("tim-04 expires before it was made", refusedBy: .frame) {
            $0.expires = sampleNow - 1
        },
        manifest("90 days", refusedBy: nil) { $0.expires = sampleNow + 90 * day },
        manifest("90 days and 1 ms", refusedBy: .limit) { $0.expires = sampleNow + 90 * day + 1 },
        manifest("tim-04 91 days", refusedBy: .limit) { $0.expires = sampleNow + 91 * day },
        manifest("tim-04 a hand-over for ever", refusedBy: .frame) { $0.expires = 0 },
        manifest("made at 0, expires at 0", refusedBy: .frame) {
            $0.created = 0
            $0.expires = 0
        },
        manifest("tim-04 expires at 2⁶⁴ − 1", refusedBy: .limit) { $0.expires = .max },
        manifest("made and expires at 2⁶⁴ − 1", refusedBy: .time) {
            $0.created = .max
            $0.expires = .max
        },
        HostileCase(
            "tim-05 clock before 2024", refusedBy: .time,
            expecting: { try sampleExpectation(now: 1_704_067_199_999) }
        ) {
            HandmadeBundle.whole(
                HandmadeManifest().with {
                    $0.created = 1_704_067_199_000
                    $0.expires = 1_704_067_200_000
                }
            ).bytes
        },
        HostileCase(
            "an archive segment for ever, to an archive's reader", refusedBy: nil,
            expecting: { try sampleExpectation(purpose: .archive) }
        ) {
            HandmadeBundle.whole(
                HandmadeManifest().with {
                    $0.purpose = 2
                    $0.expires = 0
                    $0.rest = HandmadeManifest.link
                }
            ).bytes
        },
        HostileCase(
            "an expired archive segment, to an archive's reader", refusedBy: .time,
            expecting: { try sampleExpectation(now: sampleNow + 31 * day, purpose: .archive) }
        ) {
            HandmadeBundle.whole(
                HandmadeManifest().with {
                    $0.purpose = 2
                    $0.rest = HandmadeManifest.link
                }
            ).bytes
        },
        HostileCase(
            "a hand-over to an archive's reader", refusedBy: .policy,
            expecting: { try sampleExpectation(purpose: .archive) }
        ) { HandmadeBundle.whole().bytes },
    ]

    static let replayAndRoom: [HostileCase] =
        [
            HostileCase(
                "rep-01 taken in before", refusedBy: .replay,
                expecting: { try sampleExpectation(seen: HandmadeManifest.seen) }
            ) { HandmadeBundle.whole().bytes },
            HostileCase(
                "rep-03 the same id with other content", refusedBy: .replay,
                expecting: { try sampleExpectation(seen: HandmadeManifest.seen) }
            ) {
                let record = HandmadeData.session(sampleExport(2))
                return HandmadeBundle.whole(data: [HandmadeData(records: [record])]).bytes
            },
        ]
        + otherRooms.map { room in
            HostileCase(
                "rom-02 expecting “\(room)”", refusedBy: .room,
                expecting: { try sampleExpectation(room: room) }
            ) { HandmadeBundle.whole().bytes }
        }
        + [
            // Two spellings that Unicode calls the same are two rooms.
            HostileCase(
                "rom-02 composed and decomposed", refusedBy: .room,
                expecting: { try sampleExpectation(room: "!caf\u{e9}:example.org") }
            ) {
                HandmadeBundle.whole(
                    HandmadeManifest().with { $0.roomID = Array("!cafe\u{301}:example.org".utf8) }
                ).bytes
            }
        ]

    static let otherRooms = [
        "!other:example.org", "!Past:example.org", "!past:example.org ",
        "!p\u{430}st:example.org", "!pa\u{301}st:example.org", "!past",
    ]

    static func addressed(to recipients: [X25519.PublicKey]) -> HandmadeManifest {
        HandmadeManifest().with { manifest in
            manifest.audience =
                recipients
                .map { HandmadeManifest.hash(of: $0, id: manifest.id) }
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
    }

    static func manifest(
        _ name: String, refusedBy layer: BundleLayer?,
        _ change: @escaping @Sendable (inout HandmadeManifest) -> Void
    ) -> HostileCase {
        HostileCase(name, refusedBy: layer) {
            HandmadeBundle.whole(HandmadeManifest().with(change)).bytes
        }
    }
}
