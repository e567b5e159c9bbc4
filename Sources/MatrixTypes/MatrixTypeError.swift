/// Why some text is not the Matrix identifier it should be.
///
/// The text itself is not repeated.
package enum MatrixTypeError: Error, Equatable, Sendable {
    /// It does not begin with the sigil of its kind.
    case missingSigil(expected: Character)
    /// It has nothing but the sigil, or no server name where one is required.
    case incomplete
    /// More than 255 bytes of UTF-8 (Matrix spec, appendices, "Common identifier format").
    case tooLong(byteCount: Int)
    /// It has control, line-breaking or direction-changing characters.
    case unprintable
    /// Not the one base64 spelling of 32 bytes.
    case notKeyBase64
    /// A message index above what is accepted.
    case indexTooHigh(index: UInt32, limit: UInt32)
}

extension MatrixTypeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missingSigil(let expected): "expected it to begin with ‘\(expected)’"
        case .incomplete: "expected more than that"
        case .tooLong(let byteCount): "\(byteCount) bytes long, expected at most 255"
        case .unprintable: "it has control or direction-changing characters"
        case .notKeyBase64: "expected 43 characters of unpadded base64"
        case .indexTooHigh(let index, let limit):
            "message index \(index), expected at most \(limit)"
        }
    }
}
