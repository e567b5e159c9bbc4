import Bundles
import Bytes
import Secrets
import Testing

/// Bundles with one fault in frames, signatures or manifest, each with the layer that must refuse.
struct HostileFrameTests {
    @Test(arguments: framing + signatures + order + totals + lengths)
    func frameOrSignatureIsRefusedByItsLayer(_ hostile: HostileCase) throws {
        try expectRefusal(hostile)
    }

    @Test(arguments: manifests)
    func manifestIsRefusedByItsLayer(_ hostile: HostileCase) throws {
        try expectRefusal(hostile)
    }

    private func expectRefusal(_ hostile: HostileCase) throws {
        let signer = try #require(Bytes32(hostile.signer()))
        let error = try refusal(
            of: hostile.bytes(), signer: Ed25519.PublicKey(bytes: signer),
            expecting: hostile.expectation())
        #expect(error?.layer == hostile.layer, "\(error.map { "\($0)" } ?? "accepted")")
    }

    static let framing: [HostileCase] = [
        HostileCase("a whole handmade bundle", refusedBy: nil) { HandmadeBundle.whole().bytes },
        HostileCase("no bytes at all", refusedBy: .frame) { [] },
        HostileCase("sig-26 magic spelled otherwise", refusedBy: .frame) {
            changed { $0.preamble[3] = UInt8(ascii: "s") }
        },
        HostileCase("sig-26 version 2", refusedBy: .frame) { changed { $0.preamble[8] = 2 } },
        HostileCase("sig-26 version 0", refusedBy: .frame) { changed { $0.preamble[8] = 0 } },
        HostileCase("sig-13 no end frame", refusedBy: .frame) {
            changed { $0.frames.removeLast() }
        },
        HostileCase("sig-14 two end frames", refusedBy: .frame) { changed { $0.addEnd() } },
        HostileCase("sig-15 a byte after the end", refusedBy: .frame) {
            HandmadeBundle.whole().bytes + [0]
        },
        HostileCase("a whole second bundle after the end", refusedBy: .frame) {
            HandmadeBundle.whole().bytes + HandmadeBundle.whole().bytes
        },
    ]

    static let signatures: [HostileCase] =
        [
            HostileCase("sig-01 a record rewritten, signature kept", refusedBy: .sig) {
                changed { $0.frames[1][200] ^= 1 }
            },
            HostileCase("sig-02 all signed again by a co-recipient", refusedBy: .signer) {
                var bundle = HandmadeBundle(HandmadeManifest(), signer: TestSigner(99))
                bundle.add(HandmadeBundle.data, HandmadeData.oneSession.bytes)
                bundle.addEnd()
                return bundle.bytes
            },
            HostileCase("sig-02 frames of another signer under ours", refusedBy: .sig) {
                var bundle = HandmadeBundle(HandmadeManifest(), signer: TestSigner(99))
                bundle.preamble = HandmadeBundle().preamble
                bundle.addEnd(counting: [])
                return bundle.bytes
            },
            HostileCase("sig-06 S + L", refusedBy: .sig) {
                changed { bundle in
                    let order =
                        bytes(
                            hexadecimal: "edd3f55c1a631258d69cf7a2def9de14"
                                + "00000000000000000000000000000010") ?? []
                    var carry = 0
                    let start = bundle.frames[1].count - 32
                    for (offset, byte) in order.enumerated() {
                        let sum = Int(bundle.frames[1][start + offset]) + Int(byte) + carry
                        bundle.frames[1][start + offset] = UInt8(truncatingIfNeeded: sum)
                        carry = sum >> 8
                    }
                }
            },
            HostileCase("sig-07 signature of zeros", refusedBy: .sig) {
                changed { bundle in
                    for index in bundle.frames[0].indices.suffix(64) { bundle.frames[0][index] = 0 }
                }
            },
            HostileCase("sig-08 the same frame from another bundle", refusedBy: .sig) {
                changed { bundle in
                    let other = HandmadeBundle.whole(HandmadeManifest().with { $0.id[0] = 0xaa })
                    bundle.frames[1] = other.frames[1]
                }
            },
            HostileCase("sig-09 data frames exchanged", refusedBy: .sig) {
                changed(twoFrames) { $0.frames.swapAt(1, 2) }
            },
            HostileCase("sig-10 data frame twice", refusedBy: .sig) {
                changed(twoFrames) { $0.frames.insert($0.frames[1], at: 2) }
            },
            HostileCase("sig-11 first data frame removed", refusedBy: .sig) {
                changed(twoFrames) { $0.frames.remove(at: 1) }
            },
            HostileCase("sig-12 last data frame removed", refusedBy: .sig) {
                changed(twoFrames) { $0.frames.remove(at: 2) }
            },
            HostileCase("data frame signed as padding", refusedBy: .sig) {
                changed { $0.frames[1][0] = HandmadeBundle.padding }
            },
            HostileCase("manifest signed for place 1", refusedBy: .sig) {
                var bundle = HandmadeBundle()
                bundle.add(HandmadeBundle.manifest, HandmadeManifest().bytes, place: 1)
                bundle.addEnd(counting: [])
                return bundle.bytes
            },
        ] + invalidSigners

