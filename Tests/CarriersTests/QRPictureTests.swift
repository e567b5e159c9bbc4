import Bytes
import Testing

@testable import Carriers

/// Codes as pictures, and pictures read back.
@Suite struct QRPictureTests {
    static func row(_ count: Int, plan: QRPlan? = nil) throws -> QRRow {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 5) }
        let made = try plan ?? QRPlan.screen(byteCount: count, density: .normal)
        return try QRRow(payload, plan: made)
    }

    static func read(_ picture: GreyPicture) throws -> Set<String> {
        try QRScanner().texts(in: picture) { !$0.isEmpty }
    }

    @Test("Every version in use reads back", arguments: [4, 5, 10, 13, 15, 18, 20, 25])
    func versions(version: Int) throws {
        let text = "HEIR1:" + String(repeating: "A7", count: (version * version) / 2)
        let symbol = try QRSymbol(text, version: version, correction: .low)
        #expect(symbol.size == 17 + 4 * version)
        #expect(try Self.read(GreyPicture(symbol, scale: 4)) == [text])
    }

    @Test func whatDoesNotFitIsSaid() {
        #expect(throws: QRError.doesNotFit(characterCount: 26, version: 1)) {
            try QRSymbol(String(repeating: "A", count: 26), version: 1, correction: .low)
        }
    }

    enum Spoiling: String, CaseIterable, Sendable {
        case smaller, larger, blurred, noisy, turned, tilted, uneven
    }

    @Test("Spoilt pictures read back", arguments: Spoiling.allCases)
    func spoilt(_ spoiling: Spoiling) throws {
        let row = try Self.row(600)
        let text = try row.text(at: 0)
        let clean = GreyPicture(try row.symbol(at: 0), scale: 6)
        #expect(try Self.read(clean.spoilt(spoiling)) == [text])
    }

    @Test func aPNGIsThePictureItWasMadeOf() throws {
        let picture = GreyPicture(try Self.row(300).symbol(at: 0), scale: 3)
        #expect(try GreyPicture(file: picture.png()) == picture)
    }

    @Test func aMovingPictureHoldsEveryCode() throws {
        let row = try Self.row(
            2000, plan: QRPlan.moving(byteCount: 2000, density: .normal))
        let stills = QRAnimationFrames.stills(of: try QRAnimation.png(row, scale: 4))
        #expect(stills.count == 8)
        var collector = QRCollector()
        // Of eight codes any four are enough.
        for still in stills.suffix(4) {
            for text in try Self.read(GreyPicture(file: still)) { _ = collector.take(text) }
        }
        let payload = try collector.transfers.first?.payload()
        #expect(payload == (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 5) })
    }

    @Test func severalCodesInOnePictureAreAllFound() throws {
        let row = try Self.row(2000)
        let codes = try (0..<4).map { GreyPicture(try row.symbol(at: $0), scale: 4) }
        let side = codes[0].width
        var pixels = [UInt8](repeating: 255, count: 4 * side * side)
        for (place, code) in codes.enumerated() {
            for y in 0..<side {
                for x in 0..<side {
                    let target = (place / 2 * side + y) * 2 * side + place % 2 * side + x
                    pixels[target] = code.pixels[y * side + x]
                }
            }
        }
        let sheet = GreyPicture(width: 2 * side, height: 2 * side, pixels: pixels)
        let found = try QRScanner().texts(in: sheet) { $0.count == 4 }
        #expect(found == Set(try (0..<4).map { try row.text(at: $0) }))
    }

    @Test func aTerminalsTextShowsTheModules() throws {
        let symbol = try Self.row(100).symbol(at: 0)
        let lines = symbol.terminalText.split(separator: "\n").map { line in
            line.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        }
        #expect(lines.count == (symbol.framedSize + 1) / 2)
        for (row, line) in lines.enumerated() {
            for (column, cell) in line.enumerated() {
                let (x, y) = (column - QRSymbol.quietZone, 2 * row - QRSymbol.quietZone)
                #expect((cell == "█" || cell == "▀") == symbol.isDark(x, y))
                #expect((cell == "█" || cell == "▄") == symbol.isDark(x, y + 1))
            }
        }
    }

    @Test func anSVGDrawsEachDarkModuleOnce() throws {
        let symbol = try Self.row(100).symbol(at: 0)
        var drawn = Set<[Int]>()
        for match in symbol.svg.matches(of: /M(\d+) (\d+)h(\d+)v1h-\d+z/) {
            let (x, y, width) = (Int(match.1) ?? 0, Int(match.2) ?? 0, Int(match.3) ?? 0)
            for column in x..<x + width { #expect(drawn.insert([column, y]).inserted) }
        }
        for y in 0..<symbol.framedSize {
            for x in 0..<symbol.framedSize {
                let isDark = symbol.isDark(x - QRSymbol.quietZone, y - QRSymbol.quietZone)
                #expect(drawn.contains([x, y]) == isDark)
            }
        }
    }

    @Test func aPageHasItsCodesAndWords() throws {
        let plan = try QRPlan.paper(byteCount: 9000)
        let paper = QRPaper(try Self.row(9000, plan: plan))
        #expect(paper.pageCount == 2)
        let pages = try (0..<2).map { try paper.page($0) }
        let labels = pages.map { $0.matches(of: /(part|spare) \d+ of \d+/).count }
        #expect(labels.reduce(0, +) == plan.codeCount)
        #expect(pages[0].contains("page 1 of 2") && pages[1].contains("page 2 of 2"))
        // A lost page costs spare codes as well as others.
        #expect(pages.allSatisfy { $0.contains("part ") && $0.contains("spare ") })
    }

    @Test(
        "How many codes",
        arguments: [
            (1, 1, 0), (756, 1, 0), (757, 2, 0), (6000, 10, 0), (31_000, 50, 0), (126_000, 200, 0),
        ])
    func screenPlans(byteCount: Int, parts: Int, spares: Int) throws {
        let plan = try QRPlan.screen(byteCount: byteCount, density: .normal)
        #expect(plan.dataParts == parts && plan.spareParts == spares)
        #expect(plan.isBetterAFile == (byteCount > 50_000))
    }

    @Test("How many codes on paper", arguments: [(430, 2, 2), (350, 1, 2), (6650, 19, 5)])
    func paperPlans(byteCount: Int, parts: Int, spares: Int) throws {
        let plan = try QRPlan.paper(byteCount: byteCount)
        #expect(plan.dataParts == parts && plan.spareParts == spares)
    }

    @Test(
        "What a terminal has room for",
        arguments: [
            (80, 24, 5, 72), (120, 40, 13, 362), (160, 50, 18, 630), (200, 60, 23, 968),
        ])
    func terminals(columns: Int, rows: Int, version: Int, capacity: Int) throws {
        let fitting = try QRDensity.terminal(columns: columns, rows: rows)
        #expect(fitting.version == version)
        #expect(abs(fitting.bodyCapacity - capacity) <= 40)
        #expect(throws: QRError.self) { try QRDensity.terminal(columns: 20, rows: 10) }
    }

    @Test func tooMuchIsRefused() {
        #expect(throws: QRError.payloadTooLarge(byteCount: 1 << 21, limit: 1 << 20)) {
            try QRPlan.screen(byteCount: 1 << 21, density: .normal)
        }
    }

    @Test(
        "Pictures that are none, or too large",
        arguments: [
            ([], QRError.unknownPicture), (Array("hello".utf8), .unknownPicture),
            (Array("....ftypheic....".utf8), .unsupportedPicture("HEIC")),
            (Array("GIF89a".utf8), .unsupportedPicture("GIF")),
            (Array("%PDF-1.4".utf8), .unsupportedPicture("PDF")),
            ([0x89, 0x50, 0x4e, 0x47, 1, 2, 3], .damagedPicture),
            ([0xff, 0xd8, 0xff, 0, 0], .damagedPicture),
            (bomb, .tooManyPixels(count: 100_000 * 100_000, limit: 64_000_000)),
        ])
    func badPictures(_ file: [UInt8], _ error: QRError) {
        #expect(throws: error) { try GreyPicture(file: file) }
    }

    /// A PNG of a few bytes that says to be 100,000 pixels a side.
    static let bomb: [UInt8] = {
        var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        var header: [UInt8] = Array("IHDR".utf8)
        header.append(bigEndian: UInt32(100_000))
        header.append(bigEndian: UInt32(100_000))
        header += [8, 0, 0, 0, 0]
        file.append(bigEndian: UInt32(13))
        file += header
        file.append(bigEndian: CRC32.checksum(header))
        let data = Array("IDAT".utf8) + [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]
        file.append(bigEndian: UInt32(8))
        file += data
        file.append(bigEndian: CRC32.checksum(data))
        return file
    }()

    @Test func cutShortAnywhereAPictureIsRefusedOrStillShowsItsCode() throws {
        let row = try Self.row(200)
        let text = try row.text(at: 0)
        let file = try GreyPicture(row.symbol(at: 0), scale: 2).png()
        for count in stride(from: 0, to: file.count, by: 7) {
            guard let picture = try? GreyPicture(file: Array(file[..<count])) else { continue }
            #expect(try Self.read(picture).isSubset(of: [text]))
        }
    }

    /// The measured promise: with three frames in ten lost, nineteen in twenty transfers of 10 parts
    /// are whole within 19 frames shown, and of 50 parts within 81.
    @Test("Lost frames", arguments: [(10, 19), (50, 81)])
    func lostFrames(parts: Int, promised: Int) throws {
        var random = Dice(state: UInt64(parts))
        var within = 0
        for _ in 0..<100 {
            let payload = (0..<parts * 40).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let transfer = try QRTransfer(payload: payload, bodyCapacity: 40)
            let start = Int(random.next() % UInt64(parts))
            var collector = QRCollector()
            var shown = 0
            // Joined at any place of a row that never repeats itself.
            while collector.transfers.first?.progress.isComplete != true, shown < 10 * parts {
                let frame = try transfer.frame(at: start + shown)
                shown += 1
                if random.next() % 10 >= 3 { _ = collector.take(frame.text) }
            }
            #expect(try collector.transfers.first?.payload() == payload)
            if shown <= promised { within += 1 }
        }
        #expect(within >= 92)
    }
}

