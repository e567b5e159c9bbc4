/// Why a walk stopped: at which step, what kind of problem, and a sentence for a person.
///
/// The sentence is lower case, without a full stop, names the thing and what was expected, and holds
/// no secret. What to do about it is the command's to say.
public struct HeirloomError: Error, Equatable, Sendable {
    /// The steps of the two walks, and what stands beside them.
    public enum Step: String, CaseIterable, Codable, Sendable {
        /// Reading key files.
        case collect
        /// Reading saved history.
        case history
        /// Choosing and merging keys.
        case select
        /// The rules.
        case judge
        /// Making the signed bundle.
        case bundle
        /// Sealing it.
        case seal
        /// Writing or reading the file.
        case carry
        /// Making or reading codes.
        case codes
        /// Opening the seal.
        case open
        /// Verifying signer, audience, times, room and records.
        case verify
        /// Writing what a client imports.
        case deliver
        /// The archive of keys.
        case archive
        /// Our own identity.
        case identity
        /// Pinned identities.
        case contacts
        /// Asking the homeserver.
        case server
    }

    /// The step at which the walk stopped.
    public let step: Step
    /// What kind of problem it was.
    public let problem: Problem
    /// The layer's own word for what refused, as in `formats/vectors`; `nil` where it has none.
    public let layer: String?
    /// The sentence for a person.
    public let sentence: String

    /// An error of the hall's own.
    public init(_ step: Step, _ problem: Problem, _ sentence: String, layer: String? = nil) {
        self.step = step
        self.problem = problem
        self.layer = layer
        self.sentence = sentence
    }
}

extension HeirloomError: CustomStringConvertible {
    /// The sentence.
    public var description: String { sentence }
}
