/// Spoils bytes in the ways that find bugs: the same way at every run.
struct Spoiler {
    /// SplitMix64's state.
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// The bytes with one to four things wrong.
    mutating func spoil(_ bytes: [UInt8], with others: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...below(4) { spoil(&result, others) }
        return result
    }

    private mutating func spoil(_ bytes: inout [UInt8], _ others: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = Array(others.prefix(below(64)))
            return
        }
        let place = below(bytes.count)
        let length = min(1 + below(32), bytes.count - place)
        switch below(9) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = UInt8(below(256))
        case 2: bytes[place] = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x22, 0x5c, 0x7b, 0x0a][below(9)]
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.removeSubrange(place..<place + length)
        case 5: bytes.insert(contentsOf: bytes[place..<place + length], at: below(bytes.count))
        case 6: for offset in 0..<length { bytes[place + offset] = 0xff }
        case 7:
            let from = below(max(others.count, 1))
            bytes.insert(contentsOf: others[from...].prefix(length), at: place)
        default: spoilNumber(&bytes, at: place)
        }
    }

    /// Decimal digits become a number at one of the edges.
    private mutating func spoilNumber(_ bytes: inout [UInt8], at place: Int) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let start = bytes[place...].firstIndex(where: { digits.contains($0) }) else { return }
        let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
        let edges = [
            "0", "-1", "4294967295", "4294967296", "9007199254740992", "9223372036854775807",
            "18446744073709551616", "1e400", "0.5",
        ]
        bytes.replaceSubrange(start..<end, with: Array(edges[below(edges.count)].utf8))
    }

    /// A number from nought to one less than a bound.
    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
