extension QRCollector {
    /// Everything held, frame texts one a line, so that what is missing can be taken in later.
    ///
    /// A transfer that stopped keeps its two contradicting frames, and stops again when read.
    package var serialized: String {
        transfers.flatMap(\.frames).map { $0.text + "\n" }.joined()
    }

    /// Takes back what was kept; frames may stand in any order and repeat.
    ///
    /// Each line ends in one line feed and is a whole frame. Throws `tooMuchText`,
    /// `unfinishedLine`, or `line` with what is wrong with the first bad one.
    package init(serialized text: String) throws(QRFrameError) {
        self.init()
        let byteCount = text.utf8.count
        guard byteCount <= Self.maximumSerializedByteCount else {
            throw .tooMuchText(byteCount: byteCount, limit: Self.maximumSerializedByteCount)
        }
        var rest = text.utf8[...]
        var number = 0
        while !rest.isEmpty {
            number += 1
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw .unfinishedLine }
            do throws(QRFrameError) {
                let reading = try take(QRFrame(text: String(Substring(rest[..<end]))))
                // More transfers than are kept would be lost in silence.
                if case .otherTransfer(_, .some) = reading {
                    throw .tooManyTransfers(limit: Self.maximumTransferCount)
                }
            } catch {
                throw .line(number: number, error)
            }
            rest = rest[end...].dropFirst()
        }
    }
}
