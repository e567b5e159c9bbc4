import CSodium

/// Standard base64 of secrets, in constant time for a given length (not so Foundation's).
package enum SecretBase64 {
    /// Decodes unpadded base64 strictly: no padding, no white space, unused bits zero.
    ///
    /// - Throws: `SecretsError.notBase64`.
    package static func decode(_ text: Span<UInt8>) throws(SecretsError) -> SecretBytes {
        _ = Sodium.ready
        guard text.count % 4 != 1 else { throw .notBase64 }
        var output = SecretBytes(byteCount: text.count / 4 * 3 + [0, 0, 1, 2][text.count % 4])
        var span = output.mutableBytes
        let isWhole = span.withPointer { output, capacity in
            text.withPointer { text, count in
                unsafe text.withMemoryRebound(to: CChar.self, capacity: count) { text in
                    var decoded = 0
                    let status = unsafe sodium_base642bin(
                        output, capacity, text, count, nil, &decoded, nil,
                        sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
                    return status == 0 && decoded == capacity
                }
            }
        }
        guard isWhole else { throw .notBase64 }
        return output
    }

    /// Unpadded base64, as ASCII bytes.
    package static func encode(_ bytes: Span<UInt8>) -> SecretBytes {
        _ = Sodium.ready
        let variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING
        // libsodium ends its text with a zero byte.
        let capacity = sodium_base64_encoded_len(bytes.count, variant)
        var output = SecretBytes(byteCount: capacity)
        var span = output.mutableBytes
        span.withPointer { output, capacity in
            bytes.withPointer { bytes, count in
                unsafe output.withMemoryRebound(to: CChar.self, capacity: capacity) { output in
                    _ = unsafe sodium_bin2base64(output, capacity, bytes, count, variant)
                }
            }
        }
        return output.prefix(capacity - 1)
    }
}
