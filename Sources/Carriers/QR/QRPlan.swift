/// How a payload would travel as codes: known before any is made.
package struct QRPlan: Hashable, Sendable {
    /// More bytes than this travel better as a file.
    package static let advisedByteCount = 50_000
    /// More bytes than this are refused.
    package static let byteLimit = 1 << 20
    /// One code only may be this large before a payload is cut.
    private static let singleVersion = 20

    package let byteCount: Int
    package let version: Int
    package let correction: QRSymbol.Correction
    package let bodyCapacity: Int
    /// Codes that carry the payload.
    package let dataParts: Int
    /// Spare codes, any of which stands in for one that is lost.
    package let spareParts: Int

    package var codeCount: Int { dataParts + spareParts }
    /// Whether a file is the better way.
    package var isBetterAFile: Bool { byteCount > Self.advisedByteCount }

    /// For a screen: no spare codes, because a missed one comes again; one code alone takes the
    /// smallest version that holds it.
    ///
    /// - Throws: `payloadTooLarge`.
    package static func screen(
        byteCount: Int, density: QRDensity
    ) throws(QRError) -> QRPlan {
        if density == .normal, byteCount <= QRDensity.bodyCapacity(version: singleVersion) {
            return try single(byteCount)
        }
        return try QRPlan(
            byteCount: byteCount, version: density.version, correction: density.correction,
            bodyCapacity: density.bodyCapacity
        ) { _ in 0 }
    }

    /// For an endless or looping picture: as many spare codes as data codes, so that whoever misses
    /// one need not wait for it to come again.
    package static func moving(
        byteCount: Int, density: QRDensity
    ) throws(QRError) -> QRPlan {
        try QRPlan(
            byteCount: byteCount, version: density.version, correction: density.correction,
            bodyCapacity: density.bodyCapacity
        ) { $0 }
    }

    /// For paper: a quarter more, at least two.
    package static func paper(byteCount: Int) throws(QRError) -> QRPlan {
        try QRPlan(
            byteCount: byteCount, version: QRDensity.paper.version, correction: .medium,
            bodyCapacity: QRDensity.paper.bodyCapacity
        ) { max(2, ($0 + 3) / 4) }
    }

    /// For a terminal, as large as it has room for.
    ///
    /// - Throws: `terminalTooSmall` too.
    package static func terminal(
        byteCount: Int, columns: Int, rows: Int
    ) throws(QRError) -> QRPlan {
        let (version, capacity) = try QRDensity.terminal(columns: columns, rows: rows)
        return try QRPlan(
            byteCount: byteCount, version: version, correction: .low, bodyCapacity: capacity
        ) { $0 }
    }

    private static func single(_ byteCount: Int) throws(QRError) -> QRPlan {
        let version = (1...singleVersion).first {
            QRDensity.bodyCapacity(version: $0) >= byteCount + byteCount % 2
        }
        return try QRPlan(
            byteCount: byteCount, version: version ?? singleVersion, correction: .low,
            bodyCapacity: QRDensity.bodyCapacity(version: version ?? singleVersion)
        ) { _ in 0 }
    }

    private init(
        byteCount: Int, version: Int, correction: QRSymbol.Correction, bodyCapacity: Int,
        spare: (Int) -> Int
    ) throws(QRError) {
        guard byteCount <= Self.byteLimit else {
            throw .payloadTooLarge(byteCount: byteCount, limit: Self.byteLimit)
        }
        self.byteCount = byteCount
        self.version = version
        self.correction = correction
        self.bodyCapacity = bodyCapacity
        dataParts = max(1, (byteCount + bodyCapacity - 1) / bodyCapacity)
        guard dataParts <= QRTransferHeader.maximumPartCount else {
            throw .payloadTooLarge(
                byteCount: byteCount, limit: QRTransferHeader.maximumPartCount * bodyCapacity)
        }
        // One code alone has its like for a spare only where it lies about on paper.
        let spares = spare(dataParts)
        spareParts = dataParts == 1 && correction == .low ? 0 : spares
    }
}
