import StrictJSON

/// How the JSON of a key file is laid out.
package enum KeyFileLayout: Hashable, Sendable {
    /// An array of keys: what a key export file holds (Matrix spec, "Key export format").
    case array
    /// An object with a `sessions` array, as old versions of nheko wrote.
    case sessions
    /// The room key bundle of MSC4268 and spec 1.19: an object with `room_keys` and `withheld`.
    case bundle
    /// One key a line.
    case lines

    /// The largest piece of a file's beginning that is looked at to tell its layout, in bytes.
    static let sniffByteCount = 1 << 16

    /// Tells the layout from the beginning of the JSON; `nil` where it is none of these.
    package init?(beginningOf text: Span<UInt8>) {
        guard let first = text.firstNonSpace else { return nil }
        switch text[first] {
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "{"):
            let key = text.firstOffset(of: "\"session_key\"") ?? Int.max
            if let list = text.firstOffset(of: "\"room_keys\""), list < key {
                self = .bundle
            } else if let list = text.firstOffset(of: "\"withheld\""), list < key {
                self = .bundle
            } else if let list = text.firstOffset(of: "\"sessions\""), list < key {
                self = .sessions
            } else if key < Int.max {
                self = .lines
            } else {
                return nil
            }
        default: return nil
        }
    }

    var elements: JSONElements.Layout {
        switch self {
        case .array: .array
        case .sessions: .object(arrays: ["sessions"])
        case .bundle: .object(arrays: ["room_keys", "withheld"])
        case .lines: .lines
        }
    }
}

extension Span<UInt8> {
    /// Where the first byte stands that is not white space or a byte order mark.
    var firstNonSpace: Int? {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var start = 0
        if count >= 3, (0..<3).allSatisfy({ self[$0] == mark[$0] }) { start = 3 }
        return (start..<count).first { ![0x20, 0x09, 0x0a, 0x0d].contains(self[$0]) }
    }
}
