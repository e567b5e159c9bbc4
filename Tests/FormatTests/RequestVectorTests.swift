import Bundles
import Bytes
import MatrixTypes
import Secrets
import TestSupport
import Testing

/// The requests for missing keys of `formats/vectors`.
@Suite struct RequestVectorTests {
    @Test("A request is judged as it says", arguments: FormatVector.all(ofKind: "request"))
    func request(_ vector: FormatVector) {
        let verdict: String
        do throws(BundleError) {
            let request = try GapRequest(vector.bytes.span)
            #expect(hexadecimal(request.signer.bytes.array) == vector.header["signer"])
            #expect(request.roomID.text == vector.header["room"])
            #expect(request.userID?.text ?? "" == vector.header["user"])
            #expect(String(request.createdMilliseconds) == vector.header["created"])
            #expect(String(request.gaps.count) == vector.header["sessions"])
            verdict = "ok"
        } catch {
            verdict = error.layer.rawValue
        }
        #expect(verdict == vector.expect, "\(vector.header["comment"] ?? "")")
    }

    @Test func allOfThemAreHere() {
        #expect(FormatVector.all(ofKind: "request").count == 28)
    }

    @Test("No bit of a request can be changed, and no byte taken away")
    func everyBit() throws {
        let all = FormatVector.all(ofKind: "request")
        let whole = try #require(all.first { $0.name == "gap-00_one" }).bytes
        for place in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[place] ^= 1 << UInt8(bit)
                #expect(throws: BundleError.self) { try GapRequest(bytes.span) }
            }
            let cut = Array(whole[..<place])
            #expect(throws: BundleError.self) { try GapRequest(cut.span) }
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let key = Ed25519.SigningKey(seed: SecretBytes(copying: Array(UInt8(0)..<32).span))
        let room = try RoomID("!room:example.org")
        let gaps = try (UInt8(0)..<5).map { number in
            GapRequest.Gap(
                sessionID: SessionID(
                    bytes: try #require(Bytes32([UInt8](repeating: 9 - number, count: 32)))),
                lowestMissing: MessageIndex(UInt32(number)))
        }
        let bytes = try GapRequest.signed(
            by: key, createdMilliseconds: 5, roomID: room, userID: nil, gaps: gaps)
        let request = try GapRequest(bytes.span)
        #expect(request.roomID == room)
        #expect(request.gaps == gaps.reversed())
        for gap in gaps { #expect(request.lowestMissing(of: gap.sessionID) == gap.lowestMissing) }
        #expect(request.lowestMissing(of: SessionID(bytes: .zero)) == nil)
        #expect(throws: BundleError.malformed(.gaps)) {
            try GapRequest.signed(
                by: key, createdMilliseconds: 5, roomID: room, userID: nil, gaps: [])
        }
        #expect(throws: BundleError.malformed(.gaps)) {
            try GapRequest.signed(
                by: key, createdMilliseconds: 5, roomID: room, userID: nil,
                gaps: [gaps[0], gaps[0]])
        }
    }
}
