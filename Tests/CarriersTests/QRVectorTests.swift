import Bytes
import Foundation
import TestSupport
import Testing

@testable import Carriers

/// The rows of frames of `formats/vectors/qr-frames`.
@Suite struct QRVectorTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let expect: String
        let comment: String
        let frames: [String]
        let payload: String?

        var testDescription: String { "\(name) → \(expect)" }
    }

    static let cases: [Case] = {
        let file = PackageFolder.root.appending(path: "formats/vectors/qr-frames/cases.json")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    @Test func allOfThemAreHere() {
        #expect(Self.cases.count == 43)
    }

    @Test("A row is judged as it says", arguments: cases)
    func row(_ vector: Case) throws {
        #expect(Self.verdict(vector.frames, vector.payload) == vector.expect, "\(vector.comment)")
    }

    @Test("The order does not matter", arguments: cases)
    func backwards(_ vector: Case) throws {
        #expect(Self.verdict(vector.frames.reversed(), vector.payload) == vector.expect)
    }

    @Test("Kept half way and taken up again, a row is judged the same", arguments: cases)
    func kept(_ vector: Case) throws {
        var collector = QRCollector()
        let half = vector.frames.count / 2
        for text in vector.frames[..<half] {
            if case .damaged = collector.take(text) { return }
        }
        var again = try QRCollector(serialized: collector.serialized)
        #expect(again == collector)
        for text in vector.frames[half...] {
            if case .damaged = again.take(text) { return }
        }
        #expect(Self.verdict(of: again, vector.payload) == vector.expect)
    }

    /// What the Python reader of the page computes for parity parts, this one does too.
    @Test func parityIsTheSame() throws {
        let vector = try #require(Self.cases.first { $0.name == "ok_parity_only" })
        let payload = try #require(bytes(hexadecimal: vector.payload ?? ""))
        let transfer = try QRTransfer(payload: payload, bodyCapacity: 22)
        #expect(try (5..<10).map { try transfer.frame(at: $0).text } == vector.frames)
    }

    static func verdict(_ frames: some Sequence<String>, _ payload: String?) -> String {
        var collector = QRCollector()
        for text in frames {
            if case .damaged(let error) = collector.take(text) { return word(error) }
        }
        return verdict(of: collector, payload)
    }

    static func verdict(of collector: QRCollector, _ payload: String?) -> String {
        var word = "incomplete"
        for transfer in collector.transfers {
            do throws(QRFrameError) {
                let bytes = try transfer.payload()
                return hexadecimal(bytes) == payload ? "ok" : "another payload"
            } catch {
                if self.word(error) != "incomplete" { word = self.word(error) }
            }
        }
        return word
    }

    static func word(_ error: QRFrameError) -> String {
        switch error {
        case .tooLong, .partCount, .total, .tooManyTransfers, .tooMuchText, .capacity: "limit"
        case .alphabet, .danglingCharacter, .unusedBits: "armor"
        case .otherPrefix, .tooShort, .checksum, .otherVersion, .reservedBits,
            .morePartsThanBytes, .index, .bodyLength, .line, .unfinishedLine:
            "frame"
        case .twoBodies: "conflict"
        case .incomplete: "incomplete"
        case .padding, .otherPayload: "payload"
        }
    }
}
