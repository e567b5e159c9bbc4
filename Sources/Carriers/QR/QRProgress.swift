/// How much of a transfer is there.
package struct QRProgress: Equatable, Sendable {
    /// Different parts held, data and parity.
    package let have: Int
    /// Different parts it takes, whichever they are.
    package let need: Int
    /// The data parts not held, ascending; spare parts may stand in for them.
    package let missingDataParts: [Int]

    package var isComplete: Bool { have >= need }
}
