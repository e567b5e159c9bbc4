/// The parts of one transfer that have come so far.
package struct QRCollectedTransfer: Equatable, Sendable {
    package let header: QRTransferHeader
    /// Bodies by index; never more than `header.partCount`.
    private var bodies: [Int: [UInt8]] = [:]
    /// The frames that contradict each other, first come first; the other bodies are gone then.
    private var contradiction: [QRFrame] = []

    init(_ header: QRTransferHeader) {
        self.header = header
    }

    /// The index with two bodies, when there is one.
    package var stoppedAt: Int? { contradiction.first?.index }

    package var progress: QRProgress {
        QRProgress(
            have: bodies.count, need: header.partCount,
            missingDataParts: (0..<header.partCount).filter { bodies[$0] == nil })
    }

    /// Takes a frame of this transfer.
    mutating func take(_ frame: QRFrame) -> QRReading {
        if let index = stoppedAt { return .stopped(header, index: index) }
        if let body = bodies[frame.index] {
            if body == frame.body { return .repeated(header) }
            contradiction = frames.filter { $0.index == frame.index } + [frame]
            bodies = [:]
            return .stopped(header, index: frame.index)
        }
        guard bodies.count < header.partCount else { return .spare(header) }
        bodies[frame.index] = frame.body
        return .newPart(header)
    }

    /// The frames held, by index; of a stopped transfer the two that contradict each other.
    package var frames: [QRFrame] {
        guard contradiction.isEmpty else { return contradiction }
        return bodies.sorted { $0.key < $1.key }.compactMap { index, body in
            try? QRFrame(transfer: header, index: index, body: body)
        }
    }

    /// What was sent.
    ///
    /// Its hash matches the transfer's id, which says that no part is false by accident; the seal
    /// of the payload is what answers for intent. Throws `twoBodies`, `incomplete`, `padding` or
    /// `otherPayload`.
    package func payload() throws(QRFrameError) -> [UInt8] {
        if let index = stoppedAt { throw .twoBodies(index: index) }
        let words = bodies.mapValues { [UInt16](bytes: $0) }
        guard let parts = CauchyCode.dataParts(partCount: header.partCount, from: words) else {
            throw .incomplete(have: bodies.count, need: header.partCount)
        }
        var payload = parts.flatMap(\.bytes)
        guard payload[header.total...].allSatisfy({ $0 == 0 }) else { throw .padding }
        payload.removeLast(payload.count - header.total)
        guard QRTransferHeader.id(of: payload) == header.id else { throw .otherPayload }
        return payload
    }
}
