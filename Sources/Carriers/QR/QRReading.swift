/// What a text turned out to be.
package enum QRReading: Equatable, Sendable {
    /// A part of a transfer seen before, or of the first one.
    case newPart(QRTransferHeader)
    /// The first part of one more transfer beside those kept.
    ///
    /// `dropped` is the one that had to go for it, if any.
    case otherTransfer(QRTransferHeader, dropped: QRTransferHeader?)
    /// A part held already.
    case repeated(QRTransferHeader)
    /// A part not held and not needed: the transfer has enough.
    case spare(QRTransferHeader)
    /// No frame, or one that must not be used.
    case damaged(QRFrameError)
    /// A frame of a transfer that has two bodies for the part at `index`, and gives nothing more.
    case stopped(QRTransferHeader, index: Int)
}
