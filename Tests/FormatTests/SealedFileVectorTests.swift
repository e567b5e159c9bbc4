import Bundles
import Bytes
import Foundation
import MatrixTypes
import Megolm
import Sealing
import Secrets
import TestSupport
import Testing

/// Every sealed file of `formats/vectors`, read in the order of `formats/bundle.md`, which is that
/// of the receiving walk.
///
/// Each must be refused by the layer it names, or give just what it states.
///
/// The vectors come from a generator in another language, written from the pages.
@Suite struct SealedFileVectorTests {
    @Test func thereAreEnough() {
        let vectors = FormatVector.all(ofKind: nil)
        #expect(vectors.filter { $0.expect == "ok" }.count >= 10)
        #expect(vectors.filter { $0.expect != "ok" }.count >= 40)
    }

    @Test("is judged as it says", arguments: FormatVector.all(ofKind: nil))
    func isJudged(_ vector: FormatVector) throws {
        var records = Records()
        let verdict = Self.read(vector, &records)
        #expect(verdict == vector.expect, "\(vector.header["comment"] ?? "")")
        guard vector.expect == "ok" else { return }
        #expect(String(records.sessions.count) == vector.header["sessions"])
        #expect(String(records.withheld.count) == vector.header["withheld"])
        let written = WrittenRecords(inside: try Self.plaintext(of: vector))
        #expect(hexadecimal(sha256(written.bytes)) == vector.header["released"])
        #expect(records.sessions == written.sessions)
        #expect(records.withheld == written.withheld)
    }

    /// What the reader gave out: exported keys, and ids of withheld sessions.
    struct Records {
        var sessions: [[UInt8]] = []
        var withheld: [[UInt8]] = []

        mutating func add(_ record: BundleRecord) {
            switch record {
            case .session(let session): sessions.append([UInt8](session.sessionKey.bytes))
            case .withheld(let session): withheld.append(session.sessionID.bytes.array)
            }
        }
    }

    private static func opened(_ vector: FormatVector) throws(SealingError) -> OpenedFile {
        let text = Array((vector.header["identity"] ?? "").utf8)
        return try OpenedFile(
            source: MemorySource(vector.bytes), keys: [AgeSecretKey(text: text.span)])
    }

    private static func plaintext(of vector: FormatVector) throws -> [UInt8] {
        try opened(vector).readAll(limit: 1 << 24)
    }

    /// The class word of what refused, or `ok`.
    private static func read(_ vector: FormatVector, _ records: inout Records) -> String {
        let opened: OpenedFile
        do throws(SealingError) {
            opened = try Self.opened(vector)
        } catch {
            return word(error)
        }
        do throws(BundleError) {
            try read(vector, opened, &records)
            return "ok"
        } catch {
            if case .stream = error, let failure = opened.failure { return word(failure) }
            return error.layer.rawValue
        }
    }

    private static func read(
        _ vector: FormatVector, _ opened: OpenedFile, _ records: inout Records
    ) throws(BundleError) {
        let bundle = try UnverifiedBundle(reading: opened)
        let pin = bytes(hexadecimal: vector.header["signer"] ?? "").flatMap { Bytes32($0) }
        let signed = try bundle.verified(as: Ed25519.PublicKey(bytes: pin ?? .zero))
        let seen = vector.header["seen"]
        let expectation = BundleExpectation(
            recipient: opened.recipient.key,
            nowMilliseconds: UInt64(vector.header["now"] ?? "") ?? 0,
            roomID: try? RoomID(vector.header["room"] ?? ""),
            isSeen: { $0.description == seen })
        var admitted = try signed.accepted(by: expectation)
        while let record = try admitted.next() { records.add(record) }
    }

    private static func word(_ error: SealingError) -> String {
        error.layer.rawValue.lowercased()
    }
}
