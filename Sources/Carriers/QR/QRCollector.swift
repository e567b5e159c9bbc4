/// Gathers frames as they come, in any order and as often as they like, each transfer by itself.
///
/// Its memory is bounded by what was taken in: at most 16 transfers, of each at most k parts, which
/// are 1 MiB and 2 bytes a part.
package struct QRCollector: Equatable, Sendable {
    package static let maximumTransferCount = 16
    /// The longest text that is read back, in bytes; 16 transfers of the largest size are shorter.
    package static let maximumSerializedByteCount = 64 << 20

    /// The transfers seen, first come first.
    package private(set) var transfers: [QRCollectedTransfer] = []

    package init() {}

    package subscript(header: QRTransferHeader) -> QRCollectedTransfer? {
        transfers.first { $0.header == header }
    }

    /// Takes the text of one code and says what it was.
    package mutating func take(_ text: String) -> QRReading {
        do throws(QRFrameError) {
            return try take(QRFrame(text: text))
        } catch {
            return .damaged(error)
        }
    }

    /// Takes a frame and says what it was.
    ///
    /// Of more than 16 transfers the one with the fewest parts goes, the oldest of several: a
    /// stranger's stray codes push each other out, not a transfer that is getting on. Throws
    /// `tooManyTransfers` when all are whole.
    package mutating func take(_ frame: QRFrame) throws(QRFrameError) -> QRReading {
        if let place = transfers.firstIndex(where: { $0.header == frame.transfer }) {
            return transfers[place].take(frame)
        }
        var dropped: QRTransferHeader?
        if transfers.count >= Self.maximumTransferCount {
            dropped = try makeRoom()
        }
        var transfer = QRCollectedTransfer(frame.transfer)
        let reading = transfer.take(frame)
        let isFirst = transfers.isEmpty && dropped == nil
        transfers.append(transfer)
        return isFirst ? reading : .otherTransfer(frame.transfer, dropped: dropped)
    }

    private mutating func makeRoom() throws(QRFrameError) -> QRTransferHeader {
        var least: (place: Int, have: Int)?
        for (place, transfer) in transfers.enumerated() {
            let progress = transfer.progress
            guard !progress.isComplete, progress.have < least?.have ?? .max else { continue }
            least = (place, progress.have)
        }
        guard let least else { throw .tooManyTransfers(limit: Self.maximumTransferCount) }
        return transfers.remove(at: least.place).header
    }
}
