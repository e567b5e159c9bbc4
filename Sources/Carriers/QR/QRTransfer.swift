import Bytes

/// A payload cut into equal parts for QR codes, with as many spare parts as are asked for.
package struct QRTransfer: Sendable {
    package let header: QRTransferHeader
    /// The data parts as big-endian words, the last one filled up with zeros.
    private let parts: [[UInt16]]

    /// Cuts `payload` into as few parts as fit, all equally long.
    ///
    /// `bodyCapacity` is what one code holds of a part, in bytes; of an odd number one byte stays
    /// unused. Throws `total`, `capacity`, or `partCount` when the codes would be too many.
    package init(payload: [UInt8], bodyCapacity: Int) throws(QRFrameError) {
        guard 1...QRTransferHeader.maximumTotal ~= payload.count else {
            throw .total(byteCount: payload.count, limit: QRTransferHeader.maximumTotal)
        }
        guard 2...QRFrame.maximumBodyByteCount ~= bodyCapacity else {
            throw .capacity(
                byteCount: bodyCapacity, minimum: 2, limit: QRFrame.maximumBodyByteCount)
        }
        let capacity = bodyCapacity - bodyCapacity % 2
        header = try QRTransferHeader(
            id: QRTransferHeader.id(of: payload),
            partCount: (payload.count + capacity - 1) / capacity,
            total: payload.count)
        let length = header.bodyByteCount
        parts = (0..<header.partCount).map { index in
            let part = payload.dropFirst(index * length).prefix(length)
            return [UInt16](bytes: part + [UInt8](repeating: 0, count: length - part.count))
        }
    }

    /// The frame at `index`: below `header.partCount` a data part, from there on a parity part.
    ///
    /// Throws `index` when it is negative or above 65,535.
    package func frame(at index: Int) throws(QRFrameError) -> QRFrame {
        guard 0...QRFrame.maximumIndex ~= index else {
            throw .index(index, limit: QRFrame.maximumIndex)
        }
        let part =
            index < parts.count
            ? parts[index] : CauchyCode.parityPart(index - parts.count, of: parts)
        return try QRFrame(transfer: header, index: index, body: part.bytes)
    }
}

extension [UInt16] {
    /// The big-endian words in an even number of `bytes`.
    init(bytes: some Collection<UInt8>) {
        self = []
        reserveCapacity(bytes.count / 2)
        var high: UInt8?
        for byte in bytes {
            if let first = high {
                append(UInt16(first) << 8 | UInt16(byte))
                high = nil
            } else {
                high = byte
            }
        }
    }

    /// The words, most significant byte first.
    var bytes: [UInt8] {
        flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }
}
