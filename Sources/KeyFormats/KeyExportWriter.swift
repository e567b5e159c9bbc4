package import Bytes
package import Secrets

/// Encrypts what is written to it into a key export file that every client opens: padded base64 in
/// lines of 128 characters, LF, a final newline, 500,000 rounds, bit 63 of the IV clear.
///
/// Call `finish()` once at the end; the MAC stands there.
package final class KeyExportWriter: ByteSink {
    private let sink: any ByteSink
    private var cipher: AESCounterMode
    private var hmac: BulkHMAC
    private var armor = ArmorLines()
    /// Plaintext waiting for a whole piece, then ciphertext on its way out.
    private var piece = CipherPiece(byteCount: 1 << 15)

    /// Derives the keys and writes the begin line and the header.
    ///
    /// - Parameters:
    ///   - passphrase: UTF-8 bytes, not empty.
    ///   - rounds: of PBKDF2; clients expect 100,000 at least.
    /// - Throws: `KeyFormatError.derivationFailed` or `.stream`.
    package init(
        to sink: any ByteSink, passphrase: borrowing SecretBytes,
        rounds: UInt32 = KeyExport.writtenRounds, random: inout some RandomSource
    ) throws(KeyFormatError) {
        var initialVector = random.bytes(KeyExport.initialVectorByteCount)
        // Bit 63 of the 128-bit number: Element counts 64 bits, and must not overflow them.
        initialVector[8] &= 0x7f
        let header = KeyExportHeader(
            salt: random.bytes(KeyExport.saltByteCount), initialVector: initialVector,
            rounds: rounds)
        let keys = try PBKDF2SHA512.derive(
            from: passphrase.bytes, salt: header.salt, rounds: rounds, byteCount: 64)
        self.sink = sink
        cipher = AESCounterMode(
            key: keys.bytes.extracting(first: 32), initialCounter: initialVector)
        hmac = BulkHMAC(key: keys.bytes.extracting(32..<64))
        do throws(StreamError) {
            try sink.write(Array((KeyExport.beginLine + "\n").utf8))
            hmac.update(header.bytes.span)
            try sink.write(armor.encode(header.bytes.span))
        } catch {
            throw .stream(error)
        }
    }

    package func write(_ bytes: Span<UInt8>) throws(StreamError) {
        var position = 0
        while position < bytes.count {
            position += piece.put(bytes.extracting(position..<bytes.count))
            if piece.isFull { try flush() }
        }
    }

    /// Writes what is left, the MAC and the end line.
    ///
    /// - Throws: `KeyFormatError.stream`.
    package func finish() throws(KeyFormatError) {
        do throws(StreamError) {
            try flush()
            try sink.write(armor.encode(hmac.code.span))
            try sink.write(armor.finish())
            try sink.write(Array((KeyExport.endLine + "\n").utf8))
        } catch {
            throw .stream(error)
        }
    }

    private func flush() throws(StreamError) {
        let count = piece.count
        var room = piece.room
        var text = room.slice(0..<count)
        cipher.apply(to: &text)
        hmac.update(text.span)
        let lines = armor.encode(text.span)
        piece.hold(0)
        try sink.write(lines)
    }
}

/// Padded base64 in lines of 128 characters, going on from piece to piece.
private struct ArmorLines {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private var group: UInt32 = 0
    private var groupByteCount = 0
    private var column = 0

    mutating func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 3 / 2)
        for index in bytes.indices {
            group = group << 8 | UInt32(bytes[index])
            groupByteCount += 1
            guard groupByteCount == 3 else { continue }
            put(Int(group >> 18 & 63), in: &text)
            put(Int(group >> 12 & 63), in: &text)
            put(Int(group >> 6 & 63), in: &text)
            put(Int(group & 63), in: &text)
            group = 0
            groupByteCount = 0
        }
        return text
    }

    mutating func finish() -> [UInt8] {
        var text: [UInt8] = []
        if groupByteCount > 0 {
            let whole = group << UInt32(8 * (3 - groupByteCount))
            for place in 0...groupByteCount {
                put(Int(whole >> UInt32(18 - 6 * place) & 63), in: &text)
            }
            for _ in groupByteCount..<3 { text.append(UInt8(ascii: "=")) }
            column += 1
        }
        if column > 0 { text.append(UInt8(ascii: "\n")) }
        return text
    }

    private mutating func put(_ value: Int, in text: inout [UInt8]) {
        text.append(Self.alphabet[value])
        column += 1
        if column == KeyExport.lineLength {
            text.append(UInt8(ascii: "\n"))
            column = 0
        }
    }
}
