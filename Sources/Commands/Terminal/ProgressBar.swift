import Foundation
import Heirloom

/// A line on the terminal that says how far a long step is: only where standard error is a
/// terminal, and only once half a second has passed.
final class ProgressBar {
    private let isShown: Bool
    private let start = Date()
    private var last = Date.distantPast
    private var hasDrawn = false

    init() {
        isShown = isatty(2) == 1
    }

    func update(_ progress: Heirloom.Progress) {
        guard isShown else { return }
        let now = Date()
        guard now.timeIntervalSince(start) > 0.5, now.timeIntervalSince(last) > 0.1 else { return }
        last = now
        hasDrawn = true
        if let count = progress.count {
            Output.write("\r\u{1b}[K\(title(progress.work)): \(count)", to: 2)
            return
        }
        let width = 24
        let filled = Int(progress.fraction * Double(width))
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Output.write("\r\u{1b}[K\(title(progress.work)) \(bar)", to: 2)
    }

    /// Takes the line away.
    func clear() {
        if hasDrawn { Output.write("\r\u{1b}[K", to: 2) }
        hasDrawn = false
    }

    private func title(_ work: Heirloom.Progress.Work) -> String {
        switch work {
        case .readingKeys: "reading keys"
        case .readingHistory: "reading history"
        case .sealing: "sealing"
        case .opening: "opening"
        case .delivering: "writing keys"
        case .makingCodes: "making codes"
        case .scanning: "looking at pictures"
        case .fetchingHistory: "fetching events"
        case .fetchingBackup: "fetching the key backup"
        case .writingBackup: "writing to the key backup"
        }
    }
}
