package import Bytes
import CSodium

/// Ed25519 (RFC 8032), verified strictly: S < L, no small-order R or key, canonical encodings.
package enum Ed25519 {
    package static let signatureByteCount = 64

    /// A public key: 32 bytes.
    package struct PublicKey: Hashable, Sendable {
        package let bytes: Bytes32

        package init(bytes: Bytes32) {
            self.bytes = bytes
        }

        /// Whether this is the canonical encoding of a point of the prime-order group.
        ///
        /// libsodium's verification alone lets keys of mixed order pass, under which some messages
        /// verify that others refuse; so every key is asked this when it is pinned, claimed or
        /// imported.
        package var isValidPoint: Bool {
            _ = Sodium.ready
            return bytes.array.span.withPointer { point, _ in
                unsafe crypto_core_ed25519_is_valid_point(point) == 1
            }
        }

        /// Whether `signature` (64 bytes) is this key's for `message`.
        package func verifies(_ signature: Span<UInt8>, of message: Span<UInt8>) -> Bool {
            guard signature.count == Ed25519.signatureByteCount else { return false }
            _ = Sodium.ready
            let key = bytes.array
            return signature.withPointer { signature, _ in
                message.withPointer { message, count in
                    key.span.withPointer { key, _ in
                        unsafe crypto_sign_verify_detached(
                            signature, message, UInt64(count), key) == 0
                    }
                }
            }
        }
    }

    /// A signing key: the 32-byte seed and what is derived from it.
    package struct SigningKey: ~Copyable {
        private let expanded: SecretBytes
        package let publicKey: PublicKey

        /// - Parameter seed: 32 secret bytes (RFC 8032's private key).
        package init(seed: borrowing SecretBytes) {
            precondition(seed.byteCount == 32)
            _ = Sodium.ready
            var point = [UInt8](repeating: 0, count: 32)
            var secret = SecretBytes(byteCount: 64)
            var output = secret.mutableBytes
            var pointOutput = point.mutableSpan
            _ = pointOutput.withPointer { point, _ in
                output.withPointer { secret, _ in
                    seed.bytes.withPointer { seed, _ in
                        unsafe crypto_sign_seed_keypair(point, secret, seed)
                    }
                }
            }
            expanded = secret
            publicKey = PublicKey(bytes: Bytes32(point) ?? .zero)
        }

        /// The signature of `message`, 64 bytes, the same at every call.
        package borrowing func sign(_ message: Span<UInt8>) -> [UInt8] {
            var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
            var output = signature.mutableSpan
            _ = output.withPointer { signature, _ in
                message.withPointer { message, count in
                    expanded.bytes.withPointer { key, _ in
                        unsafe crypto_sign_detached(
                            signature, nil, message, UInt64(count), key)
                    }
                }
            }
            return signature
        }
    }
}
