/// The field of 65,536 elements: polynomials over GF(2) modulo x^16 + x^12 + x^3 + x + 1 (0x1100B).
///
/// An element is a 16-bit word, bit n the coefficient of x^n. Addition is exclusive or; x (the
/// number 2) generates every element but zero, so products are sums of logarithms.
package enum GaloisField16 {
    package static let polynomial: UInt32 = 0x1_100B

    private static let order = 65_535

    /// Powers of x, twice over, so that the sum of two logarithms needs no reduction.
    private static let powers: [UInt16] = {
        var powers: [UInt16] = []
        powers.reserveCapacity(2 * order)
        var power: UInt32 = 1
        for _ in 0..<2 * order {
            powers.append(UInt16(power))
            power <<= 1
            if power > 0xFFFF { power ^= polynomial }
        }
        return powers
    }()

    /// The logarithm of each element; that of zero, which has none, is never asked for.
    private static let logarithms: [UInt16] = {
        var logarithms = [UInt16](repeating: 0, count: order + 1)
        for exponent in 0..<order { logarithms[Int(powers[exponent])] = UInt16(exponent) }
        return logarithms
    }()

    package static func product(_ left: UInt16, _ right: UInt16) -> UInt16 {
        guard left != 0, right != 0 else { return 0 }
        return powers[Int(logarithms[Int(left)]) + Int(logarithms[Int(right)])]
    }

    /// The element that gives one when multiplied with `element`.
    ///
    /// Traps for zero, which has none.
    package static func inverse(_ element: UInt16) -> UInt16 {
        precondition(element != 0, "zero has no inverse")
        return powers[order - Int(logarithms[Int(element)])]
    }

    /// Multiplies each of `words` by `factor`.
    package static func scale(_ words: inout [UInt16], by factor: UInt16) {
        for index in words.indices { words[index] = product(words[index], factor) }
    }

    /// Adds `factor` times each of `words` to the word of `sum` in its place.
    ///
    /// Traps when the counts differ.
    package static func add(_ factor: UInt16, times words: [UInt16], to sum: inout [UInt16]) {
        precondition(words.count == sum.count, "parts of one transfer are equally long")
        guard factor != 0 else { return }
        let (powers, logarithms) = (powers, logarithms)
        let exponent = Int(logarithms[Int(factor)])
        for index in words.indices where words[index] != 0 {
            sum[index] ^= powers[exponent + Int(logarithms[Int(words[index])])]
        }
    }
}