    /// The pinned key itself is no valid point: pinning it was the mistake, and it is caught here.
    static let invalidSigners: [HostileCase] =
        ([("sig-04 mixed-order", BadPoints.mixedOrder(from: TestSigner().publicKey.bytes.array))]
        + BadPoints.smallOrder.map { ("sig-03 small-order", $0) }
        + BadPoints.nonCanonical.map { ("sig-05 non-canonical", $0) })
        .map { name, point in
            HostileCase("\(name) signer, pinned", refusedBy: .signer, signer: { point }) {
                changed { bundle in
                    bundle.preamble.replaceSubrange(9..., with: point)
                    // R = the neutral point, S = 0: what verifies under a key of order one.
                    bundle.frames[0].replaceSubrange(
                        (bundle.frames[0].count - 64)...,
                        with: [1] + [UInt8](repeating: 0, count: 63))
                }
            }
        }

    static let order: [HostileCase] = [
        HostileCase("sig-16 no manifest", refusedBy: .frame) {
            var bundle = HandmadeBundle()
            bundle.add(HandmadeBundle.data, HandmadeData.oneSession.bytes)
            bundle.addEnd()
            return bundle.bytes
        },
        HostileCase("sig-17 two manifests", refusedBy: .frame) {
            var bundle = HandmadeBundle(HandmadeManifest())
            bundle.add(HandmadeBundle.manifest, HandmadeManifest().bytes)
            bundle.addEnd(counting: [])
            return bundle.bytes
        },
        HostileCase("sig-22 unknown frame type, signed", refusedBy: .frame) {
            var bundle = HandmadeBundle(HandmadeManifest())
            bundle.add(0x04, [])
            bundle.addEnd(counting: [])
            return bundle.bytes
        },
        HostileCase("sig-28 single frame among others", refusedBy: .frame) {
            var bundle = HandmadeBundle(HandmadeManifest())
            bundle.add(0x10, [])
            bundle.addEnd(counting: [])
            return bundle.bytes
        },
        HostileCase("sig-28 single frame first", refusedBy: .frame) {
            var bundle = HandmadeBundle()
            bundle.add(0x10, HandmadeManifest().bytes)
            return bundle.bytes
        },
        HostileCase("sig-24 padding before data, signed so", refusedBy: .frame) {
            var bundle = HandmadeBundle(HandmadeManifest())
            bundle.add(HandmadeBundle.padding, [0])
            bundle.add(HandmadeBundle.data, HandmadeData.oneSession.bytes)
            bundle.addEnd()
            return bundle.bytes
        },
        HostileCase("sig-23 padding with a byte that is not zero", refusedBy: .frame) {
            padded(with: [UInt8](repeating: 0, count: 99) + [1])
        },
        HostileCase("padding of no bytes", refusedBy: nil) { padded(with: []) },
        HostileCase("padding of 4,096 bytes in a small bundle", refusedBy: nil) {
            padded(with: [UInt8](repeating: 0, count: 4096))
        },
        HostileCase("padding of 4,097 bytes in a small bundle", refusedBy: .limit) {
            padded(with: [UInt8](repeating: 0, count: 4097))
        },
        HostileCase("sig-25 padding of 16 %", refusedBy: .limit) { padded(percent: 16) },
        HostileCase("padding of 15 %, less a byte", refusedBy: nil) { padded(percent: 15) },
    ]

    static let totals: [HostileCase] = [
        HostileCase("sig-18 one session too many stated", refusedBy: .frame) {
            ended { $0.addEnd(sessions: 2) }
        },
        HostileCase("sig-18 a withheld entry stated", refusedBy: .frame) {
            ended { $0.addEnd(withheld: 1) }
        },
        HostileCase("sig-18 a frame too many stated", refusedBy: .frame) {
            ended { $0.addEnd(frameCount: 3) }
        },
        HostileCase("sig-19 another hash stated", refusedBy: .frame) {
            ended { $0.addEnd(digest: [UInt8](repeating: 7, count: 64)) }
        },
        HostileCase("end frame one byte short, signed", refusedBy: .frame) {
            ended { $0.add(HandmadeBundle.end, [UInt8](repeating: 0, count: 87)) }
        },
        HostileCase("end frame one byte long, signed", refusedBy: .limit) {
            ended { $0.add(HandmadeBundle.end, [UInt8](repeating: 0, count: 89)) }
        },
    ]

