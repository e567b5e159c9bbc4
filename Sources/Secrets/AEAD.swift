import CSodium

/// ChaCha20-Poly1305 with a 96-bit nonce (RFC 8439), tag of 16 bytes behind the ciphertext.
package enum ChaCha20Poly1305 {
    package static let tagByteCount = 16

    /// Encrypts `plaintext` into `output`, which must be 16 bytes longer.
    package static func seal(
        _ plaintext: Span<UInt8>, into output: inout MutableSpan<UInt8>,
        authenticating context: [UInt8] = [], nonce: [UInt8], key: Span<UInt8>
    ) {
        precondition(output.count == plaintext.count + tagByteCount)
        precondition(nonce.count == 12 && key.count == 32)
        _ = Sodium.ready
        _ = output.withPointer { output, _ in
            plaintext.withPointer { plain, count in
                context.span.withPointer { context, contextCount in
                    nonce.span.withPointer { nonce, _ in
                        key.withPointer { key, _ in
                            unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
                                output, nil, plain, UInt64(count), context, UInt64(contextCount),
                                nil, nonce, key)
                        }
                    }
                }
            }
        }
    }

    /// Decrypts `ciphertext` (tag last) into `output`, which must be 16 bytes shorter.
    ///
    /// - Throws: `SecretsError.notAuthentic`; `output` is then untouched or zeroed.
    package static func open(
        _ ciphertext: Span<UInt8>, into output: inout MutableSpan<UInt8>,
        authenticating context: [UInt8] = [], nonce: [UInt8], key: Span<UInt8>
    ) throws(SecretsError) {
        guard ciphertext.count >= tagByteCount else {
            throw .wrongByteCount(expected: tagByteCount, actual: ciphertext.count)
        }
        precondition(output.count == ciphertext.count - tagByteCount)
        precondition(nonce.count == 12 && key.count == 32)
        _ = Sodium.ready
        let status = output.withPointer { output, _ in
            ciphertext.withPointer { sealed, count in
                context.span.withPointer { context, contextCount in
                    nonce.span.withPointer { nonce, _ in
                        key.withPointer { key, _ in
                            unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
                                output, nil, nil, sealed, UInt64(count), context,
                                UInt64(contextCount), nonce, key)
                        }
                    }
                }
            }
        }
        guard status == 0 else { throw .notAuthentic }
    }
}

/// XChaCha20-Poly1305 with a 192-bit nonce, tag of 16 bytes behind the ciphertext.
package enum XChaCha20Poly1305 {
    package static let nonceByteCount = 24
    package static let tagByteCount = 16

    /// The ciphertext of `plaintext`, 16 bytes longer.
    package static func seal(
        _ plaintext: Span<UInt8>, authenticating context: [UInt8], nonce: [UInt8],
        key: Span<UInt8>
    ) -> [UInt8] {
        precondition(nonce.count == nonceByteCount && key.count == 32)
        _ = Sodium.ready
        var sealed = [UInt8](repeating: 0, count: plaintext.count + tagByteCount)
        var output = sealed.mutableSpan
        _ = output.withPointer { output, _ in
            plaintext.withPointer { plain, count in
                context.span.withPointer { context, contextCount in
                    nonce.span.withPointer { nonce, _ in
                        key.withPointer { key, _ in
                            unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                                output, nil, plain, UInt64(count), context,
                                UInt64(contextCount), nil, nonce, key)
                        }
                    }
                }
            }
        }
        return sealed
    }

    /// The plaintext of `ciphertext`, 16 bytes shorter.
    ///
    /// - Throws: `SecretsError.notAuthentic`, or `wrongByteCount`.
    package static func open(
        _ ciphertext: Span<UInt8>, authenticating context: [UInt8], nonce: [UInt8],
        key: Span<UInt8>
    ) throws(SecretsError) -> SecretBytes {
        var plaintext = SecretBytes(byteCount: max(ciphertext.count - tagByteCount, 0))
        var output = plaintext.mutableBytes
        try open(
            ciphertext, into: &output, authenticating: context, nonce: nonce, key: key)
        return plaintext
    }

    /// Decrypts `ciphertext` into `output`, which must be 16 bytes shorter: for many small secrets
    /// one after another, each of which would cost a guarded allocation of its own.
    ///
    /// - Throws: `SecretsError.notAuthentic`, `output` being then untouched or zeroed; or
    ///   `wrongByteCount`.
    package static func open(
        _ ciphertext: Span<UInt8>, into output: inout MutableSpan<UInt8>,
        authenticating context: [UInt8], nonce: [UInt8], key: Span<UInt8>
    ) throws(SecretsError) {
        guard ciphertext.count >= tagByteCount else {
            throw .wrongByteCount(expected: tagByteCount, actual: ciphertext.count)
        }
        precondition(output.count == ciphertext.count - tagByteCount)
        precondition(nonce.count == nonceByteCount && key.count == 32)
        _ = Sodium.ready
        let status = output.withPointer { output, _ in
            ciphertext.withPointer { sealed, count in
                context.span.withPointer { context, contextCount in
                    nonce.span.withPointer { nonce, _ in
                        key.withPointer { key, _ in
                            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                                output, nil, nil, sealed, UInt64(count), context,
                                UInt64(contextCount), nonce, key)
                        }
                    }
                }
            }
        }
        guard status == 0 else { throw .notAuthentic }
    }
}
