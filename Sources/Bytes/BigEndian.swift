extension [UInt8] {
    /// Adds an integer, most significant byte first.
    package mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: type(of: value).bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

extension Span<UInt8> {
    /// The integer that starts at `offset`, most significant byte first.
    ///
    /// Traps when out of range.
    package func bigEndian<Value: FixedWidthInteger>(at offset: Int, as: Value.Type) -> Value {
        var value: Value = 0
        for index in offset..<offset + Value.bitWidth / 8 {
            value = value << 8 | Value(truncatingIfNeeded: self[index])
        }
        return value
    }
}
