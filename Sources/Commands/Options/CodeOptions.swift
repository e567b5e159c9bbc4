public import ArgumentParser
public import Heirloom

/// How a hand-over is shown as QR codes.
struct CodeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write QR codes and pages to print into this folder; ‘-’ shows them in the terminal.",
            valueName: "folder"))
    var qr: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write one looping picture (APNG) of all codes.", valueName: "file"))
    var qrAnimated: String?

    @Option(name: .long, help: "How large codes are: low, normal or high.")
    var qrDensity: CodeRow.Density = .normal

    @Option(
        name: .long,
        help: ArgumentHelp(
            "For how many seconds the terminal shows codes; any key ends it.", valueName: "seconds")
    )
    var qrSeconds: Int = 120

    var isAsked: Bool { qr != nil || qrAnimated != nil }
}

extension CodeRow.Density: ExpressibleByArgument {}
