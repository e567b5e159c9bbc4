public import ArgumentParser

/// The command `heirloom`.
public struct HeirloomCommand: AsyncParsableCommand {
    /// The help text and the subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "heirloom",
        abstract: "Hands a Matrix room's past to somebody who was not there.",
        discussion: """
            Data goes to standard output, talk to standard error; ‘-’ is standard input or output. \
            No option takes a passphrase: it is read from the terminal, from a file or from a \
            descriptor. ‘heirloom help exit-codes’ lists what the exit codes mean.
            """,
        version: "0.1.0",
        subcommands: [
            IdentityCommand.self, ContactCommand.self, InspectCommand.self, ShareCommand.self,
            ReceiveCommand.self, CoverageCommand.self, ArchiveCommand.self, ConvertCommand.self,
            DoctorCommand.self,
            LoginCommand.self, LogoutCommand.self, HistoryCommand.self, BackupCommand.self,
            InviteCommand.self, AttachCommand.self, AcceptCommand.self,
            ExitCodesCommand.self,
        ])

    /// What the parser makes before it reads the arguments.
    public init() {}

    /// Runs the command line of this process and ends it with the fitting exit code.
    public static func start() async {
        Hygiene.prepare()
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["help", "exit-codes"] {
            Output.data(ExitStatus.table)
            return
        }
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            failure.report()
        } catch {
            exit(withError: error)
        }
    }
}
