import Bytes
import COlm
import MatrixTypes

/// A device that writes Megolm messages, by libolm's own outbound sessions: what it makes is real.
@safe
public final class MegolmSender {
    private let session: OpaquePointer
    /// The session's id, 43 characters of unpadded base64.
    public let sessionID: String
    /// The session's export at index 0, 220 characters of unpadded base64.
    public let exported: String
    /// The index of the next message.
    public private(set) var index: UInt32 = 0

    /// - Parameter seed: the same seed makes the same session.
    public init(seed: UInt8) {
        let size = olm_outbound_group_session_size()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe session = olm_outbound_group_session(memory)
        let session = unsafe self.session
        let count = unsafe olm_init_outbound_group_session_random_length(session)
        var random = (0..<count).map { UInt8(truncatingIfNeeded: Int(seed) &* 151 &+ $0 &* 31) }
        let status = unsafe olm_init_outbound_group_session(session, &random, random.count)
        precondition(status != olm_error())
        var id = [UInt8](
            repeating: 0, count: unsafe olm_outbound_group_session_id_length(session))
        _ = unsafe olm_outbound_group_session_id(session, &id, id.count)
        sessionID = String(decoding: id, as: UTF8.self)
        var key = [UInt8](
            repeating: 0, count: unsafe olm_outbound_group_session_key_length(session))
        _ = unsafe olm_outbound_group_session_key(session, &key, key.count)
        // The shared form without its signature is the exported form, but for the version.
        var bytes = Array((UnpaddedBase64.decode(key.span) ?? []).prefix(165))
        bytes[0] = 1
        exported = UnpaddedBase64.encode(bytes)
    }

    deinit {
        unsafe olm_clear_outbound_group_session(session)
        unsafe UnsafeMutableRawPointer(session).deallocate()
    }

    /// The `ciphertext` of the next message.
    public func encrypt(_ plaintext: String) -> String {
        var text = Array(plaintext.utf8)
        let session = unsafe self.session
        var message = [UInt8](
            repeating: 0, count: unsafe olm_group_encrypt_message_length(session, text.count))
        let written = unsafe olm_group_encrypt(
            session, &text, text.count, &message, message.count)
        precondition(written != olm_error())
        index += 1
        return String(decoding: message[..<written], as: UTF8.self)
    }

    /// Passes over indices, as a device does whose messages nobody saved.
    public func skip(to index: UInt32) {
        while self.index < index { _ = encrypt("") }
    }

    /// The export with a part of the ratchet (0 to 3) changed, at the index it says.
    public func spoilt(part: Int, index: UInt32 = 0) -> String {
        var bytes = UnpaddedBase64.decode(Array(exported.utf8).span) ?? []
        bytes[5 + 32 * part + 7] ^= 0x10
        for place in 0..<4 {
            bytes[1 + place] = UInt8(truncatingIfNeeded: index >> UInt32(24 - 8 * place))
        }
        return UnpaddedBase64.encode(bytes)
    }

    /// The export under a false index: its ratchet is that of index 0.
    public func mislabelled(index: UInt32) -> String {
        var bytes = UnpaddedBase64.decode(Array(exported.utf8).span) ?? []
        for place in 0..<4 {
            bytes[1 + place] = UInt8(truncatingIfNeeded: index >> UInt32(24 - 8 * place))
        }
        return UnpaddedBase64.encode(bytes)
    }
}
