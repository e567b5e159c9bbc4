import Bytes
import Secrets

/// The key of one sealed file, wrapped once for each recipient: 16 bytes, drawn anew for each file.
///
/// The header's code and the payload's key both come from it, so whoever opens the header is bound
/// to the same payload as every other recipient.
struct FileKey: ~Copyable {
    static let byteCount = 16
    static let nonceByteCount = 16

    let secret: SecretBytes

    init(_ secret: consuming SecretBytes) {
        precondition(secret.byteCount == Self.byteCount)
        self.secret = secret
    }

    init(random: inout some RandomSource) {
        secret = SecretBytes(byteCount: Self.byteCount, from: &random)
    }

    /// The code of a header that ends with its three hyphens.
    borrowing func headerCode(of header: [UInt8]) -> [UInt8] {
        let key = Self.derive(from: secret, salt: [], info: Array("header".utf8))
        let code = HMACSHA256.code(of: header.span, key: key.bytes)
        return [UInt8](code.bytes)
    }

    /// Whether `code` is the code of `header`, compared in constant time.
    borrowing func verifies(_ code: [UInt8], of header: [UInt8]) -> Bool {
        let key = Self.derive(from: secret, salt: [], info: Array("header".utf8))
        return HMACSHA256.verifies(code.span, of: header.span, key: key.bytes)
    }

    /// The key of the payload that begins with `nonce`.
    borrowing func payloadKey(nonce: [UInt8]) -> SecretBytes {
        Self.derive(from: secret, salt: nonce, info: Array("payload".utf8))
    }

    /// The 32 bytes that age derives everywhere, with HKDF-SHA-256.
    static func derive(
        from material: borrowing SecretBytes, salt: [UInt8], info: [UInt8]
    ) -> SecretBytes {
        do throws(SecretsError) {
            return try HKDFSHA256.derive(
                from: material.bytes, salt: salt, info: info, byteCount: 32)
        } catch {
            preconditionFailure("32 bytes are never too much for HKDF")
        }
    }
}
