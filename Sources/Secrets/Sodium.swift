import CSodium

/// libsodium, made ready once.
enum Sodium {
    /// Touching this makes the library ready; it traps where libsodium cannot start, because nothing
    /// in this program may go on without it.
    static let ready: Void = {
        precondition(sodium_init() >= 0, "libsodium could not start")
    }()
}

/// What an empty span points to, because libsodium's signatures want a pointer even for no bytes.
@safe nonisolated(unsafe) private let nowhere = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

extension Span<UInt8> {
    /// The bytes as C wants them.
    ///
    /// The pointer is valid only inside `body`.
    @safe
    func withPointer<Result>(_ body: (UnsafePointer<UInt8>, Int) -> Result) -> Result {
        unsafe withUnsafeBufferPointer {
            unsafe body($0.baseAddress ?? UnsafePointer(nowhere), $0.count)
        }
    }
}

extension MutableSpan<UInt8> {
    /// The bytes as C wants them.
    ///
    /// The pointer is valid only inside `body`.
    @safe
    mutating func withPointer<Result>(
        _ body: (UnsafeMutablePointer<UInt8>, Int) -> Result
    ) -> Result {
        unsafe withUnsafeMutableBufferPointer {
            unsafe body($0.baseAddress ?? nowhere, $0.count)
        }
    }
}
