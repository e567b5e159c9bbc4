import Testing

@testable import Heirloom

/// The list of hand-overs taken in: what it does not say could come again.
@Suite struct SeenBundlesTests {
    static let line = String(repeating: "a", count: 32) + " " + String(repeating: "b", count: 64)

    @Test func readsWhatItWrote() throws {
        let seen = try #require(SeenBundles(reading: Array("\(Self.line)\n".utf8)))
        #expect(seen.manifests.count == 1)
        #expect(seen.text == Array("\(Self.line)\n".utf8))
        #expect(SeenBundles(reading: [])?.manifests.isEmpty == true)
    }

    @Test(
        "a damaged list is none",
        arguments: [
            line, line.dropLast() + "\n", "\(line) \n", "\(line)\n\n", "\n\(line)\n", "x\(line)\n",
            line.replacing("b", with: "g") + "\n", line.replacing(" ", with: "  ") + "\n",
            "\(line)\n\(line.dropFirst())\n",
        ])
    func damaged(text: String) {
        #expect(SeenBundles(reading: Array(text.utf8)) == nil)
    }
}
