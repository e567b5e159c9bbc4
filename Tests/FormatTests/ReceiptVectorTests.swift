import Bundles
import Bytes
import Secrets
import TestSupport
import Testing

/// The receipts of `formats/vectors`.
@Suite struct ReceiptVectorTests {
    @Test("A receipt is judged as it says", arguments: FormatVector.all(ofKind: "receipt"))
    func receipt(_ vector: FormatVector) {
        let verdict: String
        do throws(BundleError) {
            let receipt = try HandOverReceipt(vector.bytes.span)
            #expect(hexadecimal(receipt.signer.bytes.array) == vector.header["signer"])
            #expect(receipt.bundle.description == vector.header["bundle"])
            #expect(String(receipt.receivedMilliseconds) == vector.header["created"])
            #expect(String(receipt.takenCount) == vector.header["sessions"])
            verdict = "ok"
        } catch {
            verdict = error.layer.rawValue
        }
        #expect(verdict == vector.expect, "\(vector.header["comment"] ?? "")")
    }

    @Test("No bit of a receipt can be changed")
    func everyBit() throws {
        let all = FormatVector.all(ofKind: "receipt")
        #expect(all.count == 10)
        let whole = try #require(all.first { $0.name == "rcp-00_good" }).bytes
        for place in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[place] ^= 1 << UInt8(bit)
                #expect(throws: BundleError.self) { try HandOverReceipt(bytes.span) }
            }
        }
    }
}
