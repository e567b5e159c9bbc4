import ArgumentParser

/// The evidence that rules, windows and proofs rest on.
struct HistoryOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Saved history of the room, in any order.",
            discussion: """
                /messages pages, arrays of events or one event a line, as the homeserver gives them; \
                ‘-’ is standard input.
                """,
            valueName: "file"))
    var history: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The Matrix user whose rights the history is judged by.", valueName: "@user:server"))
    var `for`: String?

    func validate() throws {
        if `for` != nil, history.isEmpty {
            throw ValidationError("--for judges by the room's messages: give them with --history.")
        }
    }
}
