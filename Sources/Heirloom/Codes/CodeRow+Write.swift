import Bytes
import Carriers

/// Codes that were written as pictures.
public struct WrittenCodes: Encodable, Equatable, Sendable {
    /// The folder, or the moving picture's path.
    public let path: String
    /// The codes for a screen.
    public let screen: CodeRow.Plan
    /// The codes on paper; `nil` where there is no page.
    public let paper: CodeRow.Plan?
    /// The pages to print.
    public let pages: Int
    /// All files.
    public let files: [String]
}

extension CodeRow {
    /// Writes a PNG and an SVG picture for each code, and pages to print, into a folder.
    ///
    /// Reads its own pictures back and compares before anything counts as done.
    ///
    /// - Parameters:
    ///   - paper: the same bytes as a row for paper.
    ///   - replacing: whether files of those names may be replaced.
    public func write(
        into folder: String, paper: CodeRow, replacing: Bool,
        report: (Progress) -> Void = { _ in }
    ) throws(HeirloomError) -> WrittenCodes {
        try carrying(.carry, folder) { () throws(CarrierError) in try Folder.make(folder) }
        var files: [String] = []
        func store(_ bytes: [UInt8], _ name: String) throws(HeirloomError) {
            let path = "\(folder)/\(name)"
            try Destination(path: path, replacing: replacing).write(bytes)
            files.append(path)
        }
        let checker = try CodeReader()
        let count = plan.parts + plan.spares
        let width = String(count).count
        for index in 0..<count {
            report(Progress(work: .makingCodes, fraction: Double(index) / Double(count)))
            let picture = try png(at: index)
            try checker.check(picture, holds: try text(at: index), part: index + 1)
            let number = String(repeating: "0", count: width - String(index + 1).count)
            let name = "part-\(number)\(index + 1)-of-\(count)"
            try store(picture, name + ".png")
            try store(Array(try svg(at: index).utf8), name + ".svg")
        }
        try checker.finish(self)
        let paperChecker = try CodeReader()
        for index in 0..<paper.plan.parts + paper.plan.spares {
            try paperChecker.check(
                try paper.png(at: index, scale: 4), holds: try paper.text(at: index),
                part: index + 1)
        }
        try paperChecker.finish(paper)
        let pages = QRPaper(paper.row)
        for number in 0..<pages.pageCount {
            let page = try drawing { () throws(QRError) in try pages.page(number) }
            try store(Array(page.utf8), "page-\(number + 1)-of-\(pages.pageCount).svg")
        }
        return WrittenCodes(
            path: folder, screen: plan, paper: paper.plan, pages: pages.pageCount, files: files)
    }

    /// Writes one PNG picture that moves from code to code and begins again.
    public func writeMoving(to destination: Destination) throws(HeirloomError) -> WrittenCodes {
        let file = try drawing { () throws(QRError) in try QRAnimation.png(row, scale: 5) }
        let checker = try CodeReader()
        for (index, still) in QRAnimationFrames.stills(of: file).enumerated() {
            try checker.check(still, holds: try text(at: index), part: index + 1)
        }
        try checker.finish(self)
        try destination.write(file)
        return WrittenCodes(
            path: destination.path, screen: plan, paper: nil, pages: 0, files: [destination.path])
    }
}

/// Reads our own pictures back, as a stranger's camera would have to.
final class CodeReader {
    private let scanner: QRScanner
    private var collector = QRCollector()

    init() throws(HeirloomError) {
        do throws(QRError) {
            scanner = try QRScanner()
        } catch {
            throw HeirloomError(error, of: "the scanner")
        }
    }

    /// - Throws: `unreadableCode` where the picture does not show this text and nothing else.
    func check(_ file: [UInt8], holds text: String, part: Int) throws(HeirloomError) {
        do throws(QRError) {
            let picture = try GreyPicture(file: file)
            let texts = scanner.texts(in: picture) { $0.contains(text) }
            guard texts == [text] else { throw .unreadableCode(part: part) }
            _ = collector.take(text)
        } catch {
            throw HeirloomError(error, of: "the codes")
        }
    }

    /// - Throws: `unreadableCode` where all codes together do not give the sealed bytes.
    func finish(_ row: CodeRow) throws(HeirloomError) {
        let transfer = collector.transfers.first
        guard collector.transfers.count == 1, let payload = try? transfer?.payload(),
            payload == row.bytes
        else {
            throw HeirloomError(
                .codes, .unreadableCode, "the codes do not give back what was sealed")
        }
    }
}
