import Crypto
import Secrets

/// HMAC-SHA-256 over more bytes than memory holds; faster than libsodium's on today's processors.
struct BulkHMAC {
    private var hmac: HMAC<SHA256>

    init(key: Span<UInt8>) {
        hmac = HMAC(key: key.symmetricKey)
    }

    mutating func update(_ bytes: Span<UInt8>) {
        var hmac = self.hmac
        unsafe bytes.withUnsafeBytes { unsafe hmac.update(data: $0) }
        self.hmac = hmac
    }

    func verifies(_ code: [UInt8]) -> Bool {
        constantTimeEqual(self.code.span, code.span)
    }

    var code: [UInt8] { Array(hmac.finalize()) }
}

extension Span<UInt8> {
    /// These bytes as swift-crypto keeps a key: in memory that it wipes.
    var symmetricKey: SymmetricKey {
        unsafe withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    }
}