    static let lengths: [HostileCase] = [
        HostileCase("sig-20 manifest length 2³² − 1", refusedBy: .limit) {
            changed { $0.frames[0].replaceSubrange(1..<5, with: [255, 255, 255, 255]) }
        },
        HostileCase("sig-20 data length 2³² − 1", refusedBy: .limit) {
            changed { $0.frames[1].replaceSubrange(1..<5, with: [255, 255, 255, 255]) }
        },
        HostileCase("sig-20 padding length 2³² − 1", refusedBy: .limit) {
            ended { $0.add(HandmadeBundle.padding, [], statedLength: .max) }
        },
        HostileCase("sig-20 end length 2³² − 1", refusedBy: .limit) {
            ended { $0.add(HandmadeBundle.end, [], statedLength: .max) }
        },
        HostileCase("manifest of 4,097 bytes, signed", refusedBy: .limit) {
            HandmadeBundle(
                HandmadeManifest().with {
                    $0.rest = [UInt8](repeating: 0, count: 4097 - $0.bytes.count)
                }
            ).bytes
        },
        HostileCase("manifest of 4,096 bytes, signed", refusedBy: .frame) {
            HandmadeBundle(
                HandmadeManifest().with {
                    $0.rest = [UInt8](repeating: 0, count: 4096 - $0.bytes.count)
                }
            ).bytes
        },
        HostileCase("data of 256 KiB and a byte, signed", refusedBy: .limit) {
            var body = HandmadeData.oneSession
            body.rest = [UInt8](repeating: 0, count: (256 << 10) + 1 - body.bytes.count)
            return HandmadeBundle.whole(data: [body]).bytes
        },
        HostileCase("padding of 1 MiB and a byte, signed", refusedBy: .limit) {
            padded(with: [UInt8](repeating: 0, count: (1 << 20) + 1))
        },
        HostileCase("sig-21 length one more than the body", refusedBy: .sig) {
            changed { $0.frames[1][4] += 1 }
        },
        HostileCase("sig-21 length one less than the body", refusedBy: .sig) {
            changed { $0.frames[1][4] -= 1 }
        },
    ]

    static let manifests: [HostileCase] =
        [
            manifest("sig-27 suite 0", refusedBy: .frame) { $0.suite = 0 },
            manifest("sig-27 suite 2", refusedBy: .frame) { $0.suite = 2 },
            manifest("sig-27 purpose 0", refusedBy: .frame) { $0.purpose = 0 },
            manifest("sig-27 purpose 3", refusedBy: .frame) { $0.purpose = 3 },
            manifest("sig-29 one trailing byte", refusedBy: .frame) { $0.rest = [0] },
            manifest("hand-over with an archive link", refusedBy: .frame) {
                $0.rest = HandmadeManifest.link
            },
            manifest("archive without a link", refusedBy: .frame) { $0.purpose = 2 },
            manifest("archive with half a link", refusedBy: .frame) {
                $0.purpose = 2
                $0.rest = Array(HandmadeManifest.link.prefix(71))
            },
            manifest("arc-01 archive segment for a hand-over's reader", refusedBy: .policy) {
                $0.purpose = 2
                $0.expires = 0
                $0.rest = HandmadeManifest.link
            },
            manifest("sig-31 user id of 256 bytes", refusedBy: .frame) {
                $0.userID = Array(("@a:" + String(repeating: "b", count: 253)).utf8)
            },
            manifest("user id of 255 bytes", refusedBy: nil) {
                $0.userID = Array(("@a:" + String(repeating: "b", count: 252)).utf8)
            },
            manifest("sig-31 user id without @", refusedBy: .frame) { $0.userID[0] = 0x61 },
            manifest("user id without a colon", refusedBy: .frame) { $0.userID = Array("@a".utf8) },
            manifest("no user id, no device id, no event id", refusedBy: nil) {
                $0.userID = []
                $0.deviceID = []
                $0.eventID = []
            },
            manifest("sig-31 room id without !", refusedBy: .frame) { $0.roomID[0] = 0x61 },
            manifest("empty room id", refusedBy: .frame) { $0.roomID = [] },
            manifest("event id without $", refusedBy: .frame) { $0.eventID[0] = 0x61 },
            manifest("window that ends before it begins", refusedBy: .frame) {
                $0.windowFrom = 2
                $0.windowTo = 1
            },
            manifest("window of one millisecond", refusedBy: nil) {
                $0.windowFrom = 2
                $0.windowTo = 2
            },
            manifest("visibility basis 5", refusedBy: .frame) { $0.basis = 5 },
            manifest("visibility basis unknown", refusedBy: nil) { $0.basis = 0 },
            manifest("overrides without a reason", refusedBy: .frame) { $0.overrides = 1 },
            manifest("a reason without overrides", refusedBy: .frame) { $0.reason = [0x61] },
            manifest("overrides stated that are not there", refusedBy: .frame) {
                $0.overrides = 1
                $0.reason = [0x61]
            },
        ] + strings

