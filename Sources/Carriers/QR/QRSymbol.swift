import CQRencode

/// One QR code as its modules (ISO/IEC 18004), without the quiet zone around it.
@safe
package struct QRSymbol: Equatable, Sendable {
    /// How much of a code may be lost: L about 7 %, M about 15 %.
    package enum Correction: Hashable, Sendable {
        case low
        case medium
    }

    /// Light modules around a code that every reader asks for.
    package static let quietZone = 4

    /// Modules a side: 21 for version 1, 177 for version 40.
    package let size: Int
    private let dark: [Bool]

    /// Draws capitals, digits and a colon in alphanumeric mode.
    ///
    /// - Parameter version: 1 to 40.
    /// - Throws: `doesNotFit`.
    package init(
        _ text: String, version: Int, correction: Correction
    ) throws(QRError) {
        let bytes = Array(text.utf8)
        let level = correction == .low ? QR_ECLEVEL_L : QR_ECLEVEL_M
        guard let input = unsafe QRinput_new2(Int32(version), level) else {
            throw .library("QRinput_new2")
        }
        defer { unsafe QRinput_free(input) }
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe QRinput_append(input, QR_MODE_AN, Int32(buffer.count), buffer.baseAddress)
        }
        guard status == 0 else { throw .library("QRinput_append") }
        guard let code = unsafe QRcode_encodeInput(input) else {
            throw .doesNotFit(characterCount: bytes.count, version: version)
        }
        defer { unsafe QRcode_free(code) }
        // The library takes a larger version in silence where the asked one is too small.
        guard unsafe code.pointee.version == Int32(version) else {
            throw .doesNotFit(characterCount: bytes.count, version: version)
        }
        let width = unsafe Int(code.pointee.width)
        size = width
        dark = (0..<width * width).map { unsafe code.pointee.data[$0] & 1 == 1 }
    }

    /// Whether a module is dark; all outside is light.
    package func isDark(_ x: Int, _ y: Int) -> Bool {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return false }
        return dark[y * size + x]
    }

    /// Modules a side with the quiet zone.
    package var framedSize: Int { size + 2 * Self.quietZone }
}
