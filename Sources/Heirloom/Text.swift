extension String {
    /// The text as a terminal may see it: control and direction-changing characters are spelled
    /// out.
    ///
    /// File names and ids come from strangers.
    public var shown: String {
        var shown = ""
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
