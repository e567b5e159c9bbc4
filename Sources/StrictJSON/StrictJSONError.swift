package import Bytes

/// Why text is not the JSON that is accepted here.
///
/// No text is repeated: it may be secret.
package enum StrictJSONError: Error, Equatable, Sendable {
    /// The source failed.
    case stream(StreamError)
    /// The text ends inside a value.
    case cutShort(byteOffset: Int)
    /// Something that JSON has not at this place.
    case malformed(byteOffset: Int)
    /// Nested deeper than accepted.
    case tooDeep(limit: Int)
    /// Text goes on after the one value.
    case trailing(byteOffset: Int)
    /// An object with more members than accepted.
    case tooLong(limit: Int)
    /// The same name twice in one object: readers would disagree on the winner.
    case duplicateName
    /// Bytes that are not UTF-8, or half of a surrogate pair.
    case notUTF8
}

extension StrictJSONError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .stream(let error): error.description
        case .cutShort(let offset): "the JSON breaks off at byte \(offset)"
        case .malformed(let offset): "the JSON is malformed at byte \(offset)"
        case .tooDeep(let limit): "the JSON is nested more than \(limit) deep"
        case .trailing(let offset): "something follows the JSON at byte \(offset)"
        case .tooLong(let limit): "a JSON object has more than the \(limit) members accepted"
        case .duplicateName: "an object names the same member twice"
        case .notUTF8: "the text is not valid UTF-8"
        }
    }
}
