/// A value that is part of larger documents, as a document of its own: with a name and a version.
struct Versioned<Value: Encodable>: Encodable {
    private let value: Value
    private let schema: String

    /// - Parameters:
    ///   - value: one that is written as an object.
    ///   - schema: the document's name and version.
    init(_ value: Value, schema: String) {
        self.value = value
        self.schema = schema
    }

    private enum CodingKeys: String, CodingKey {
        case schema
    }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
    }
}
