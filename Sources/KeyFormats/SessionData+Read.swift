import Bytes
import MatrixTypes
import StrictJSON

extension SessionData {
    /// Reads the `session_data` of a `KeyBackupData` object; what stands beside it, the first index
    /// and the two flags, is the server's to change and is not read.
    init(keyBackupData text: inout MutableSpan<UInt8>) throws(EntryFault) {
        guard let outer = try? JSONObject(text.span) else { throw .notAnObject }
        guard let inner = outer.value("session_data", in: text.span) else {
            throw .missing(.sessionData)
        }
        guard inner.kind == .object else { throw .badSessionData(.notBase64) }
        var data = text.slice(inner.range)
        guard let object = try? JSONObject(data.span) else { throw .notAnObject }
        guard let ephemeral = data.base64("ephemeral", of: object).flatMap(Bytes32.init),
            let ciphertext = data.base64("ciphertext", of: object),
            let mac = data.base64("mac", of: object), mac.count == 8
        else { throw .badSessionData(.notBase64) }
        self.init(ephemeral: ephemeral, ciphertext: ciphertext, mac: mac)
    }
}

extension Span<UInt8> {
    /// The bytes that base64 spells, with or without its padding.
    var forgivingBase64: [UInt8]? {
        var end = count
        while end > 0, count - end < 2, self[end - 1] == UInt8(ascii: "=") { end -= 1 }
        return UnpaddedBase64.decode(extracting(first: end))
    }
}
