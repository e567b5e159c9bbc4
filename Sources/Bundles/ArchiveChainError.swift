/// Why a segment does not continue its archive, beside what is wrong with bundles of any kind.
package enum ArchiveChainError: Error, Equatable, Sendable {
    /// A bundle that is no archive segment.
    case notASegment
    /// The segment has another place than the next: one is missing, or they are out of order.
    case wrongPlace(expected: UInt64, actual: UInt64)
    /// It is signed by another key than the segment before it named.
    case otherWriter(sequence: UInt64)
    /// It follows another segment than the one before it.
    case otherPredecessor(sequence: UInt64)
    /// The next writer's key that it names is not a valid point.
    case invalidNextWriter(sequence: UInt64)
    /// The chain was ended before this segment.
    case ended(before: UInt64)
    /// The newest segments, up to the head kept elsewhere, are missing.
    case truncated(expected: UInt64, actual: UInt64)
    /// The segment at the kept head's place is another.
    case otherHead(sequence: UInt64)
}

extension ArchiveChainError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notASegment: "it is not an archive segment"
        case .wrongPlace(let expected, let actual):
            "segment \(actual) stands where segment \(expected) was expected"
        case .otherWriter(let sequence):
            "segment \(sequence) is signed by another key than the segment before it named"
        case .otherPredecessor(let sequence):
            "segment \(sequence) follows another segment than the one before it"
        case .invalidNextWriter(let sequence):
            "segment \(sequence) names a next writer's key that is not a valid point"
        case .ended(let sequence): "the archive ended before segment \(sequence)"
        case .truncated(let expected, let actual):
            "the archive ends at segment \(actual), expected at least \(expected)"
        case .otherHead(let sequence): "segment \(sequence) is not the one noted as head"
        }
    }
}
