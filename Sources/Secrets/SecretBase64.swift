import CSodium

/// Standard base64 of secrets, in constant time for a given length (not so Foundation's).
package enum SecretBase64 {
    /// How many bytes so many characters of unpadded base64 spell; `nil` where none do.
    static func decodedByteCount(of characterCount: Int) -> Int? {
        let spare = characterCount % 4
        return spare == 1 ? nil : characterCount / 4 * 3 + [0, 0, 1, 2][spare]
    }

    /// Decodes unpadded base64 strictly: no padding, no white space, unused bits zero.
    ///
    /// - Throws: `SecretsError.notBase64`.
    package static func decode(_ text: Span<UInt8>) throws(SecretsError) -> SecretBytes {
        guard let byteCount = decodedByteCount(of: text.count) else { throw .notBase64 }
        var output = SecretBytes(byteCount: byteCount)
        var span = output.mutableBytes
        guard decode(text, into: &span) else { throw .notBase64 }
        return output
    }

    /// Fills all of `output`, or answers `false`.
    static func decode(_ text: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Bool {
        _ = Sodium.ready
        return output.withPointer { output, capacity in
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
    }

    /// Unpadded base64, as ASCII bytes.
    package static func encode(_ bytes: Span<UInt8>) -> SecretBytes {
        // libsodium ends its text with a zero byte.
        var output = SecretBytes(byteCount: encodedByteCount(of: bytes.count))
        var span = output.mutableBytes
        let count = encode(bytes, into: &span)
        return output.prefix(count)
    }

    /// The room that `encode(_:into:)` wants, in bytes: one more than the text it gives.
    package static func encodedByteCount(of byteCount: Int) -> Int {
        sodium_base64_encoded_len(byteCount, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
    }

    /// Writes unpadded base64 to the front of `output` and returns the text's length in bytes.
    package static func encode(_ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int {
        _ = Sodium.ready
        output.withPointer { output, capacity in
            bytes.withPointer { bytes, count in
                unsafe output.withMemoryRebound(to: CChar.self, capacity: capacity) { output in
                    _ = unsafe sodium_bin2base64(
                        output, capacity, bytes, count, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
                }
            }
        }
        return encodedByteCount(of: bytes.count) - 1
    }
}
