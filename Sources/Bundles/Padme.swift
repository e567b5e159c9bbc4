/// Padmé: how far to pad so that a length tells little, at a cost of at most 12 % (Nikitin et al.,
/// "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, §4).
package enum Padme {
    /// The smallest padded length not below `length`.
    ///
    /// A length is written as a floating-point number whose mantissa is no longer than its exponent:
    /// of the `E` bits behind the highest one, all but the first ⌊log₂ E⌋ + 1 become zero.
    package static func length(for length: Int) -> Int {
        precondition(length >= 0)
        guard length > 1 else { return length }
        let exponent = floorLog2(length)
        let zeroBits = exponent - (floorLog2(exponent) + 1)
        let mask = 1 << zeroBits - 1
        return (length + mask) & ~mask
    }

    private static func floorLog2(_ value: Int) -> Int {
        Int.bitWidth - 1 - value.leadingZeroBitCount
    }
}
