import Bundles
import Bytes
import MatrixTypes
import Megolm
import Secrets
import Testing

/// Signed bundles with one fault in their data frames, each with the layer that must refuse.
struct HostileRecordTests {
    @Test(arguments: keys + order + fields + senders + grammar + overrides)
    func dataIsRefusedByItsLayer(_ hostile: HostileCase) throws {
        let error = try refusal(of: hostile.bytes(), expecting: hostile.expectation())
        #expect(error?.layer == hostile.layer, "\(error.map { "\($0)" } ?? "accepted")")
    }

    @Test func noRecordOfAFrameIsGivenOutBeforeAllOfItIsChecked() throws {
        let exports = sampleExports(2)
        let data = HandmadeData(records: [
            HandmadeData.session(exports[0]), HandmadeData.session(exports[1], flags: 0x80),
        ])
        var admitted = try UnverifiedBundle(
            reading: MemorySource(HandmadeBundle.whole(data: [data]).bytes)
        ).verified(as: TestSigner().publicKey).accepted(by: sampleExpectation())
        for _ in 0..<3 {
            do {
                _ = try admitted.next()
                Issue.record("a record came out")
            } catch {
                #expect(error == .undefinedMarks(0x80))
            }
        }
        let totals = admitted.totals
        #expect(totals == nil)
    }

    static let keys: [HostileCase] =
        [
            session("rec-01 signed sharing format", refusedBy: .record) { $0[0] = 2 },
            session("first index 2²⁴", refusedBy: nil) { $0[1] = 1 },
            session("rec-03 first index 2²⁴ + 1", refusedBy: .limit) {
                $0[1] = 1
                $0[4] = 1
            },
            session("rec-03 first index 2³² − 1", refusedBy: .limit) {
                $0.replaceSubrange(1..<5, with: [255, 255, 255, 255])
            },
            session("rec-02 signing key of mixed order", refusedBy: .record) {
                $0.replaceSubrange(133..., with: BadPoints.mixedOrder(from: Array($0[133...])))
            },
            session("rec-11 ratchet of zeros", refusedBy: nil) {
                $0.replaceSubrange(5..<133, with: [UInt8](repeating: 0, count: 128))
            },
        ]
        + (BadPoints.smallOrder + BadPoints.nonCanonical).map { point in
            session("rec-02 signing key \(hexadecimal(point))", refusedBy: .record) {
                $0.replaceSubrange(133..., with: point)
            }
        }

    static let order: [HostileCase] = [
        data("rec-04 ids descending", refusedBy: .record) {
            $0.records = sampleExports(2).reversed().map { HandmadeData.session($0) }
        },
        data("rec-04 one id twice", refusedBy: .record) { $0.records.append($0.records[0]) },
        data("rec-05 one id given and withheld", refusedBy: .record) {
            $0.records.append(HandmadeData.withheld(Array(sampleExport(1)[133...])))
        },
        data("one id withheld twice", refusedBy: .record) {
            $0.records = [HandmadeData.withheld(id(1)), HandmadeData.withheld(id(1))]
        },
        HostileCase("rec-04 descending over two frames", refusedBy: .record) {
            HandmadeBundle.whole(
                data: sampleExports(2).reversed().map {
                    HandmadeData(records: [HandmadeData.session($0)])
                }
            ).bytes
        },
        HostileCase("rec-04 one id in two frames", refusedBy: .record) {
            HandmadeBundle.whole(data: [.oneSession, .oneSession]).bytes
        },
        HostileCase(
            "rec-09 one session more than accepted", refusedBy: .limit,
            expecting: { try sampleExpectation(limits: BundleLimits(recordCount: 2)) }
        ) {
            try write(sampleSessions(3), manifest: sampleManifest())
        },
        HostileCase(
            "as many sessions as accepted", refusedBy: nil,
            expecting: { try sampleExpectation(limits: BundleLimits(recordCount: 3)) }
        ) {
            try write(sampleSessions(3), manifest: sampleManifest())
        },
        HostileCase(
            "one withheld entry more than accepted", refusedBy: .limit,
            expecting: { try sampleExpectation(limits: BundleLimits(recordCount: 2)) }
        ) {
            HandmadeBundle.whole(data: [
                HandmadeData(records: (1...3).map { HandmadeData.withheld(id($0)) })
            ]).bytes
        },
    ]

    static let fields: [HostileCase] =
        [
            data("rec-06 sender out of range, session", refusedBy: .record) {
                $0.records = [HandmadeData.session(sampleExport(1), sender: 1)]
            },
            data("rec-06 sender out of range, withheld", refusedBy: .record) {
                $0.records = [HandmadeData.withheld(id(1), sender: 0xffff)]
            },
            data("rec-06 no senders at all", refusedBy: .record) { $0.senders = [] },
            data("withheld code 0", refusedBy: .record) {
                $0.records = [HandmadeData.withheld(id(1), code: 0)]
            },
            data("withheld code 4", refusedBy: .record) {
                $0.records = [HandmadeData.withheld(id(1), code: 4)]
            },
            data("record type 0", refusedBy: .frame) { $0.records[0][0] = 0 },
            data("record type 3", refusedBy: .frame) { $0.records[0][0] = 3 },
        ]
        + (4..<8).map { bit in
            data("rec-07 flag bit \(bit)", refusedBy: .record) {
                $0.records = [HandmadeData.session(sampleExport(1), flags: 1 << bit)]
            }
        }

