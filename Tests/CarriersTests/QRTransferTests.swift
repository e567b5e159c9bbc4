import Bytes
import Carriers
import Secrets
import TestSupport
import Testing

/// Payloads cut, carried with losses, and put together again.
@Suite struct QRTransferTests {
    @Test func cutsIntoFewEqualParts() throws {
        for (count, capacity, parts, length) in [
            (1, 630, 1, 2), (630, 630, 1, 630), (631, 630, 2, 316), (6200, 350, 18, 346),
            (100, 7, 17, 6), (5, 2, 3, 2),
        ] {
            let transfer = try QRTransfer(
                payload: [UInt8](repeating: 1, count: count), bodyCapacity: capacity)
            #expect(transfer.header.partCount == parts)
            #expect(transfer.header.bodyByteCount == length)
            #expect(try transfer.frame(at: 0).body.count == length)
        }
    }

    @Test func limits() throws {
        #expect(throws: QRFrameError.total(byteCount: 0, limit: 1 << 20)) {
            try QRTransfer(payload: [], bodyCapacity: 630)
        }
        let tooLong = [UInt8](repeating: 0, count: 1 << 20 + 1)
        #expect(throws: QRFrameError.total(byteCount: tooLong.count, limit: 1 << 20)) {
            try QRTransfer(payload: tooLong, bodyCapacity: 2660)
        }
        for capacity in [Int.min, 1, 2661] {
            #expect(
                throws: QRFrameError.capacity(byteCount: capacity, minimum: 2, limit: 2660)
            ) {
                try QRTransfer(payload: [1], bodyCapacity: capacity)
            }
        }
        let many = [UInt8](repeating: 0, count: 2049)
        #expect(throws: QRFrameError.partCount(1025, limit: 1024)) {
            try QRTransfer(payload: many, bodyCapacity: 3)
        }
        let transfer = try QRTransfer(payload: [1], bodyCapacity: 2)
        for index in [-1, 65_536] {
            #expect(throws: QRFrameError.index(index, limit: 65_535)) {
                try transfer.frame(at: index)
            }
        }
    }

    /// Shown on a screen that is filmed badly: 200 transfers, of each about 30 % of frames lost.
    @Test func thirtyPercentLost() throws {
        var random = FixedRandomSource(number: 30)
        var parity = 0
        for round in 0..<200 {
            let number = random.bytes(3)
            let payload = random.bytes(1 + Int(number[0]) << 2 ^ Int(number[1]))
            let transfer = try QRTransfer(payload: payload, bodyCapacity: 20 + Int(number[2]) / 4)
            let need = transfer.header.partCount
            var collector = QRCollector()
            var index = 0
            while collector[transfer.header]?.progress.isComplete != true {
                // Every part comes once at most, so the number of spare ones is what is lost.
                let lost = random.bytes(1)[0] < 77
                if !lost {
                    let frame = try transfer.frame(at: index)
                    #expect(collector.take(frame.text) == .newPart(transfer.header))
                    if index >= need { parity += 1 }
                }
                index += 1
            }
            let collected = try #require(collector[transfer.header])
            #expect(collected.progress.have == need)
            #expect(try collected.payload() == payload, "round \(round)")
        }
        #expect(parity > 200)
    }

    @Test func theLargestTransfer() throws {
        let payload = FixedRandomSource.bytes(1 << 20, number: 20)
        let transfer = try QRTransfer(payload: payload, bodyCapacity: 1024)
        #expect(transfer.header.partCount == 1024)
        var collector = QRCollector()
        for index in 3..<1027 {
            _ = try collector.take(transfer.frame(at: index))
        }
        let collected = try #require(collector[transfer.header])
        #expect(collected.progress.missingDataParts == [0, 1, 2])
        #expect(try collected.payload() == payload)
    }
}
