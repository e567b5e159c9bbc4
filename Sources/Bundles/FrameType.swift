/// What a frame holds.
package enum FrameType: UInt8, Sendable {
    /// Who gives what to whom: once, first.
    case manifest = 0x01
    /// Senders and records.
    case data = 0x02
    /// Zeros that hide how many sessions there are: after the data.
    case padding = 0x03
    /// Manifest and data in one frame: reserved, and refused by this version.
    case single = 0x10
    /// Totals and a hash of all before: once, last.
    case end = 0x7f

    /// The longest body accepted, in bytes; checked before memory is asked for.
    package var maximumBodyByteCount: Int {
        switch self {
        case .manifest: 4096
        case .data: 256 << 10
        case .padding: 1 << 20
        case .single: 0
        case .end: EndBody.byteCount
        }
    }
}
