import Bytes

/// Canonical JSON (Matrix spec, appendices, "Canonical JSON"): the one text that signatures are over.
extension JSONValue {
    /// The canonical text as UTF-8; `nil` where a number is no integer, which canonical JSON has not.
    package var canonical: [UInt8]? {
        var text: [UInt8] = []
        return put(into: &text) ? text : nil
    }

    /// What a signature of this object covers: everything but `signatures` and `unsigned`.
    package var signedText: [UInt8]? {
        guard case .object(var members) = self else { return nil }
        members["signatures"] = nil
        members["unsigned"] = nil
        return JSONValue.object(members).canonical
    }

    private func put(into text: inout [UInt8]) -> Bool {
        switch self {
        case .null: text += Array("null".utf8)
        case .boolean(let answer): text += Array((answer ? "true" : "false").utf8)
        case .integer(let number): text += Array(String(number).utf8)
        case .number: return false
        case .string(let string): Self.put(string, into: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (place, element) in elements.enumerated() {
                if place > 0 { text.append(UInt8(ascii: ",")) }
                guard element.put(into: &text) else { return false }
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            // By code point, which is the order of the UTF-8 bytes.
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            text.append(UInt8(ascii: "{"))
            for (place, member) in sorted.enumerated() {
                if place > 0 { text.append(UInt8(ascii: ",")) }
                Self.put(member.key, into: &text)
                text.append(UInt8(ascii: ":"))
                guard member.value.put(into: &text) else { return false }
            }
            text.append(UInt8(ascii: "}"))
        }
        return true
    }

    private static func put(_ string: String, into text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0x08: text += Array("\\b".utf8)
            case 0x09: text += Array("\\t".utf8)
            case 0x0a: text += Array("\\n".utf8)
            case 0x0c: text += Array("\\f".utf8)
            case 0x0d: text += Array("\\r".utf8)
            case 0..<0x20:
                text += Array("\\u00\(hexadecimal([byte]))".utf8)
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
