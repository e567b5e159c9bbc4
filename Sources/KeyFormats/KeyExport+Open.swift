package import Bytes
import Foundation
package import Secrets
import StrictJSON

/// A key export whose MAC has verified: only this gives out plaintext.
package struct OpenedKeyExport {
    /// The JSON inside.
    package let plaintext: any ByteSource
    package let rounds: UInt32
    /// Which spelling of the passphrase it took.
    package let spelling: KeyExport.PassphraseSpelling
    /// The JSON's length.
    package let byteCount: Int
    /// How the JSON is laid out, told from its beginning; `nil` where it is no list of keys.
    package let layout: KeyFileLayout?
    /// Whether it is a list as Python prints it instead.
    package let isPythonLiteral: Bool
    /// Whether it opened only with a counter of 64 bits, as Element's cipher counts.
    package let countsInHalf: Bool
}

extension KeyExport {
    /// Opens a key export file: reads it once to verify the MAC, and only then decrypts.
    ///
    /// Where the MAC fails and the passphrase is not ASCII, its Latin-1 and normalised spellings
    /// are tried too, because clients disagree.
    ///
    /// - Parameters:
    ///   - passphrase: UTF-8 bytes.
    ///   - roundsLimit: more rounds than this are refused before any work.
    /// - Throws: everything `KeyFormatError` has for armour, header and MAC.
    package static func open(
        _ source: any RewindableByteSource, passphrase: borrowing SecretBytes,
        roundsLimit: UInt32 = usualRoundsLimit
    ) throws(KeyFormatError) -> OpenedKeyExport {
        // Form before passphrase: damage that shows is not blamed on the person's typing.
        let shape = try KeyExportShape(of: source, roundsLimit: roundsLimit)
        for spelling in PassphraseSpelling.allCases {
            let opened = try open(source, shape: shape, passphrase: passphrase, spelling: spelling)
            if let opened { return opened }
        }
        throw .wrongPassphraseOrDamaged
    }

    /// What shows of a key export without its passphrase: the rounds, and that its form is whole.
    ///
    /// - Throws: what `open` throws before it derives a key; any number of rounds is accepted,
    ///   because none is done.
    package static func facts(
        of source: any RewindableByteSource
    ) throws(KeyFormatError) -> (rounds: UInt32, byteCount: Int) {
        let shape = try KeyExportShape(of: source, roundsLimit: .max)
        return (shape.header.rounds, shape.ciphertextByteCount)
    }

    /// Opens with one spelling of the passphrase; `nil` where the MAC does not verify.
    private static func open(
        _ source: any RewindableByteSource, shape: KeyExportShape,
        passphrase: borrowing SecretBytes, spelling: PassphraseSpelling
    ) throws(KeyFormatError) -> OpenedKeyExport? {
        guard let bytes = spelling.bytes(of: passphrase) else { return nil }
        let keys = try PBKDF2SHA512.derive(
            from: bytes.bytes, salt: shape.header.salt, rounds: shape.header.rounds, byteCount: 64)
        guard try isAuthentic(source, shape: shape, keys: keys) else { return nil }
        let width = try counterWidth(source, shape: shape, keys: keys)
        var beginning = SecretBytes(
            byteCount: min(shape.ciphertextByteCount, KeyFileLayout.sniffByteCount))
        let text = try DecryptedKeyExport(source, shape: shape, keys: keys, width: width)
        do throws(StreamError) {
            var span = beginning.mutableBytes
            _ = try text.fill(&span)
        } catch {
            throw .stream(error)
        }
        return OpenedKeyExport(
            plaintext: try DecryptedKeyExport(source, shape: shape, keys: keys, width: width),
            rounds: shape.header.rounds, spelling: spelling, byteCount: shape.ciphertextByteCount,
            layout: KeyFileLayout(beginningOf: beginning.bytes),
            isPythonLiteral: beginning.bytes.isPythonLiteral, countsInHalf: width == .bits64)
    }

