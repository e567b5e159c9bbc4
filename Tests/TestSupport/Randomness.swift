package import Secrets

extension FixedRandomSource {
    /// Public bytes that look random and are the same at every run.
    package static func bytes(_ count: Int, number: UInt64) -> [UInt8] {
        var random = FixedRandomSource(number: number)
        return random.bytes(count)
    }
}
