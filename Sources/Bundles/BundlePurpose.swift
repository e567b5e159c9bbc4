/// What a bundle was made for.
package enum BundlePurpose: UInt8, Hashable, Sendable {
    /// For somebody who should read a room's past, judged by the rules for a newcomer.
    case handover = 1
    /// A segment of a write-only archive, for its owner alone.
    case archive = 2

    var sentenceForm: String {
        switch self {
        case .handover: "a hand-over"
        case .archive: "an archive segment"
        }
    }
}