/// Numbers that are the same at every run.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state ^ state >> 33
        mixed = mixed &* 0xff51_afd7_ed55_8ccd
        return mixed ^ mixed >> 33
    }
}

extension GreyPicture {
    func spoilt(_ spoiling: QRPictureTests.Spoiling) -> GreyPicture {
        let (w, h) = (Double(width), Double(height))
        switch spoiling {
        case .smaller: return scaled(by: 0.6)
        case .larger: return scaled(by: 1.7)
        case .blurred: return scaled(by: 0.5).scaled(by: 2)
        case .noisy:
            var dice = Dice(state: 1)
            let noisy = pixels.map { pixel in
                UInt8(clamping: Int(pixel) + Int(dice.next() % 81) - 40)
            }
            return GreyPicture(width: width, height: height, pixels: noisy)
        case .turned:
            let (sine, cosine) = (0.1736, 0.9848)
            return resampled(width: width * 5 / 4, height: height * 5 / 4) { x, y in
                let (u, v) = (x - w * 0.625, y - h * 0.625)
                return (w / 2 + cosine * u + sine * v, h / 2 - sine * u + cosine * v)
            }
        case .tilted:
            return resampled(width: width, height: height) { x, y in
                let weight = 1 / (1 + 0.15 * x / w)
                return (x * 1.08 / weight * 0.93, y / weight)
            }
        case .uneven:
            let shaded = pixels.enumerated().map { place, pixel in
                UInt8(Double(pixel) * (0.35 + 0.65 * Double(place % width) / w))
            }
            return GreyPicture(width: width, height: height, pixels: shaded)
        }
    }
}