    private static func isAuthentic(
        _ source: any RewindableByteSource, shape: KeyExportShape, keys: borrowing SecretBytes
    ) throws(KeyFormatError) -> Bool {
        var hmac = BulkHMAC(key: keys.bytes.extracting(32..<64))
        var armor = KeyExportArmor(source)
        try armor.rewind()
        var left = headerByteCount + shape.ciphertextByteCount
        var piece = [UInt8](repeating: 0, count: 3 << 15)
        while left > 0 {
            var span = piece.mutableSpan
            var wanted = span.slice(0..<min(left, span.count))
            let count = try armor.fill(&wanted)
            // The file became shorter since its shape was taken.
            if count == 0 { throw .tooShort(byteCount: 0) }
            hmac.update(wanted.span.extracting(first: count))
            left -= count
        }
        var code = [UInt8](repeating: 0, count: macByteCount)
        var span = code.mutableSpan
        _ = try armor.fill(&span)
        return hmac.verifies(code)
    }

    /// The counter's width matters only where its low half overflows, which honest writers avoid by
    /// clearing bit 63; then the one that gives JSON is right.
    private static func counterWidth(
        _ source: any RewindableByteSource, shape: KeyExportShape, keys: borrowing SecretBytes
    ) throws(KeyFormatError) -> AESCounterMode.CounterWidth {
        let counter = shape.header.initialVector
        guard
            AESCounterMode.widthMatters(
                initialCounter: counter, byteCount: shape.ciphertextByteCount)
        else { return .bits128 }
        // An object stands in old files of nheko's.
        for layout in [KeyFileLayout.array, .sessions] {
            let text = try DecryptedKeyExport(source, shape: shape, keys: keys, width: .bits128)
            var elements = JSONElements(text, layout: layout.elements)
            do throws(StrictJSONError) {
                while try elements.next() != nil {}
                return .bits128
            } catch .stream(let error) {
                throw .stream(error)
            } catch {
                continue
            }
        }
        return .bits64
    }
}

/// What a first reading tells of a key export without any key: that its armour is whole, its header,
/// its length.
struct KeyExportShape {
    let header: KeyExportHeader
    let ciphertextByteCount: Int

    init(of source: any RewindableByteSource, roundsLimit: UInt32) throws(KeyFormatError) {
        var armor = KeyExportArmor(source)
        try armor.rewind()
        var header = [UInt8](repeating: 0, count: KeyExport.headerByteCount)
        var headerSpan = header.mutableSpan
        var byteCount = try armor.fill(&headerSpan)
        var piece = [UInt8](repeating: 0, count: 3 << 15)
        while true {
            var span = piece.mutableSpan
            let count = try armor.fill(&span)
            byteCount += count
            if count == 0 { break }
        }
        guard byteCount >= KeyExport.overheadByteCount else {
            throw .tooShort(byteCount: byteCount)
        }
        self.header = try KeyExportHeader(header, roundsLimit: roundsLimit)
        ciphertextByteCount = byteCount - KeyExport.overheadByteCount
    }
}

/// The decrypted JSON of a key export whose MAC has verified.
private final class DecryptedKeyExport: ByteSource {
    private var armor: KeyExportArmor
    private var cipher: AESCounterMode
    private var left: Int
    private var piece = CipherPiece(byteCount: 3 << 15)

    init(
        _ source: any RewindableByteSource, shape: KeyExportShape, keys: borrowing SecretBytes,
        width: AESCounterMode.CounterWidth
    ) throws(KeyFormatError) {
        armor = KeyExportArmor(source)
        cipher = AESCounterMode(
            key: keys.bytes.extracting(first: 32), initialCounter: shape.header.initialVector,
            width: width)
        left = shape.ciphertextByteCount
        try armor.rewind()
        var header = [UInt8](repeating: 0, count: KeyExport.headerByteCount)
        var span = header.mutableSpan
        _ = try armor.fill(&span)
    }

    func read(into output: inout MutableSpan<UInt8>) throws(StreamError) -> Int {
        if piece.isSpent { try refill() }
        return piece.give(into: &output)
    }

    /// Decodes and decrypts the next piece; all pieces but the last are multiples of 16 bytes.
    private func refill() throws(StreamError) {
        piece.hold(0)
        let count = min(left, piece.capacity)
        guard count > 0 else { return }
        do throws(KeyFormatError) {
            var room = piece.room
            var text = room.slice(0..<count)
            guard try armor.fill(&text) == count else { throw .tooShort(byteCount: left) }
            cipher.apply(to: &text)
        } catch .stream(let error) {
            throw error
        } catch {
            // The file changed after its MAC had verified.
            throw .damagedBelow
        }
        piece.hold(count)
        left -= count
    }
}
