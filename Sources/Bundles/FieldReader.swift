import Bytes
import MatrixTypes

/// Walks over the fields of a body whose signature has been verified.
struct FieldReader: ~Escapable {
    private let body: Span<UInt8>
    private var position = 0

    @_lifetime(copy body)
    init(_ body: Span<UInt8>) {
        self.body = body
    }

    /// The next `count` bytes; throws `malformed(field)` where there are not so many.
    @_lifetime(copy self)
    mutating func bytes(_ count: Int, of field: BundleField) throws(BundleError) -> Span<UInt8> {
        guard count <= body.count - position else { throw .malformed(field) }
        defer { position += count }
        return body.extracting(position..<position + count)
    }

    mutating func bytes32(of field: BundleField) throws(BundleError) -> Bytes32 {
        guard let bytes = Bytes32(try bytes(Bytes32.byteCount, of: field)) else {
            throw .malformed(field)
        }
        return bytes
    }

    mutating func integer<Value: FixedWidthInteger>(
        of field: BundleField, as: Value.Type = Value.self
    ) throws(BundleError) -> Value {
        try bytes(Value.bitWidth / 8, of: field).bigEndian(at: 0, as: Value.self)
    }

    /// A string: be16 length, at most 255 bytes of UTF-8 that a terminal shows as it stands.
    mutating func text(of field: BundleField) throws(BundleError) -> String {
        let count = Int(try integer(of: field, as: UInt16.self))
        guard count <= BundleFormat.maximumTextByteCount else { throw .malformed(field) }
        let units = [UInt8](try bytes(count, of: field))
        guard let text = String(validating: units, as: UTF8.self), text.isPrintable else {
            throw .malformed(field)
        }
        return text
    }

    /// An identifier, or `nil` where the string is empty.
    mutating func identifier<Identifier>(
        of field: BundleField,
        _ parse: (String) throws(MatrixTypeError) -> Identifier
    ) throws(BundleError) -> Identifier? {
        let text = try text(of: field)
        if text.isEmpty { return nil }
        do {
            return try parse(text)
        } catch {
            throw .malformed(field)
        }
    }

    /// Throws `malformed(field)` unless all is consumed.
    func end(as field: BundleField) throws(BundleError) {
        guard position == body.count else { throw .malformed(field) }
    }
}

extension [UInt8] {
    /// Adds a string as bodies have it: be16 length and UTF-8.
    mutating func append(text: String) {
        append(bigEndian: UInt16(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
