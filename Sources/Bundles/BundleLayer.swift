/// The layer that refused a bundle: the `expect` words of the test vectors.
package enum BundleLayer: String, CaseIterable, Sendable {
    /// The inner grammar: magic, version, lengths, order, strings, totals.
    case frame
    /// The signer is not the pinned one, or the key is no valid point.
    case signer
    /// A frame's signature does not verify.
    case sig
    /// The bundle is not addressed to the key that opened it.
    case audience
    /// Made in the future, expired, or the clock here is wrong.
    case time
    /// This bundle was taken in before.
    case replay
    /// The bundle is of another room than asked for.
    case room
    /// A session, a withheld entry or a sender is malformed.
    case record
    /// Larger, longer or more than accepted.
    case limit
    /// Well-formed, but not what this reader takes.
    case policy
    /// The bytes stopped coming: the layer below knows why.
    case stream
}
