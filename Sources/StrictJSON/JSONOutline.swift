/// Follows one JSON value from its first byte to its last, knowing only quotes and brackets.
struct JSONOutline {
    private enum Kind { case unknown, string, nested, scalar }

    private var kind = Kind.unknown
    private var isInString = false
    private var isEscaped = false
    private(set) var depth = 0
    private(set) var isComplete = false

    /// Whether the end of the text completes the value: true of a number, `true`, `false`, `null`.
    var mayEndHere: Bool { kind == .scalar }

    /// Walks over the bytes from `start` and returns where it stopped: behind the value's last byte
    /// when it is complete, else at `end`.
    mutating func advance(over text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var position = start
        while position < end {
            let byte = text[position]
            if isInString {
                position += 1
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 { return complete(at: position) }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                if kind == .scalar { return complete(at: position) }
                if kind == .unknown { kind = .string }
                isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if kind == .scalar { return complete(at: position) }
                kind = .nested
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return complete(at: position) }
                depth -= 1
                if depth == 0 { return complete(at: position + 1) }
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0a, 0x0d:
                if depth == 0 { return complete(at: position) }
            default:
                if kind == .unknown { kind = .scalar }
            }
            position += 1
        }
        return position
    }

    private mutating func complete(at position: Int) -> Int {
        isComplete = true
        return position
    }
}
