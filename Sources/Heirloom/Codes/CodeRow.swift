import Bytes
import Carriers

/// A sealed hand-over as a row of QR codes, made one by one as they are asked for.
///
/// A client app shows code 0, 1, 2 … for as long as somebody is scanning. The codes carry the sealed
/// file's bytes as they are (`formats/qr-frames.md`).
public struct CodeRow: Sendable {
    /// How large codes are.
    public enum Density: String, CaseIterable, Sendable {
        /// Small codes, for poor cameras.
        case low
        /// What screens and cameras agree on.
        case normal
        /// Large codes, for good screens.
        case high
    }

    /// What the codes are to be shown on.
    public enum Surface: Sendable {
        /// Pictures on a screen, each looked at until it is read.
        case screen(Density)
        /// One picture that moves on by itself.
        case moving(Density)
        /// Paper, with spare codes.
        case paper
        /// A terminal of so many columns and rows.
        case terminal(columns: Int, rows: Int)
    }

    /// How many codes there are, known before any is made.
    public struct Plan: Encodable, Equatable, Sendable {
        /// The sealed bytes.
        public let byteCount: Int
        /// Codes that carry them.
        public let parts: Int
        /// Spare codes, any of which stands in for a lost one.
        public let spares: Int
        /// The codes' version, 1 to 40; a code has 17 + 4·version modules a side.
        public let version: Int
        /// Whether a file would be the better way: above 50,000 bytes.
        public let isBetterAFile: Bool

        init(_ plan: QRPlan) {
            byteCount = plan.byteCount
            parts = plan.dataParts
            spares = plan.spareParts
            version = plan.version
            isBetterAFile = plan.isBetterAFile
        }
    }

    /// How many codes there are.
    public let plan: Plan
    let row: QRRow
    let bytes: [UInt8]

    /// - Throws: `overLimit` where codes cannot carry so much, or the terminal is too small.
    public init(_ bytes: [UInt8], on surface: Surface) throws(HeirloomError) {
        let made: QRPlan
        do throws(QRError) {
            switch surface {
            case .screen(let density):
                made = try .screen(byteCount: bytes.count, density: QRDensity(density))
            case .moving(let density):
                made = try .moving(byteCount: bytes.count, density: QRDensity(density))
            case .paper: made = try .paper(byteCount: bytes.count)
            case .terminal(let columns, let rows):
                made = try .terminal(byteCount: bytes.count, columns: columns, rows: rows)
            }
        } catch {
            throw HeirloomError(error, of: "the codes")
        }
        plan = Plan(made)
        self.bytes = bytes
        do throws(QRFrameError) {
            row = try QRRow(bytes, plan: made)
        } catch {
            throw HeirloomError(.codes, .overLimit, "the codes: \(error)")
        }
    }

    /// The text of the code at an index from 0: parts first, then spares, up to 65,535.
    public func text(at index: Int) throws(HeirloomError) -> String {
        do throws(QRFrameError) {
            return try row.text(at: index)
        } catch {
            throw HeirloomError(.codes, .badArgument, "code \(index): \(error)")
        }
    }

    /// The code at an index, drawn in half blocks for a terminal.
    public func terminalText(at index: Int) throws(HeirloomError) -> String {
        try drawing { () throws(QRError) in try row.symbol(at: index).terminalText }
    }

    /// The code at an index as a PNG picture of so many pixels a module.
    public func png(at index: Int, scale: Int = 6) throws(HeirloomError) -> [UInt8] {
        try drawing { () throws(QRError) in
            try GreyPicture(row.symbol(at: index), scale: scale).png()
        }
    }

    /// The code at an index as an SVG picture.
    public func svg(at index: Int) throws(HeirloomError) -> String {
        try drawing { () throws(QRError) in try row.symbol(at: index).svg }
    }

    func drawing<Result>(_ body: () throws(QRError) -> Result) throws(HeirloomError) -> Result {
        do throws(QRError) {
            return try body()
        } catch {
            throw HeirloomError(error, of: "the codes")
        }
    }
}

extension QRDensity {
    fileprivate init(_ density: CodeRow.Density) {
        switch density {
        case .low: self = .low
        case .normal: self = .normal
        case .high: self = .high
        }
    }
}

extension HeirloomError {
    init(_ error: QRError, of name: String) {
        let problem: Problem =
            switch error {
            case .doesNotFit, .payloadTooLarge, .terminalTooSmall, .fileTooLarge, .tooManyPixels:
                .overLimit
            case .unknownPicture: .unknownKind
            case .unsupportedPicture: .wrongKind
            case .damagedPicture: .damaged
            case .unreadableCode: .unreadableCode
            case .library: .brokenLibrary
            }
        self.init(.codes, problem, "\(name.shown): \(error)")
    }
}
