/// Spare parts: k data parts give up to 65,536 − k parity parts, and any k of all of them give the
/// data back.
///
/// Parity part j is Σ c(j,i) · (data part i) over `GaloisField16`, word by word, with
/// c(j,i) = 1 / ((65,535 − j) ⊕ i). Those coefficients are a Cauchy matrix: its rows stand for the
/// numbers 65,535 − j ≥ k, its columns for i < k, no two alike, so that every square piece of it is
/// invertible.
package enum CauchyCode {
    /// How much of data part `data` goes into parity part `parity`.
    package static func coefficient(parity: Int, data: Int) -> UInt16 {
        GaloisField16.inverse(UInt16(65_535 - parity) ^ UInt16(data))
    }

    /// Parity part `parity` of `parts`, which are equally long and not empty.
    ///
    /// Traps when `parity` is above 65,535 − k.
    package static func parityPart(_ parity: Int, of parts: [[UInt16]]) -> [UInt16] {
        precondition(parity <= 65_535 - parts.count, "no such parity part")
        var sum = [UInt16](repeating: 0, count: parts[0].count)
        for (data, part) in parts.enumerated() {
            GaloisField16.add(coefficient(parity: parity, data: data), times: part, to: &sum)
        }
        return sum
    }

    /// The data parts, from any `partCount` different parts, by index: data parts from 0, parity
    /// part j at `partCount` + j.
    ///
    /// Gives `nil` for fewer parts. Takes at most `partCount`³ products for the matrix and
    /// `partCount`² for each word of a part.
    package static func dataParts(
        partCount: Int, from parts: [Int: [UInt16]]
    ) -> [[UInt16]]? {
        guard parts.count >= partCount else { return nil }
        let missing = (0..<partCount).filter { parts[$0] == nil }
        let parities = parts.keys.filter { $0 >= partCount }.sorted().prefix(missing.count)
        let known = parts.filter { $0.key < partCount }

        // One equation a parity part: what the missing data parts add to it.
        var matrix: [[UInt16]] = []
        var sums: [[UInt16]] = []
        for index in parities {
            guard var sum = parts[index] else { return nil }
            let parity = index - partCount
            for (data, part) in known {
                GaloisField16.add(coefficient(parity: parity, data: data), times: part, to: &sum)
            }
            matrix.append(missing.map { coefficient(parity: parity, data: $0) })
            sums.append(sum)
        }
        eliminate(&matrix, &sums)
        var solved = known
        for (data, part) in zip(missing, sums) { solved[data] = part }
        return (0..<partCount).compactMap { solved[$0] }
    }

    /// Turns `matrix` into the identity and `sums` into the solution.
    ///
    /// No rows are exchanged: as every square piece in the corner of a Cauchy matrix is invertible,
    /// no pivot is ever zero.
    private static func eliminate(_ matrix: inout [[UInt16]], _ sums: inout [[UInt16]]) {
        for pivot in matrix.indices {
            let factor = GaloisField16.inverse(matrix[pivot][pivot])
            GaloisField16.scale(&matrix[pivot], by: factor)
            GaloisField16.scale(&sums[pivot], by: factor)
            let (row, sum) = (matrix[pivot], sums[pivot])
            for other in matrix.indices where other != pivot {
                let factor = matrix[other][pivot]
                GaloisField16.add(factor, times: row, to: &matrix[other])
                GaloisField16.add(factor, times: sum, to: &sums[other])
            }
        }
    }
}
