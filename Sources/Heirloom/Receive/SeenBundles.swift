import Bundles
import Bytes
import Carriers
import Secrets

/// The bundles taken in so far.
///
/// The list outlives the keys: a replay must not bring back what somebody chose to forget.
///
/// One line a bundle: 32 hexadecimal digits of its id, a space, 64 of its manifest's BLAKE2b-256.
struct SeenBundles {
    static let byteLimit = 64 << 20

    private(set) var manifests: [String: String] = [:]

    init() {}

    /// Reads the list; `nil` where any line is another: what it does not say could come again.
    init?(reading text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropLast()
        {
            let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
                .map {
                    String(decoding: $0, as: UTF8.self)
                }
            guard words.count == 2, bytes(hexadecimal: words[0])?.count == BundleID.byteCount,
                bytes(hexadecimal: words[1])?.count == 32
            else { return nil }
            manifests[words[0]] = words[1]
        }
        if let last = text.last, last != UInt8(ascii: "\n") { return nil }
    }

    func contains(_ id: BundleID) -> Bool {
        manifests[id.description] != nil
    }

    /// Whether the bundle seen under this id had another manifest.
    func contradicts(_ manifest: BundleManifest) -> Bool {
        guard let seen = manifests[manifest.id.description] else { return false }
        return seen != Self.digest(of: manifest)
    }

    mutating func insert(_ manifest: BundleManifest) {
        manifests[manifest.id.description] = Self.digest(of: manifest)
    }

    var text: [UInt8] {
        let lines = manifests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
        return Array(lines.joined().utf8)
    }

    private static func digest(of manifest: BundleManifest) -> String {
        hexadecimal(BLAKE2b.hash(manifest.encoded.span, byteCount: 32))
    }
}

extension Home {
    func seenBundles() throws(HeirloomError) -> SeenBundles {
        let bytes = try contents(
            of: seenPath, rules: .noSymbolicLink, limit: SeenBundles.byteLimit, step: .verify)
        guard let bytes else { return SeenBundles() }
        guard let seen = SeenBundles(reading: bytes) else {
            throw HeirloomError(
                .verify, .damaged,
                "\(seenPath.shown): it does not say which hand-overs were taken in")
        }
        return seen
    }

    /// Notes that a bundle was taken in, under a lock.
    func noteSeen(_ manifest: BundleManifest) throws(HeirloomError) {
        try makeData()
        let lock = try lock(seenPath, step: .deliver)
        defer { withExtendedLifetime(lock) {} }
        var seen = try seenBundles()
        seen.insert(manifest)
        try store(seen.text.span, at: seenPath, replacing: true, step: .deliver)
    }
}
