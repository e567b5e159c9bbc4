import Bytes
import Secrets
import TestSupport
import Testing

/// What the types that hold secrets promise: wiped when let go, and never shown.
struct HoldingTests {
    private let pattern = FixedRandomSource.bytes(64, number: 1)

    @Test func newSecretBytesAreZero() {
        let secret = SecretBytes(byteCount: 100)
        let bytes = [UInt8](secret.bytes)
        #expect(bytes == [UInt8](repeating: 0, count: 100))
    }

    @Test func secretBytesAreGoneWhenLetGo() {
        let address = {
            let secret = SecretBytes(copying: pattern.span)
            let address = self.address(of: secret.bytes)
            #expect(memoryNow(at: address, byteCount: 64) == pattern)
            return address
        }()
        expectGone(at: address)
    }

    @Test func sharedSecretsAreGoneWhenTheLastHolderLetsGo() {
        var holder: SharedSecret? = SharedSecret(copying: pattern.span)
        let other = holder
        let address = holder.map { self.address(of: $0.bytes) } ?? 0
        holder = nil
        #expect(other?.byteCount == 64)
        #expect(memoryNow(at: address, byteCount: 64) == pattern)
        let third = SharedSecret(copying: pattern.span)
        #expect(third.byteCount == 64)
    }

    @Test func sharedSecretsAreWiped() {
        let address = {
            let secret = SharedSecret(copying: pattern.span)
            return self.address(of: secret.bytes)
        }()
        expectGone(at: address)
    }

    @Test func wipingOverwritesForeignMemory() {
        var bytes = pattern
        var span = bytes.mutableSpan
        wipe(&span)
        #expect(bytes == [UInt8](repeating: 0, count: 64))
    }

    @Test func sharedSecretsDoNotShow() {
        let secret = SharedSecret(copying: Array("correct horse".utf8).span)
        var dumped = ""
        dump(secret, to: &dumped)
        dump([secret], to: &dumped)
        let shown = "\(secret) \(String(reflecting: secret)) \([secret]) \(dumped)"
        #expect(!shown.contains("correct") && !shown.contains("99"))
        #expect(shown.contains("13 secret bytes"))
    }

    @Test func comparingTellsEqualFromUnequal() {
        let equal = pattern
        var unequal = pattern
        unequal[63] ^= 1
        let nothing: [UInt8] = []
        let answers = [
            constantTimeEqual(pattern.span, equal.span),
            constantTimeEqual(pattern.span, unequal.span),
            constantTimeEqual(pattern.span, pattern.span.extracting(first: 63)),
            constantTimeEqual(nothing.span, nothing.span),
        ]
        #expect(answers == [true, false, false, true])
    }

    @Test func secretsCanBeOverwrittenInPart() {
        var secret = SecretBytes(byteCount: 4)
        secret.copy([1, 2].span, to: 1)
        let whole = [UInt8](secret.bytes)
        let start = [UInt8](secret.prefix(2).bytes)
        #expect(whole == [0, 1, 2, 0])
        #expect(start == [0, 1])
    }

    private func address(of bytes: Span<UInt8>) -> UInt {
        unsafe bytes.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }

    /// The memory may have been unmapped or given to somebody else; the secret must not be in it.
    private func expectGone(at address: UInt) {
        guard let now = memoryNow(at: address, byteCount: 64), now.count == 64 else { return }
        for start in stride(from: 0, to: 64, by: 8) {
            #expect(now[start..<start + 8] != pattern[start..<start + 8])
        }
    }
}
