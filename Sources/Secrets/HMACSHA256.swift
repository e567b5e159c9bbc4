import Bytes
import CSodium

/// HMAC-SHA-256 (RFC 2104).
package enum HMACSHA256 {
    package static let byteCount = 32

    /// The code of `message` under `key`, which may have any length.
    package static func code(of message: Span<UInt8>, key: Span<UInt8>) -> SecretBytes {
        var code = SecretBytes(byteCount: byteCount)
        var output = code.mutableBytes
        self.code(of: message, key: key, into: &output)
        return code
    }

    /// The code of `message` under `key` where the code itself is no secret.
    package static func publicCode(of message: Span<UInt8>, key: Span<UInt8>) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: byteCount)
        var output = code.mutableSpan
        self.code(of: message, key: key, into: &output)
        return code
    }

    private static func code(
        of message: Span<UInt8>, key: Span<UInt8>, into output: inout MutableSpan<UInt8>
    ) {
        _ = Sodium.ready
        var state = crypto_auth_hmacsha256_state()
        _ = key.withPointer { key, count in
            unsafe crypto_auth_hmacsha256_init(&state, key, count)
        }
        _ = message.withPointer { message, count in
            unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(count))
        }
        _ = output.withPointer { output, _ in
            unsafe crypto_auth_hmacsha256_final(&state, output)
        }
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
    }

    /// Whether `code` is the code of `message`, compared in constant time.
    package static func verifies(
        _ code: Span<UInt8>, of message: Span<UInt8>, key: Span<UInt8>
    ) -> Bool {
        let expected = self.code(of: message, key: key)
        return constantTimeEqual(expected.bytes, code)
    }
}

/// HKDF with HMAC-SHA-256 (RFC 5869), made of HMAC because libsodium 1.0.18 has none.
package enum HKDFSHA256 {
    /// The most it can give: 255 blocks of 32 bytes.
    package static let maximumByteCount = 255 * HMACSHA256.byteCount

    /// - Parameters:
    ///   - salt: any length; empty is the same as 32 zero bytes.
    ///   - byteCount: 1 to 8,160 bytes of output.
    /// - Throws: `SecretsError.tooMuchOutput`.
    package static func derive(
        from material: Span<UInt8>, salt: [UInt8], info: [UInt8], byteCount: Int
    ) throws(SecretsError) -> SecretBytes {
        guard byteCount <= maximumByteCount else { throw .tooMuchOutput(limit: maximumByteCount) }
        let pseudorandomKey = HMACSHA256.code(of: material, key: salt.span)
        var output = SecretBytes(byteCount: byteCount)
        var block = SecretBytes(byteCount: 0)
        var written = 0
        var counter: UInt8 = 1
        while written < byteCount {
            var input = SecretBytes(byteCount: block.byteCount + info.count + 1)
            var span = input.mutableBytes
            span.copy(block.bytes, to: 0)
            span.copy(info.span, to: block.byteCount)
            span[span.count - 1] = counter
            block = HMACSHA256.code(of: input.bytes, key: pseudorandomKey.bytes)
            let count = min(block.byteCount, byteCount - written)
            var result = output.mutableBytes
            result.copy(block.bytes.extracting(first: count), to: written)
            written += count
            counter &+= 1
        }
        return output
    }
}
