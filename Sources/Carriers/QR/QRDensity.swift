/// How much one code holds: small codes for poor cameras, large ones for good screens.
package enum QRDensity: String, CaseIterable, Hashable, Sendable {
    /// Version 10-L, 222 bytes a code.
    case low
    /// Version 18-L, 630 bytes a code: what screens and cameras agree on.
    case normal
    /// Version 25-L, 1,134 bytes a code.
    case high
    /// Version 15-M, 350 bytes a code, which a stain does not spoil.
    case paper

    package var version: Int {
        switch self {
        case .low: 10
        case .normal: 18
        case .high: 25
        case .paper: 15
        }
    }

    package var correction: QRSymbol.Correction { self == .paper ? .medium : .low }

    /// How many bytes of a transfer one code holds.
    package var bodyCapacity: Int {
        switch self {
        case .paper: Self.bodyCapacity(characters: 600)
        default: Self.bodyCapacity(version: version)
        }
    }

    /// The same for any version with the lowest correction.
    package static func bodyCapacity(version: Int) -> Int {
        bodyCapacity(characters: characters[version - 1])
    }

    /// Base32 in alphanumeric mode, less the frame around the part; an even number.
    private static func bodyCapacity(characters: Int) -> Int {
        let bytes = (characters - QRFrame.prefix.utf8.count) * 5 / 8 - QRFrame.overheadByteCount
        return bytes - bytes % 2
    }

    /// Alphanumeric characters that versions 1 to 40 hold with correction L (ISO/IEC 18004, table 7).
    private static let characters = [
        25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938, 1046,
        1153, 1249, 1352, 1460, 1588, 1704, 1853, 1990, 2132, 2223, 2369, 2520, 2677, 2840, 3009,
        3183, 3351, 3537, 3729, 3927, 4087, 4296,
    ]

    /// The largest version that a terminal can show in half blocks, with its quiet zone and a line
    /// kept for words; its codes' capacity.
    ///
    /// - Throws: `terminalTooSmall` where not even version 4 fits.
    package static func terminal(
        columns: Int, rows: Int
    ) throws(QRError) -> (version: Int, bodyCapacity: Int) {
        for version in stride(from: 25, through: 4, by: -1) {
            let side = 17 + 4 * version + 2 * QRSymbol.quietZone
            if side <= columns, (side + 1) / 2 + 1 <= rows {
                return (version, bodyCapacity(version: version))
            }
        }
        throw .terminalTooSmall(columns: columns, rows: rows)
    }
}
