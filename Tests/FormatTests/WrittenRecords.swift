import Bytes

/// The records of a bundle's plaintext as they stand, walked over by the table of
/// `formats/bundle.md` and nothing else, so that the reader is not asked about itself.
struct WrittenRecords {
    private(set) var bytes: [UInt8] = []
    private(set) var sessions: [[UInt8]] = []
    private(set) var withheld: [[UInt8]] = []

    init(inside plaintext: [UInt8]) {
        // Preamble: magic 8, version 1, signer 32.
        var position = 41
        while position < plaintext.count {
            let count = Int(plaintext.span.bigEndian(at: position + 1, as: UInt32.self))
            let body = Array(plaintext[position + 5..<position + 5 + count])
            if plaintext[position] == 0x02 { addRecords(of: body) }
            position += 5 + count + 64
        }
    }

    private mutating func addRecords(of body: [UInt8]) {
        var position = 2
        for _ in 0..<body.span.bigEndian(at: 0, as: UInt16.self) {
            position += 64
            for _ in ["user id", "device id"] {
                position += 2 + Int(body.span.bigEndian(at: position, as: UInt16.self))
            }
        }
        position += 4
        bytes += body[position...]
        while position < body.count {
            let isSession = body[position] == 0x01
            let content = Array(body[position + 4..<position + (isSession ? 169 : 36)])
            if isSession { sessions.append(content) } else { withheld.append(content) }
            position += 4 + content.count
        }
    }
}
