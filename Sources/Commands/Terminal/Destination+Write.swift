import Heirloom

extension Destination {
    /// Writes text that holds no secret.
    func write(_ text: String) throws(HeirloomError) {
        try write(Array(text.utf8))
    }
}