    /// sig-30: the same bad text in each of the manifest's free strings.
    static let strings: [HostileCase] = [
        ("overlong UTF-8", [0xc0, 0xaf]), ("a lone surrogate", [0xed, 0xa0, 0x80]),
        ("a lone continuation byte", [0x80]), ("NUL", [0]), ("ESC", [0x1b]), ("DEL", [0x7f]),
        ("a C1 control", [0xc2, 0x9b]), ("U+202E", [0xe2, 0x80, 0xae]),
        ("U+2066", [0xe2, 0x81, 0xa6]), ("U+061C", [0xd8, 0x9c]), ("U+2028", [0xe2, 0x80, 0xa8]),
        ("U+200F", [0xe2, 0x80, 0x8f]),
    ].flatMap { (name: String, bytes: [UInt8]) in
        [
            manifest("sig-30 \(name) in the user id", refusedBy: .frame) { $0.userID += bytes },
            manifest("sig-30 \(name) in the device id", refusedBy: .frame) { $0.deviceID += bytes },
            manifest("sig-30 \(name) in the room id", refusedBy: .frame) { $0.roomID += bytes },
            manifest("sig-30 \(name) in the event id", refusedBy: .frame) { $0.eventID += bytes },
            manifest("sig-30 \(name) in the reason", refusedBy: .frame) {
                $0.overrides = 1
                $0.reason = bytes
            },
        ]
    }

    /// A whole bundle whose manifest was changed before it was signed.
    static func manifest(
        _ name: String, refusedBy layer: BundleLayer?,
        _ change: @escaping @Sendable (inout HandmadeManifest) -> Void
    ) -> HostileCase {
        HostileCase(name, refusedBy: layer) {
            HandmadeBundle.whole(HandmadeManifest().with(change)).bytes
        }
    }

    static var twoFrames: [HandmadeData] {
        sampleExports(2).map { HandmadeData(records: [HandmadeData.session($0)]) }
    }

    /// A whole bundle, altered after it was signed.
    static func changed(
        _ data: [HandmadeData] = [.oneSession], _ change: (inout HandmadeBundle) -> Void
    ) -> [UInt8] {
        var bundle = HandmadeBundle.whole(data: data)
        change(&bundle)
        return bundle.bytes
    }

    /// Manifest and one session, then what `end` adds.
    static func ended(_ end: (inout HandmadeBundle) -> Void) -> [UInt8] {
        var bundle = HandmadeBundle(HandmadeManifest())
        bundle.add(HandmadeBundle.data, HandmadeData.oneSession.bytes)
        end(&bundle)
        return bundle.bytes
    }

    static func padded(with padding: [UInt8]) -> [UInt8] {
        ended {
            $0.add(HandmadeBundle.padding, padding)
            $0.addEnd()
        }
    }

    /// A bundle of withheld entries, large enough for the percentage to count, of which padding makes
    /// this part, rounded down.
    static func padded(percent: Int) -> [UInt8] {
        let records = (0..<2000).map { number in
            var id: [UInt8] = []
            id.append(bigEndian: UInt64(number))
            return HandmadeData.withheld(id + [UInt8](repeating: 0, count: 24))
        }
        let data = HandmadeData(records: records)
        var bundle = HandmadeBundle(HandmadeManifest())
        bundle.add(HandmadeBundle.data, data.bytes)
        let bare = bundle.bytes.count + 2 * 69 + 88
        let padding = bare * percent / (100 - percent)
        bundle.add(HandmadeBundle.padding, [UInt8](repeating: 0, count: padding))
        bundle.addEnd(counting: [data])
        return bundle.bytes
    }
}
