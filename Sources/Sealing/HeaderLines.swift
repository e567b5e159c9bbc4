import Bytes

/// The lines of an age header, taken from a source one by one, and all their bytes kept for the code
/// that is made over them.
struct HeaderLines {
    private let source: BufferedSource
    /// Every byte taken so far, ends of lines included.
    private(set) var bytes: [UInt8] = []
    /// The number of the line last taken, from 1.
    private(set) var number = 0

    init(of source: BufferedSource) {
        self.source = source
    }

    /// The next line without its end, which is LF alone.
    ///
    /// - Throws: `headerEndsEarly`, `headerTooLarge`, `stream`.
    mutating func next() throws(SealingError) -> [UInt8] {
        number += 1
        let start = bytes.count
        while let byte = try source.next() {
            bytes.append(byte)
            if byte == UInt8(ascii: "\n") { return Array(bytes[start..<bytes.count - 1]) }
            guard bytes.count < AgeHeader.byteLimit else {
                throw .headerTooLarge(limit: AgeHeader.byteLimit)
            }
        }
        throw .headerEndsEarly
    }
}
