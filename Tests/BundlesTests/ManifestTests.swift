import Bundles
import Bytes
import MatrixTypes
import Testing

struct ManifestTests {
    @Test(arguments: [nil] + HistoryVisibility.allCases)
    func whatIsAcceptedEncodesToTheSameBytes(visibility: HistoryVisibility?) throws {
        let code: UInt8 =
            switch visibility {
            case nil: 0
            case .worldReadable: 1
            case .shared: 2
            case .invited: 3
            case .joined: 4
            }
        let body = HandmadeManifest().with {
            $0.basis = code
            $0.overrides = 3
            $0.reason = Array("für später — 為了後人".utf8)
        }.bytes
        let manifest = try BundleManifest(parsing: body.span)
        #expect(manifest.visibilityBasis == visibility)
        #expect(manifest.encoded == body)
    }

    @Test func everyCutIsMalformed() {
        let body = HandmadeManifest().bytes
        for count in body.indices {
            #expect(throws: BundleError.self, "\(count) bytes") {
                try BundleManifest(parsing: body.span.extracting(first: count))
            }
        }
    }

    @Test func partsThatDoNotFitTogether() throws {
        let sample = try sampleManifest()
        func make(
            expires: UInt64 = sampleNow, audience: [AudienceHash]? = nil, overrides: UInt32 = 0,
            reason: String = "", purpose: BundlePurpose = .handover, link: ArchiveLink? = nil
        ) throws(BundleError) -> BundleManifest {
            try BundleManifest(
                purpose: purpose, id: sample.id, createdMilliseconds: sampleNow,
                expiresMilliseconds: expires, audience: audience ?? sample.audience,
                roomID: sample.roomID, overrideCount: overrides, overrideReason: reason,
                archiveLink: link)
        }
        let link = ArchiveLink(sequence: 0, previous: .zero, nextWriterKey: .zero)
        _ = try make()
        _ = try make(expires: 0, purpose: .archive, link: link)
        #expect(throws: BundleError.malformed(.expires)) { try make(expires: sampleNow - 1) }
        #expect(throws: BundleError.malformed(.expires)) { try make(expires: 0) }
        #expect(throws: BundleError.malformed(.audience)) { try make(audience: []) }
        #expect(throws: BundleError.malformed(.overrideReason)) { try make(overrides: 1) }
        #expect(throws: BundleError.malformed(.overrideReason)) { try make(reason: "why") }
        #expect(throws: BundleError.malformed(.overrideReason)) {
            try make(overrides: 1, reason: "two\nlines")
        }
        #expect(throws: BundleError.malformed(.overrideReason)) {
            try make(overrides: 1, reason: String(repeating: "é", count: 128))
        }
        #expect(throws: BundleError.malformed(.archiveLink)) { try make(link: link) }
        #expect(throws: BundleError.malformed(.archiveLink)) { try make(purpose: .archive) }
    }

    @Test func audienceIsSortedAndEachNamedOnce() throws {
        let id = try sampleManifest().id
        let recipients = (0..<10).map { sampleRecipient($0) }
        let list = AudienceHash.list(of: recipients + recipients, bundle: id)
        #expect(list.count == 10)
        #expect(list == list.sorted())
        let byHand = HandmadeManifest.hash(of: recipients[0], id: id.array)
        #expect(list.contains { $0.bytes.array == byHand })
    }
}
