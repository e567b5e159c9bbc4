import Bytes
import Carriers
import Secrets
import TestSupport
import Testing

/// Frames in any order, of several transfers, honest and not.
@Suite struct QRCollectorTests {
    private static func transfer(_ number: UInt64, byteCount: Int = 100) throws -> QRTransfer {
        try QRTransfer(
            payload: FixedRandomSource.bytes(byteCount, number: number), bodyCapacity: 34)
    }

    @Test func saysWhatEachTextWas() throws {
        let transfer = try Self.transfer(1)
        let header = transfer.header
        var collector = QRCollector()
        #expect(try collector.take(transfer.frame(at: 2)) == .newPart(header))
        #expect(try collector.take(transfer.frame(at: 2)) == .repeated(header))
        #expect(collector.take("HEIR1:") == .damaged(.tooShort(byteCount: 0, minimum: 22)))
        #expect(try collector.take(transfer.frame(at: 7)) == .newPart(header))
        let progress = try #require(collector[header]?.progress)
        #expect(progress.have == 2)
        #expect(progress.need == 3)
        #expect(progress.missingDataParts == [0, 1])
        #expect(throws: QRFrameError.incomplete(have: 2, need: 3)) {
            try collector.transfers[0].payload()
        }
        let other = try Self.transfer(2)
        #expect(
            try collector.take(other.frame(at: 0)) == .otherTransfer(other.header, dropped: nil))
        #expect(try collector.take(transfer.frame(at: 0)) == .newPart(header))
        #expect(try collector.take(transfer.frame(at: 1)) == .spare(header))
        #expect(
            try collector.transfers[0].payload() == FixedRandomSource.bytes(100, number: 1))
    }

    @Test func mixedTransfersStayApart() throws {
        let transfers = try (0..<16).map { try Self.transfer(UInt64($0), byteCount: 90 + $0) }
        var collector = QRCollector()
        for index in [5, 0, 1, 4] {
            for transfer in transfers { _ = try collector.take(transfer.frame(at: index)) }
        }
        #expect(collector.transfers.count == 16)
        for (number, collected) in collector.transfers.enumerated() {
            let payload = FixedRandomSource.bytes(90 + number, number: UInt64(number))
            #expect(try collected.payload() == payload)
        }
    }

    @Test func aForgedBodyFailsTheFinalHash() throws {
        let transfer = try Self.transfer(1)
        var body = try transfer.frame(at: 1).body
        body[5] ^= 1
        let forged = try QRFrame(transfer: transfer.header, index: 1, body: body)
        var collector = QRCollector()
        #expect(collector.take(forged.text) == .newPart(transfer.header))
        _ = try collector.take(transfer.frame(at: 0))
        _ = try collector.take(transfer.frame(at: 2))
        #expect(throws: QRFrameError.otherPayload) { try collector.transfers[0].payload() }
        // The true one comes too: now it is known which index is in doubt, and nothing is given.
        let stopped = QRReading.stopped(transfer.header, index: 1)
        #expect(try collector.take(transfer.frame(at: 1)) == stopped)
        #expect(try collector.take(transfer.frame(at: 0)) == stopped)
        #expect(throws: QRFrameError.twoBodies(index: 1)) {
            try collector.transfers[0].payload()
        }
        #expect(collector.transfers[0].frames.count == 2)
    }

    @Test func bytesAfterThePayloadAreZeros() throws {
        let transfer = try Self.transfer(1)
        var body = try transfer.frame(at: 2).body
        body[body.count - 1] = 1
        var collector = QRCollector()
        for index in 0..<2 { _ = try collector.take(transfer.frame(at: index)) }
        _ = try collector.take(QRFrame(transfer: transfer.header, index: 2, body: body))
        #expect(throws: QRFrameError.padding) { try collector.transfers[0].payload() }
    }

    @Test func strayCodesPushEachOtherOut() throws {
        let transfer = try Self.transfer(100)
        var collector = QRCollector()
        for index in 0..<2 { _ = try collector.take(transfer.frame(at: index)) }
        var dropped: [QRTransferHeader] = []
        for number in 0..<40 {
            let stray = try Self.transfer(UInt64(number))
            let reading = try collector.take(stray.frame(at: 0))
            if case .otherTransfer(_, .some(let header)) = reading { dropped.append(header) }
        }
        #expect(collector.transfers.count == 16)
        #expect(try dropped == (0..<25).map { try Self.transfer($0).header })
        #expect(collector[transfer.header]?.progress.have == 2)
    }

    @Test func wholeTransfersAreNotPushedOut() throws {
        var collector = QRCollector()
        for number in 0..<16 {
            let transfer = try QRTransfer(payload: [UInt8(number)], bodyCapacity: 2)
            _ = try collector.take(transfer.frame(at: 0))
        }
        let before = collector
        let more = try QRTransfer(payload: [16], bodyCapacity: 2).frame(at: 0)
        #expect(collector.take(more.text) == .damaged(.tooManyTransfers(limit: 16)))
        #expect(collector == before)
    }

    @Test func whatIsKeptCanBeCompletedLater() throws {
        let (transfer, other) = (try Self.transfer(1), try Self.transfer(2))
        var collector = QRCollector()
        for index in [9, 1] { _ = try collector.take(transfer.frame(at: index)) }
        _ = try collector.take(other.frame(at: 2))
        let text = collector.serialized
        let expected = try [transfer.frame(at: 1), transfer.frame(at: 9), other.frame(at: 2)]
        #expect(text == expected.map { $0.text + "\n" }.joined())

        var later = try QRCollector(serialized: text)
        #expect(later == collector)
        _ = try later.take(transfer.frame(at: 0))
        #expect(try later.transfers[0].payload() == FixedRandomSource.bytes(100, number: 1))
        #expect(try QRCollector(serialized: "") == QRCollector())
    }

    @Test func whatStoppedStopsAgain() throws {
        let transfer = try Self.transfer(1)
        var body = try transfer.frame(at: 0).body
        body[0] ^= 1
        var collector = QRCollector()
        _ = try collector.take(transfer.frame(at: 1))
        _ = try collector.take(transfer.frame(at: 0))
        _ = try collector.take(QRFrame(transfer: transfer.header, index: 0, body: body))
        let later = try QRCollector(serialized: collector.serialized)
        #expect(later == collector)
        #expect(later.transfers[0].stoppedAt == 0)
    }

    @Test func badLinesAreNamed() throws {
        let line = try Self.transfer(1).frame(at: 0).text
        #expect(throws: QRFrameError.unfinishedLine) { try QRCollector(serialized: line) }
        #expect(throws: QRFrameError.line(number: 2, .otherPrefix)) {
            try QRCollector(serialized: line + "\n\n")
        }
        #expect(throws: QRFrameError.line(number: 1, .alphabet(position: line.utf8.count))) {
            try QRCollector(serialized: line + "\r\n")
        }
        let seventeen = try (0..<17).map { try Self.transfer($0).frame(at: 0).text + "\n" }
        #expect(throws: QRFrameError.line(number: 17, .tooManyTransfers(limit: 16))) {
            try QRCollector(serialized: seventeen.joined())
        }
        let limit = QRCollector.maximumSerializedByteCount
        #expect(throws: QRFrameError.tooMuchText(byteCount: limit + 1, limit: limit)) {
            try QRCollector(serialized: String(repeating: "A", count: limit + 1))
        }
    }
}
