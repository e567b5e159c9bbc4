import Bytes

/// A small JSON document as a value: answers of a homeserver, account data, signed objects.
///
/// Never for key material, which is read in place by `JSONObject`. As strict as that: the same name
/// twice, invalid UTF-8 and trailing bytes are refused.
package enum JSONValue: Hashable, Sendable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    /// A number without a fraction, within ±(2^53 − 1), however it was spelled.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case boolean(Bool)
    case null

    /// The largest integer that Matrix's canonical JSON has.
    package static let integerLimit: Int64 = 1 << 53 - 1

    /// Reads `text`, which must be one value and white space around it.
    ///
    /// - Parameter maximumDepth: how deep objects and arrays may nest.
    package init(_ text: Span<UInt8>, maximumDepth: Int = 32) throws(StrictJSONError) {
        var parser = JSONParser(maximumDepth: maximumDepth, names: .skimmed)
        self = try parser.tree(text)
        parser.skipSpace(text)
        if parser.position < text.count { throw .trailing(byteOffset: parser.position) }
    }

    /// The member called `name`, where this is an object that has it.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text, where this is a string.
    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number, where this is an integer.
    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The elements, where this is an array.
    package var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, where this is an object.
    package var members: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSONParser {
    /// Reads one value and builds it.
    fileprivate mutating func tree(_ text: Span<UInt8>) throws(StrictJSONError) -> JSONValue {
        skipSpace(text)
        switch next(text) {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try entries(of: text, closing: UInt8(ascii: "}")) {
                (parser) throws(StrictJSONError) in
                let name = text.text(of: try parser.name(text))
                guard members[name] == nil else { throw .duplicateName }
                members[name] = try parser.tree(text)
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try entries(of: text, closing: UInt8(ascii: "]")) {
                (parser) throws(StrictJSONError) in
                elements.append(try parser.tree(text))
            }
            return .array(elements)
        default:
            let value = try self.value(text)
            switch value.kind {
            case .string: return .string(text.text(of: value))
            case .boolean(let answer): return .boolean(answer)
            case .null: return .null
            default: return JSONValue(number: text.text(of: value))
            }
        }
    }
}

extension JSONValue {
    fileprivate init(number text: String) {
        let number = Double(text) ?? .nan
        if number.rounded() == number, number.magnitude <= Double(Self.integerLimit) {
            self = .integer(Int64(number))
        } else {
            self = .number(number)
        }
    }
}
