import ArgumentParser
import Heirloom

/// People whose identities are pinned.
struct ContactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact", abstract: "Pin and verify the identities of people.",
        subcommands: [Add.self, Verify.self, List.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pin an identity under a name.",
            discussion: """
                A name that is pinned to another key stops everything. With --devices your homeserver \
                is asked for the user's cross-signing keys: every signature is verified, the master \
                key is shown for comparison and pinned, and a later change stops an invite. \
                --from-profile takes the identity that they published; it is the homeserver's word \
                until fingerprints are compared.
                """)

        @OptionGroup var common: CommonOptions

        @Argument(help: "A name of your own choice.")
        var name: String

        @Argument(help: "The whole heir1… identity.")
        var identity: String?

        @Option(name: .long, help: "A picture of their identity's code, instead.")
        var scan: String?

        @Option(name: .long, help: "The Matrix user they say to be.")
        var user: String?

        @Flag(name: .long, help: "Take the identity that they published in their profile.")
        var fromProfile = false

        @Flag(name: .long, help: "Verify and pin the user's cross-signing keys.")
        var devices = false

        @Option(
            name: .customLong("as"),
            help: ArgumentHelp(
                "Whose login to ask with, where there is more than one.",
                valueName: "@you:server"))
        var login: String?

        private struct Document: Encodable {
            let schema = "heirloom.contact-devices.v1"
            let contact: ContactCard
            let devices: DevicesReport?
        }

        func validate() throws {
            if [identity != nil, scan != nil, fromProfile].count(where: { $0 }) != 1 {
                throw ValidationError(
                    "Give one of these: the identity, a picture of its code with --scan, or "
                        + "--from-profile.")
            }
            if fromProfile || devices, user == nil {
                throw ValidationError("Name the Matrix user with --user.")
            }
        }

        func run() async throws {
            let (card, verified) = try await common.tellingLater {
                () async throws(HeirloomError) -> (ContactCard, DevicesReport?) in
                var text = identity
                if let scan { text = try IdentityCode.identity(in: scan) }
                guard let user, fromProfile || devices else {
                    let card = try common.home.addContact(
                        name: name, identity: text ?? "", matrixUser: user, now: common.now)
                    return (card, nil)
                }
                return try await common.home.addContact(
                    name: name, identity: text, matrixUser: user, login: login, now: common.now)
            }
            if common.json {
                guard let verified else {
                    return Output.json(Versioned(card, schema: "heirloom.contact.v1"))
                }
                return Output.json(Document(contact: card, devices: verified))
            }
            if let verified { Self.tell(verified) }
            if fromProfile {
                Output.talk("The identity is the homeserver's word alone.")
            }
            Output.talk("Pinned \(card.title.shown). Its fingerprint has not been compared yet:")
            Output.talk("  \(card.card.fingerprintWords)")
            Output.talk(
                "hint: ‘heirloom contact verify \(card.title.shown.quoted)’ compares what they read "
                    + "out")
        }

        private static func tell(_ devices: DevicesReport) {
            Output.talk("\(devices.user.shown)’s cross-signing holds. Master key, to be compared:")
            Output.talk("  \(devices.masterKey)")
            func line(_ names: [String], _ what: String) {
                if !names.isEmpty {
                    Output.talk(
                        "  \(what): " + names.map(\.shown).joined(separator: ", "))
                }
            }
            line(devices.crossSigned, "devices it vouches for")
            line(devices.unsigned, "devices that nothing vouches for")
            line(devices.invalid, "devices whose signatures do NOT verify")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare a fingerprint that the other side reads out.",
            discussion: """
                Type the twelve words or the forty digits; the first four letters of a word are \
                enough. The comparison is the program's, not your eye's.
                """)

        @OptionGroup var common: CommonOptions

        @Argument(help: "The contact's name.")
        var name: String

        @Argument(help: "The fingerprint as read out; asked for where it is not given.")
        var fingerprint: [String] = []

        func run() throws {
            let card = try common.telling { () throws(HeirloomError) in
                _ = try common.home.contactCard(name: name)
                let typed = try fingerprint.isEmpty ? ask() : fingerprint.joined(separator: " ")
                return try common.home.verifyContact(name: name, typed: typed, now: common.now)
            }
            guard !common.json else {
                return Output.json(Versioned(card, schema: "heirloom.contact.v1"))
            }
            Output.talk("The fingerprint matches: \(card.title.shown) is verified.")
        }

        private func ask() throws(HeirloomError) -> String {
            guard let terminal = Terminal() else {
                throw HeirloomError(
                    .contacts, .badArgument,
                    "there is no terminal to ask for the fingerprint; give it as an argument")
            }
            return terminal.readLine("Fingerprint as \(name.shown) reads it out: ")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List pinned identities.")

        @OptionGroup var common: CommonOptions

        private struct Document: Encodable {
            let schema = "heirloom.contacts.v1"
            let contacts: [ContactCard]
        }

        func run() throws {
            let cards = try common.telling { () throws(HeirloomError) in
                try common.home.contactCards()
            }
            guard !common.json else { return Output.json(Document(contacts: cards)) }
            if cards.isEmpty { Output.talk("No contacts yet.") }
            for card in cards {
                let check = card.verifiedAt.map { "verified \($0)" } ?? "not verified"
                let user = card.matrixUser.map { "  \($0.shown)" } ?? ""
                Output.data("\(card.title.shown)  \(check)\(user)")
                Output.data("  \(card.card.fingerprintWords)")
                Output.data("  \(card.card.identity)")
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget a pinned identity.")

        @OptionGroup var common: CommonOptions

        @Argument(help: "The contact's name.")
        var name: String

        private struct Document: Encodable {
            let schema = "heirloom.contact-removed.v1"
            let removed: String
        }

        func run() throws {
            try common.telling { () throws(HeirloomError) in
                try common.home.removeContact(name: name)
            }
            Output.talk("Removed \(name.shown).")
            if common.json { Output.json(Document(removed: name)) }
        }
    }
}
