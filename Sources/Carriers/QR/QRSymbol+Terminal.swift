extension QRSymbol {
    /// The code in half blocks, two rows of modules a line, black on white whatever the terminal's
    /// colours are: readers do not take a code that is light on dark.
    package var terminalText: String {
        let ink = "\u{1b}[38;2;0;0;0;48;2;255;255;255m"
        let quiet = Self.quietZone
        var text = ""
        for top in stride(from: -quiet, to: size + quiet, by: 2) {
            text += ink
            for column in -quiet..<size + quiet {
                switch (isDark(column, top), isDark(column, top + 1)) {
                case (true, true): text += "█"
                case (true, false): text += "▀"
                case (false, true): text += "▄"
                case (false, false): text += " "
                }
            }
            text += "\u{1b}[0m\n"
        }
        return text
    }
}
