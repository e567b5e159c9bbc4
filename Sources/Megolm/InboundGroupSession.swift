import COlm
package import MatrixTypes
package import Secrets

/// A session being read or wound forward, in libolm's hands.
///
/// libolm wants base64 in and gives base64 out, and it overwrites message buffers while it decodes
/// them: every buffer handed to it here is a copy of this type's own.
@safe
package struct InboundGroupSession: ~Copyable {
    private let session: OpaquePointer
    private let key: ExportedSessionKey

    /// - Throws: `MegolmError.library` where libolm refuses a key that passed our checks.
    package init(_ key: ExportedSessionKey) throws(MegolmError) {
        let byteCount = olm_inbound_group_session_size()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
        unsafe session = olm_inbound_group_session(memory)
        self.key = key
        var text = key.base64
        let session = unsafe self.session
        let status = text.withMutableBytes { base, count in
            unsafe olm_import_inbound_group_session(session, base, count)
        }
        if status == olm_error() { throw lastError(asked: 0) }
    }

    deinit {
        unsafe olm_clear_inbound_group_session(session)
        unsafe UnsafeMutableRawPointer(session).deallocate()
    }

    /// The same session from a later index on.
    ///
    /// - Throws: `unknownIndex` for an index before the first known one.
    package borrowing func export(at index: MessageIndex) throws(MegolmError) -> ExportedSessionKey
    {
        guard index >= key.firstKnownIndex else {
            throw .unknownIndex(asked: index.value, firstKnown: key.firstKnownIndex.value)
        }
        let session = unsafe self.session
        var text = SecretBytes(
            byteCount: unsafe olm_export_inbound_group_session_length(session))
        let written = text.withMutableBytes { base, count in
            unsafe olm_export_inbound_group_session(session, base, count, index.value)
        }
        if written == olm_error() {
            throw lastError(asked: index.value)
        }
        do {
            let bytes = try SecretBase64.decode(text.bytes)
            return ExportedSessionKey(derived: bytes.bytes, from: key)
        } catch {
            throw .notBase64
        }
    }

    /// The plaintext of one message, once the signature and the MAC verify.
    ///
    /// - Parameter message: the event's `ciphertext`, base64.
    package borrowing func decrypt(
        _ message: Span<UInt8>
    ) throws(MegolmError) -> SecretBytes {
        let session = unsafe self.session
        var lengthCopy = SecretBytes(copying: message)
        let longest = lengthCopy.withMutableBytes { base, count in
            unsafe olm_group_decrypt_max_plaintext_length(session, base, count)
        }
        if longest == olm_error() { throw lastError(asked: 0) }
        var plaintext = SecretBytes(byteCount: longest)
        var copy = SecretBytes(copying: message)
        var index: UInt32 = 0
        let written = plaintext.withMutableBytes { output, capacity in
            copy.withMutableBytes { base, count in
                unsafe olm_group_decrypt(session, base, count, output, capacity, &index)
            }
        }
        if written == olm_error() { throw lastError(asked: index) }
        return plaintext.prefix(written)
    }

    private borrowing func lastError(asked: UInt32) -> MegolmError {
        switch unsafe olm_inbound_group_session_last_error_code(session) {
        case OLM_UNKNOWN_MESSAGE_INDEX:
            .unknownIndex(asked: asked, firstKnown: key.firstKnownIndex.value)
        case OLM_BAD_MESSAGE_MAC: .badMAC
        case OLM_BAD_SIGNATURE: .badSignature
        case OLM_BAD_MESSAGE_FORMAT, OLM_BAD_MESSAGE_VERSION, OLM_INVALID_BASE64: .malformedMessage
        case let code: .library(code: UInt32(code.rawValue))
        }
    }
}

extension SecretBytes {
    /// The bytes as libolm wants them.
    ///
    /// The pointer is valid only inside `body`.
    @safe
    fileprivate mutating func withMutableBytes<Result>(
        _ body: (UnsafeMutablePointer<UInt8>?, Int) -> Result
    ) -> Result {
        var span = mutableBytes
        return unsafe span.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress, $0.count) }
    }
}
