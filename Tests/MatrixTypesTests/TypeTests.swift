import MatrixTypes
import Testing

/// The small types say what Matrix says.
@Suite struct TypeTests {
    @Test(
        "Visibilities are spelled as in the specification",
        arguments: [
            ("world_readable", HistoryVisibility.worldReadable), ("shared", .shared),
            ("invited", .invited), ("joined", .joined),
        ])
    func visibility(_ text: String, _ visibility: HistoryVisibility) {
        #expect(HistoryVisibility(rawValue: text) == visibility)
    }

    @Test(
        "Other spellings are no visibility", arguments: ["", "Shared", "worldReadable", "shared "])
    func noVisibility(_ text: String) {
        #expect(HistoryVisibility(rawValue: text) == nil)
    }

    @Test("The usual limit of an index is 2 to the 24th, and indices are ordered as numbers")
    func indices() {
        #expect(MessageIndex.usualLimit == MessageIndex(16_777_216))
        #expect(MessageIndex(9) < MessageIndex(10))
        #expect(MessageIndex(.max) > .usualLimit)
        #expect(MessageIndex.zero.value == 0)
    }

    @Test("Every error has a sentence of its own that repeats no input")
    func sentences() {
        let errors: [MatrixTypeError] = [
            .missingSigil(expected: "!"), .incomplete, .tooLong(byteCount: 300), .unprintable,
            .notKeyBase64, .indexTooHigh(index: 7, limit: 5),
        ]
        #expect(Set(errors.map(\.description)).count == errors.count)
        #expect(MatrixTypeError.tooLong(byteCount: 300).description.contains("300"))
    }
}
