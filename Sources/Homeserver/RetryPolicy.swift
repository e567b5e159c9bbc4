package import Foundation

/// How long a request may take, when it is made again, and after how long.
package struct RetryPolicy: Sendable {
    /// How often a request is made at most.
    package var attempts = 6
    /// The wait before the second attempt, in milliseconds; it doubles from then on.
    package var firstWait = 500
    /// The longest wait, in milliseconds: a server that asks for more is not waited for.
    package var longestWait = 60_000
    /// How long a server may say nothing, in milliseconds.
    package var longestSilence = 60_000
    /// How long a request may take, in milliseconds.
    package var longestRequest = 120_000
    /// How long one may take that moves a whole file, in milliseconds.
    package var longestTransfer = 3_600_000
    /// Waits; tests do not.
    package var sleep: @Sendable (_ milliseconds: Int) async throws(CancellationError) -> Void

    /// What time it is, for servers that name an hour.
    package var now: @Sendable () -> Date = { Date() }

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

    /// The seconds that a `Retry-After` asks for (RFC 9110 §10.2.3): it says them, or until when.
    ///
    /// - Returns: `nil` for what is neither.
    func seconds(retryAfter text: String) -> Int? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Int(text) { return max(0, seconds) }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = formatter.date(from: text) else { return nil }
        return Int(max(0, date.timeIntervalSince(now()).rounded(.up)))
    }
}
