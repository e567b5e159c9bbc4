import Bundles
import Bytes
import Secrets
import Testing

/// One bundle with one fault, and the layer that must refuse it; `nil` where none may.
struct HostileCase: Sendable, CustomTestStringConvertible {
    let name: String
    let layer: BundleLayer?
    let signer: @Sendable () -> [UInt8]
    let expectation: @Sendable () throws -> BundleExpectation
    let bytes: @Sendable () throws -> [UInt8]

    init(
        _ name: String, refusedBy layer: BundleLayer?,
        signer: @escaping @Sendable () -> [UInt8] = { TestSigner().publicKey.bytes.array },
        expecting expectation: @escaping @Sendable () throws -> BundleExpectation = {
            try sampleExpectation()
        },
        _ bytes: @escaping @Sendable () throws -> [UInt8]
    ) {
        self.name = name
        self.layer = layer
        self.signer = signer
        self.expectation = expectation
        self.bytes = bytes
    }

    var testDescription: String { "\(name): \(layer?.rawValue ?? "ok")" }
}

/// Points that are no honest public key.
enum BadPoints {
    /// The eight Ed25519 points whose order divides eight.
    static let smallOrder = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ].map { bytes(hexadecimal: $0) ?? [] }

    /// Ed25519 encodings with y at or above 2²⁵⁵ − 19.
    static let nonCanonical = [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ].map { bytes(hexadecimal: $0) ?? [] }

    /// X25519 low-order points other than zero, which stands for "unknown".
    static let lowOrderX25519 = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ].map { bytes(hexadecimal: $0) ?? [] }

    /// The point plus the one of order two: (x, y) becomes (−x, −y), which no longer lies in the
    /// prime-order group.
    static func mixedOrder(from point: [UInt8]) -> [UInt8] {
        var prime = [UInt8](repeating: 0xff, count: 32)
        prime[0] = 0xed
        prime[31] = 0x7f
        var result = point
        result[31] &= 0x7f
        var borrow = 0
        for index in 0..<32 {
            let difference = Int(prime[index]) - Int(result[index]) - borrow
            result[index] = UInt8(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
        result[31] |= ~point[31] & 0x80
        return result
    }
}
