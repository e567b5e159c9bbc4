/// A strict reader of JSON (RFC 8259) that walks over bytes and notes where things stand.
struct JSONParser {
    private(set) var position = 0
    private var depth = 0
    private let maximumDepth: Int
    private let names: JSONObject.NestedNames

    init(maximumDepth: Int, names: JSONObject.NestedNames = .checked) {
        self.maximumDepth = maximumDepth
        self.names = names
    }

    mutating func skipSpace(_ text: Span<UInt8>) {
        while position < text.count, text[position].isJSONSpace { position += 1 }
    }

    /// The byte at the position, without moving.
    func next(_ text: Span<UInt8>) -> UInt8? {
        position < text.count ? text[position] : nil
    }

    /// Reads an object at its `{` and calls `member` for each name and value.
    mutating func object(
        _ text: Span<UInt8>,
        member: (JSONObject.Value, JSONObject.Value) throws(StrictJSONError) -> Void
    ) throws(StrictJSONError) {
        try entries(of: text, closing: UInt8(ascii: "}")) { (parser) throws(StrictJSONError) in
            let name = try parser.name(text)
            try member(name, try parser.value(text))
        }
    }

    /// Passes over an array or object at its opening bracket, calling `entry` at each entry.
    mutating func entries(
        of text: Span<UInt8>, closing bracket: UInt8,
        _ entry: (inout JSONParser) throws(StrictJSONError) -> Void
    ) throws(StrictJSONError) {
        try enter()
        skipSpace(text)
        if next(text) == bracket {
            leave()
            return
        }
        while true {
            try entry(&self)
            skipSpace(text)
            switch try expectSome(text) {
            case UInt8(ascii: ","): position += 1
            case bracket:
                leave()
                return
            default: throw fault
            }
        }
    }

    /// Reads a member's name and the colon behind it.
    mutating func name(_ text: Span<UInt8>) throws(StrictJSONError) -> JSONObject.Value {
        skipSpace(text)
        guard try expectSome(text) == UInt8(ascii: "\"") else { throw fault }
        let name = try string(text)
        skipSpace(text)
        guard try expectSome(text) == UInt8(ascii: ":") else { throw fault }
        position += 1
        return name
    }

    mutating func value(_ text: Span<UInt8>) throws(StrictJSONError) -> JSONObject.Value {
        skipSpace(text)
        let start = position
        let kind: JSONObject.Kind
        switch try expectSome(text) {
        case UInt8(ascii: "\""): return try string(text)
        case UInt8(ascii: "{") where names == .skimmed:
            try skim(text)
            kind = .object
        case UInt8(ascii: "[") where names == .skimmed:
            try skim(text)
            kind = .array
        case UInt8(ascii: "{"):
            var seen: [JSONObject.Value] = []
            try object(text) { (name, _) throws(StrictJSONError) in
                for other in seen where text.hasSameText(other, name) {
                    throw .duplicateName
                }
                guard seen.count < JSONObject.maximumMemberCount else {
                    throw .tooLong(limit: JSONObject.maximumMemberCount)
                }
                seen.append(name)
            }
            kind = .object
        case UInt8(ascii: "["):
            try entries(of: text, closing: UInt8(ascii: "]")) { (parser) throws(StrictJSONError) in
                _ = try parser.value(text)
            }
            kind = .array
        case UInt8(ascii: "t"): kind = try literal("true", .boolean(true), text)
        case UInt8(ascii: "f"): kind = try literal("false", .boolean(false), text)
        case UInt8(ascii: "n"): kind = try literal("null", .null, text)
        default:
            try number(text)
            kind = .number
        }
        return .init(kind: kind, range: start..<position, hasEscapes: false)
    }

    /// Passes over an object or array without recursion, so that depth costs a byte and no stack.
    private mutating func skim(_ text: Span<UInt8>) throws(StrictJSONError) {
        // Whether each bracket that is open is an object's.
        var open: [Bool] = []
        repeat {
            skipSpace(text)
            var isEntered = false
            switch try expectSome(text) {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = text[position] == UInt8(ascii: "{")
                try enter()
                open.append(isObject)
                skipSpace(text)
                isEntered = next(text) != Self.closing(isObject)
                if isEntered, isObject { _ = try name(text) }
            case UInt8(ascii: "\""): _ = try string(text)
            case UInt8(ascii: "t"): _ = try literal("true", .null, text)
            case UInt8(ascii: "f"): _ = try literal("false", .null, text)
            case UInt8(ascii: "n"): _ = try literal("null", .null, text)
            default: try number(text)
            }
            while !isEntered, let isObject = open.last {
                skipSpace(text)
                switch try expectSome(text) {
                case UInt8(ascii: ","):
                    position += 1
                    if isObject { _ = try name(text) }
                    isEntered = true
                case Self.closing(isObject):
                    leave()
                    open.removeLast()
                default: throw fault
                }
            }
        } while !open.isEmpty
    }

    private static func closing(_ isObject: Bool) -> UInt8 {
        isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    }

    private mutating func literal(
        _ word: StaticString, _ kind: JSONObject.Kind, _ text: Span<UInt8>
    ) throws(StrictJSONError) -> JSONObject.Kind {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count, text.spells(word, at: position..<end) else { throw fault }
        position = end
        return kind
    }

    private mutating func number(_ text: Span<UInt8>) throws(StrictJSONError) {
        if next(text) == UInt8(ascii: "-") { position += 1 }
        if next(text) == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits(text)
        }
        if next(text) == UInt8(ascii: ".") {
            position += 1
            try digits(text)
        }
        if let byte = next(text), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = next(text), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                position += 1
            }
            try digits(text)
        }
    }

    private mutating func digits(_ text: Span<UInt8>) throws(StrictJSONError) {
        let start = position
        while let byte = next(text), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        if position == start { throw fault }
    }

    /// Reads a string at its opening quote; the value's range is what stands between the quotes.
    private mutating func string(_ text: Span<UInt8>) throws(StrictJSONError) -> JSONObject.Value {
        position += 1
        let start = position
        var hasEscapes = false
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return .init(kind: .string, range: start..<position - 1, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape(text)
            case 0..<0x20: throw fault
            case 0x20..<0x80: position += 1
            default:
                guard let length = text.utf8ScalarLength(at: position) else { throw .notUTF8 }
                position += length
            }
        }
        throw .cutShort(byteOffset: position)
    }

    private mutating func escape(_ text: Span<UInt8>) throws(StrictJSONError) {
        guard position + 1 < text.count else { throw .cutShort(byteOffset: position) }
        switch text[position + 1] {
        case UInt8(ascii: "u"):
            guard let unit = text.hexadecimalUnit(at: position + 2) else { throw fault }
            position += 6
            guard (0xd800..<0xe000).contains(unit) else { return }
            guard unit < 0xdc00, position + 1 < text.count,
                text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u"),
                let low = text.hexadecimalUnit(at: position + 2), (0xdc00..<0xe000).contains(low)
            else { throw .notUTF8 }
            position += 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        default: throw fault
        }
    }

    private mutating func enter() throws(StrictJSONError) {
        position += 1
        depth += 1
        if depth > maximumDepth { throw .tooDeep(limit: maximumDepth) }
    }

    private mutating func leave() {
        position += 1
        depth -= 1
    }

    private func expectSome(_ text: Span<UInt8>) throws(StrictJSONError) -> UInt8 {
        guard position < text.count else { throw .cutShort(byteOffset: position) }
        return text[position]
    }

    private var fault: StrictJSONError { .malformed(byteOffset: position) }
}
