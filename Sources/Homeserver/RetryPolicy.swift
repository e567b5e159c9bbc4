/// When a request is made again, and after how long.
package struct RetryPolicy: Sendable {
    /// How often a request is made at most.
    package var attempts = 6
    /// The wait before the second attempt, in milliseconds; it doubles from then on.
    package var firstWait = 500
    /// The longest wait, in milliseconds: a server that asks for more is not waited for.
    package var longestWait = 60_000
    /// Waits; tests do not.
    package var sleep: @Sendable (_ milliseconds: Int) async throws(CancellationError) -> Void

    package init(
        sleep: @escaping @Sendable (_ milliseconds: Int) async throws(CancellationError) -> Void
    ) {
        self.sleep = sleep
    }

    /// Waits by the clock.
    package static let byTheClock = RetryPolicy { milliseconds async throws(CancellationError) in
        do {
            try await Task.sleep(for: .milliseconds(milliseconds))
        } catch {
            throw CancellationError()
        }
    }

    /// The wait before the attempt after number `attempt`, counted from 1, where no server says.
    func wait(after attempt: Int) -> Int {
        min(longestWait, firstWait << min(attempt - 1, 16))
    }
}
