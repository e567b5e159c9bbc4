import Bytes
import Carriers

/// Gathers the codes of hand-overs, from pictures or as a camera reads them.
///
/// A client app calls `take(text:)` with what its own scanner reads, frame by frame; the command shows
/// it whole pictures. What was seen can be kept and completed later.
public struct CodeScan {
    /// What a picture or a text turned out to be.
    public struct Reading: Encodable, Equatable, Sendable {
        /// The picture; `nil` for a text.
        public let path: String?
        /// New parts in it.
        public internal(set) var new = 0
        /// Parts seen before, or not needed any more.
        public internal(set) var repeated = 0
        /// Codes of ours that are damaged, and what is wrong with each.
        public internal(set) var damaged: [String] = []
        /// Codes of other makers.
        public internal(set) var foreign = 0
    }

    /// How far a hand-over has come.
    public struct Transfer: Encodable, Equatable, Sendable {
        /// Its name: the first four digits of its id, as on paper.
        public let name: String
        /// Different codes seen.
        public let have: Int
        /// How many are needed, whichever they are.
        public let need: Int
        /// Parts not seen, counted from 1; spare codes stand in for them as well.
        public let missing: [Int]
        /// Whether enough were seen.
        public var isComplete: Bool { have >= need }
    }

    private var collector: QRCollector
    private let scanner: QRScanner
    /// The transfers that this scan has met, not those only remembered.
    private var met: Set<QRTransferHeader> = []

    /// Begins anew.
    public init() throws(HeirloomError) {
        try self.init(QRCollector())
    }

    private init(_ collector: QRCollector) throws(HeirloomError) {
        self.collector = collector
        do throws(QRError) {
            scanner = try QRScanner()
        } catch {
            throw HeirloomError(error, of: "the scanner")
        }
    }

    /// Goes on with what an earlier scan kept.
    init(kept text: String) throws(HeirloomError) {
        let collector: QRCollector
        do throws(QRFrameError) {
            collector = try QRCollector(serialized: text)
        } catch {
            throw HeirloomError(.codes, .damaged, "the codes kept from before: \(error)")
        }
        try self.init(collector)
    }

    /// What is to be kept for a later scan.
    var kept: String { collector.serialized }

    /// Takes what a scanner read.
    public mutating func take(text: String) -> Reading {
        var reading = Reading(path: nil)
        take(text, &reading)
        return reading
    }

    /// Looks for codes in a picture file; every frame of a moving PNG.
    public mutating func take(picture path: String) throws(HeirloomError) -> Reading {
        let file = try carrying(.codes, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: GreyPicture.fileLimit)
        }
        let bytes = try moving(.codes, path) { () throws(StreamError) in
            try file.readAll(limit: GreyPicture.fileLimit)
        }
        var reading = Reading(path: path)
        for still in QRAnimationFrames.stills(of: bytes) {
            let picture: GreyPicture
            do throws(QRError) {
                picture = try GreyPicture(file: still)
            } catch {
                throw HeirloomError(error, of: path)
            }
            // A still of ours holds one code, a photo may hold a page of them.
            let texts = scanner.texts(in: picture) { found in
                found.count == 1 && picture.width == picture.height && picture.width < 1200
            }
            for text in texts.sorted() { take(text, &reading) }
        }
        return reading
    }

    private mutating func take(_ text: String, _ reading: inout Reading) {
        guard text.hasPrefix(QRFrame.prefix) else {
            reading.foreign += 1
            return
        }
        switch collector.take(text) {
        case .newPart(let header), .otherTransfer(let header, _):
            met.insert(header)
            reading.new += 1
        case .repeated(let header), .spare(let header), .stopped(let header, _):
            met.insert(header)
            reading.repeated += 1
        case .damaged(let error): reading.damaged.append("\(error)")
        }
    }

    /// The hand-overs met in this scan.
    public var transfers: [Transfer] {
        collector.transfers.filter { met.contains($0.header) }.map { Transfer($0) }
    }

    /// The sealed bytes of the one hand-over whose codes are all there.
    ///
    /// - Throws: `noCode`, `incompleteScan`, `severalTransfers`, `contradictoryCodes`.
    public func sealedBytes() throws(HeirloomError) -> [UInt8] {
        let candidates = collector.transfers.filter { met.contains($0.header) }
        guard !candidates.isEmpty else {
            throw HeirloomError(.codes, .noCode, "no code of a hand-over is in the pictures")
        }
        let complete = candidates.filter { $0.progress.isComplete && $0.stoppedAt == nil }
        guard complete.count <= 1 else {
            let names = complete.map { Transfer($0).name }.joined(separator: ", ")
            throw HeirloomError(
                .codes, .severalTransfers,
                "the pictures hold codes of \(complete.count) whole hand-overs: \(names)")
        }
        guard let transfer = complete.first else { throw unfinished(candidates) }
        do throws(QRFrameError) {
            return try transfer.payload()
        } catch {
            throw HeirloomError(
                .codes, .contradictoryCodes, "hand-over \(Transfer(transfer).name): \(error)")
        }
    }

    private func unfinished(_ candidates: [QRCollectedTransfer]) -> HeirloomError {
        if let stopped = candidates.first(where: { $0.stoppedAt != nil }) {
            let index = (stopped.stoppedAt ?? 0) + 1
            return HeirloomError(
                .codes, .contradictoryCodes,
                "hand-over \(Transfer(stopped).name): there are two different codes for part \(index)"
            )
        }
        let sentences = candidates.map { candidate in
            let transfer = Transfer(candidate)
            let missing = transfer.missing.prefix(12).map(String.init).joined(separator: ", ")
            let more = transfer.missing.count > 12 ? ", …" : ""
            return "hand-over \(transfer.name): \(transfer.have) of \(transfer.need) codes, any "
                + "\(transfer.need - transfer.have) more are needed (parts not seen: "
                + "\(missing)\(more))"
        }
        return HeirloomError(.codes, .incompleteScan, sentences.joined(separator: "; "))
    }

    /// Forgets the hand-overs of this scan, because they were taken in.
    mutating func forgetMet() {
        let rest = collector.transfers.filter { !met.contains($0.header) }
        var remaining = QRCollector()
        for frame in rest.flatMap(\.frames) { _ = remaining.take(frame.text) }
        collector = remaining
        met = []
    }
}

extension CodeScan.Transfer {
    init(_ transfer: QRCollectedTransfer) {
        let digits = String(transfer.header.id, radix: 16)
        name = String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(4))
        let progress = transfer.progress
        have = progress.have
        need = progress.need
        missing = progress.missingDataParts.map { $0 + 1 }
    }
}
