import Foundation
import Heirloom

/// The person's terminal, opened by its own name so that redirections do not matter.
final class Terminal {
    private let descriptor: Int32

    /// `nil` where this process has no terminal.
    init?() {
        descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// Reads a line that is not shown while it is typed.
    ///
    /// The keys that stop or suspend a program are turned off meanwhile, so that the terminal never
    /// stays mute: Ctrl-C arrives as a byte and is answered here.
    func readSecret(_ prompt: String) throws(HeirloomError) -> Passphrase {
        var before = termios()
        guard unsafe tcgetattr(descriptor, &before) == 0 else {
            throw HeirloomError(.identity, .noPassphrase, "the terminal cannot be read")
        }
        var mute = before
        mute.c_lflag &= ~tcflag_t(ECHO | ISIG)
        // They end the line as well, so that nobody has to press Return after them.
        mute.c_cc.11 = 0x03  // VEOL
        mute.c_cc.16 = 0x1c  // VEOL2
        unsafe tcsetattr(descriptor, TCSAFLUSH, &mute)
        defer {
            unsafe tcsetattr(descriptor, TCSAFLUSH, &before)
            Output.write("\n", to: descriptor)
        }
        // Only now: what is typed before the terminal is mute would be seen, and thrown away.
        Output.write(prompt, to: descriptor)
        return try Passphrase(readingFrom: descriptor, named: "the terminal", isTyped: true)
    }

    /// Reads a line.
    func readLine(_ prompt: String) -> String {
        Output.write(prompt, to: descriptor)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Asks a question whose answer is no unless it is yes.
    func confirm(_ question: String) -> Bool {
        let answer = readLine(question + " [y/N] ").trimmingCharacters(in: .whitespaces)
            .lowercased()
        return answer == "y" || answer == "yes"
    }

    /// Shows something only the terminal may see.
    func show(_ text: String) {
        Output.write(text, to: descriptor)
    }

    /// Shows a passphrase that was made for the person.
    func show(_ passphrase: borrowing Passphrase) {
        passphrase.write(to: descriptor)
        Output.write("\n", to: descriptor)
    }
}
