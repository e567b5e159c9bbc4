import Foundation
import Heirloom

/// Shows a row of codes in the terminal, one after the other until a key is pressed.
struct CodeShow {
    private static let millisecondsPerCode = 200

    /// The terminal's columns and rows; without one, those of a usual window.
    static var terminalSize: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (120, 40)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Shows the codes on standard output.
    ///
    /// On a terminal they take turns, five a second, for so many seconds: parts first, then spare ones
    /// that never repeat. Elsewhere each is written once.
    static func show(_ row: CodeRow, seconds: Int) throws(HeirloomError) {
        let count = row.plan.parts
        guard isatty(1) == 1 else {
            for index in 0..<count + row.plan.spares {
                Output.talk(name(index, row.plan))
                Output.write(try row.terminalText(at: index), to: 1)
            }
            return
        }
        if count == 1 {
            Output.write(try row.terminalText(at: 0), to: 1)
            return
        }
        let keys = KeyWatch()
        Output.write("\u{1b}[2J", to: 1)
        let end = min(65_536, seconds * 1000 / millisecondsPerCode)
        for index in 0..<max(end, count) {
            let text = try row.terminalText(at: index)
            Output.write("\u{1b}[H\(text)\(name(index, row.plan)), any key ends\u{1b}[K", to: 1)
            if keys.isPressed(within: millisecondsPerCode) { break }
        }
        Output.write("\n", to: 1)
    }

    private static func name(_ index: Int, _ plan: CodeRow.Plan) -> String {
        index < plan.parts
            ? "part \(index + 1) of \(plan.parts)" : "spare \(index - plan.parts + 1)"
    }
}

/// Waits for any key, without its being shown.
final class KeyWatch {
    private var before = termios()
    private let isTerminal: Bool

    init() {
        isTerminal = unsafe tcgetattr(0, &before) == 0
        guard isTerminal else { return }
        var mute = before
        mute.c_lflag &= ~tcflag_t(ECHO | ICANON)
        unsafe tcsetattr(0, TCSANOW, &mute)
    }

    deinit {
        if isTerminal { unsafe tcsetattr(0, TCSANOW, &before) }
    }

    /// Whether a key was pressed within so many milliseconds.
    func isPressed(within milliseconds: Int) -> Bool {
        guard isTerminal else {
            usleep(UInt32(milliseconds) * 1000)
            return false
        }
        var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&descriptor, 1, Int32(milliseconds)) > 0
    }
}