    static let senders: [HostileCase] =
        [
            data("both keys of the sender unknown, no ids", refusedBy: nil) {
                let zeros = [UInt8](repeating: 0, count: 32)
                $0.senders = [
                    HandmadeData.sender(curve25519: zeros, ed25519: zeros, userID: [], deviceID: [])
                ]
            },
            data("rec-08 curve25519 with the top bit set", refusedBy: .record) {
                var key = sampleRecipient(500).bytes.array
                key[31] |= 0x80
                $0.senders = [HandmadeData.sender(curve25519: key)]
            },
            data("rec-08 ed25519 of mixed order", refusedBy: .record) {
                let key = BadPoints.mixedOrder(from: TestSigner(501).publicKey.bytes.array)
                $0.senders = [HandmadeData.sender(ed25519: key)]
            },
            data("rec-08 unsound sender that no record names", refusedBy: .record) {
                $0.senders.append(HandmadeData.sender(curve25519: BadPoints.lowOrderX25519[0]))
            },
            data("rec-10 4,097 senders stated", refusedBy: .limit) { $0.senderCount = 4097 },
            data("rec-10 65,535 senders stated", refusedBy: .limit) { $0.senderCount = .max },
            data("user id without a colon in the sender table", refusedBy: .frame) {
                $0.senders = [HandmadeData.sender(userID: Array("@bea".utf8))]
            },
            data("ESC in the sender table", refusedBy: .frame) {
                $0.senders = [HandmadeData.sender(deviceID: [0x1b])]
            },
        ]
        + BadPoints.lowOrderX25519.map { point in
            data("rec-08 curve25519 \(hexadecimal(point))", refusedBy: .record) {
                $0.senders = [HandmadeData.sender(curve25519: point)]
            }
        }
        + BadPoints.smallOrder.filter { $0.contains { $0 != 0 } }.map { point in
            data("rec-08 ed25519 \(hexadecimal(point))", refusedBy: .record) {
                $0.senders = [HandmadeData.sender(ed25519: point)]
            }
        }

    static let grammar: [HostileCase] = [
        data("no records", refusedBy: .frame) { $0.records = [] },
        data("one record more stated than there is", refusedBy: .frame) { $0.recordCount = 2 },
        data("one record less stated than there is", refusedBy: .frame) {
            $0.records = sampleExports(2).map { HandmadeData.session($0) }
            $0.recordCount = 1
        },
        data("2³² − 1 records stated", refusedBy: .frame) { $0.recordCount = .max },
        data("a byte after the records", refusedBy: .frame) { $0.rest = [0] },
        data("last record a byte short", refusedBy: .frame) { $0.records[0].removeLast() },
        data("one sender more stated than there is", refusedBy: .frame) {
            $0.senders = []
            $0.senderCount = 4096
        },
        HostileCase("data frame of no bytes", refusedBy: .frame) {
            var bundle = HandmadeBundle(HandmadeManifest())
            bundle.add(HandmadeBundle.data, [])
            bundle.addEnd(counting: [])
            return bundle.bytes
        },
    ]

    static let overrides: [HostileCase] = [
        override("an override, stated with its reason", refusedBy: nil, stated: 1),
        override("an override too many stated", refusedBy: .frame, stated: 2),
        data("an override that the manifest does not state", refusedBy: .frame) {
            $0.records = [HandmadeData.session(sampleExport(1), flags: 0x08)]
        },
    ]

    static func override(
        _ name: String, refusedBy layer: BundleLayer?, stated: UInt32
    ) -> HostileCase {
        HostileCase(name, refusedBy: layer) {
            let manifest = HandmadeManifest().with {
                $0.overrides = stated
                $0.reason = Array("moderators agreed".utf8)
            }
            let record = HandmadeData.session(sampleExport(1), flags: 0x08)
            return HandmadeBundle.whole(manifest, data: [HandmadeData(records: [record])]).bytes
        }
    }

    /// A session id that is no point: withheld entries need none.
    static func id(_ number: UInt8) -> [UInt8] {
        [number] + [UInt8](repeating: 0xff, count: 31)
    }

    /// A whole bundle whose data was changed before it was signed.
    static func data(
        _ name: String, refusedBy layer: BundleLayer?,
        _ change: @escaping @Sendable (inout HandmadeData) -> Void
    ) -> HostileCase {
        HostileCase(name, refusedBy: layer) {
            var data = HandmadeData.oneSession
            change(&data)
            return HandmadeBundle.whole(data: [data]).bytes
        }
    }

    /// A whole bundle whose one session key was changed before it was signed.
    static func session(
        _ name: String, refusedBy layer: BundleLayer?,
        _ change: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> HostileCase {
        data(name, refusedBy: layer) {
            var export = sampleExport(1)
            change(&export)
            $0.records = [HandmadeData.session(export)]
        }
    }
}
