package import Bytes
import CSodium

/// X25519 (RFC 7748).
package enum X25519 {
    /// A public key: the u coordinate, 32 bytes, kept as it was spelled.
    package struct PublicKey: Hashable, Comparable, Sendable {
        package let bytes: Bytes32

        package init(bytes: Bytes32) {
            self.bytes = bytes
        }

        /// Whether this is the one canonical spelling (u < 2^255 − 19, top bit clear) of a point that
        /// is not of low order.
        ///
        /// Pinned and signed keys must be; foreign shares need not.
        package var isCanonicalAndSound: Bool {
            let array = bytes.array
            if array[31] & 0x80 != 0 { return false }
            if array[31] == 0x7f, array[1..<31].allSatisfy({ $0 == 0xff }), array[0] >= 0xed {
                return false
            }
            // Multiplying by any scalar shows a low-order point: the product is zero.
            var scalar = SecretBytes(byteCount: 32)
            var byte = scalar.mutableBytes
            byte[0] = 8
            return (try? X25519.agree(scalar, with: self)) != nil
        }

        package static func < (left: PublicKey, right: PublicKey) -> Bool {
            left.bytes < right.bytes
        }
    }

    /// The public key of a secret scalar of 32 bytes.
    package static func publicKey(of secret: borrowing SecretBytes) -> PublicKey {
        precondition(secret.byteCount == 32)
        _ = Sodium.ready
        var product = [UInt8](repeating: 0, count: 32)
        var output = product.mutableSpan
        _ = output.withPointer { output, _ in
            secret.bytes.withPointer { scalar, _ in
                unsafe crypto_scalarmult_base(output, scalar)
            }
        }
        return PublicKey(bytes: Bytes32(product) ?? .zero)
    }

    /// The shared secret, 32 bytes.
    ///
    /// - Throws: `SecretsError.lowOrderPoint` where the result would be all zeros, which both age
    ///   and RFC 7748 §6.1 ask to refuse.
    package static func agree(
        _ secret: borrowing SecretBytes, with other: PublicKey
    ) throws(SecretsError) -> SecretBytes {
        precondition(secret.byteCount == 32)
        _ = Sodium.ready
        var shared = SecretBytes(byteCount: 32)
        let point = other.bytes.array
        var output = shared.mutableBytes
        let status = output.withPointer { result, _ in
            secret.bytes.withPointer { scalar, _ in
                point.span.withPointer { point, _ in
                    unsafe crypto_scalarmult(result, scalar, point)
                }
            }
        }
        guard status == 0 else { throw .lowOrderPoint }
        return shared
    }
}
