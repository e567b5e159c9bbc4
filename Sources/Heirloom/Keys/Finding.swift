import KeyFormats

/// Something about a key file that some client stumbles over, or that a person should know.
public struct Finding: Encodable, Equatable, Sendable {
    /// A program that reads key files.
    public enum Reader: String, Encodable, CaseIterable, Sendable {
        /// Element Web and Desktop: armour by themselves, entries by the Rust SDK.
        case element = "Element Web and Desktop"
        /// The Rust SDK throughout.
        case rust = "Element X and others on the Rust SDK"
        /// nheko.
        case nheko
        /// matrix-nio, a library for bots.
        case nio = "matrix-nio"
        /// mautrix-go and what builds on it.
        case mautrix = "gomuks and others on mautrix"
    }

    /// A word for programs.
    public let name: String
    /// What is found, for a person.
    public let sentence: String
    /// Who stumbles over it, as far as it was tried or read in their sources.
    public let stops: [Reader]
    /// How many entries it applies to; `nil` where it is the file's.
    public internal(set) var count: Int?
    /// The first of them, counted from 1.
    public internal(set) var entries: [Int] = []

    init(_ name: String, _ sentence: String, stops: [Reader]) {
        self.name = name
        self.sentence = sentence
        self.stops = stops
    }

    /// One more entry.
    mutating func add(_ number: Int) {
        count = (count ?? 0) + 1
        if entries.count < KeyFileReport.Fault.namedLimit { entries.append(number) }
    }
}

extension Finding {
    /// What the armour's form amounts to.
    static func of(_ traits: ArmorTraits) -> [Finding] {
        table.filter { traits.contains($0.0) }.map(\.1)
    }

    private static let table: [(ArmorTraits, Finding)] = [
        (
            .byteOrderMark,
            Finding(
                "byte-order-mark", "a byte order mark stands before the begin line",
                stops: [.rust, .nio, .mautrix])
        ),
        (
            .textBefore,
            Finding(
                "text-before", "something else stands before the begin line",
                stops: [.rust, .nio, .mautrix])
        ),
        (
            .noBreakBehindBegin,
            Finding(
                "no-break-behind-begin", "the begin line goes on without a line break",
                stops: [.element, .rust, .mautrix])
        ),
        (
            .carriageReturns,
            Finding(
                "carriage-returns", "its lines end as Windows writes them: read up to the first",
                stops: [.nheko])
        ),
        (
            .spacesInside,
            Finding(
                "spaces-inside", "spaces stand among its base64", stops: [.rust, .nheko, .nio])
        ),
        (
            .unpadded, Finding("unpadded", "its base64 is not padded", stops: [.mautrix])
        ),
        (
            .noFinalBreak,
            Finding("no-final-break", "no line break follows the end line", stops: [.mautrix])
        ),
        (
            .textBehind,
            Finding(
                "text-behind", "something else stands behind the end line",
                stops: [.rust, .nio, .mautrix])
        ),
    ]

    /// What the file's head and its passphrase amount to.
    static func of(_ file: KeyFileReport) -> [Finding] {
        var found: [Finding] = []
        let all = Reader.allCases
        if let rounds = file.rounds {
            if rounds >= 1 << 31 {
                found.append(
                    Finding("too-many-rounds", "it asks for \(rounds) rounds", stops: [.element]))
            } else if rounds < 100_000 {
                found.append(
                    Finding(
                        "few-rounds",
                        "\(rounds) rounds guard its passphrase; the specification wants 100,000",
                        stops: []))
            }
        }
        switch file.passphraseSpelling {
        case .latin1:
            found.append(
                Finding(
                    "latin-1",
                    "it opens only with the passphrase in Latin-1, as matrix-nio spells it",
                    stops: all.filter { $0 != .nio }))
        case .composed, .decomposed:
            found.append(
                Finding(
                    "other-spelling", "it opens only with the passphrase in another Unicode form",
                    stops: all))
        case .asTyped, nil: break
        }
        if file.counterBits != nil {
            found.append(
                Finding(
                    "counter-overflow",
                    "its cipher's counter overflows, and only Element counts so",
                    stops: all.filter { $0 != .element }))
        }
        switch file.layout ?? file.kind {
        case .sessions:
            found.append(
                Finding(
                    "sessions-object", "its keys stand in an object, as old nheko wrote them",
                    stops: all.filter { $0 != .nheko }))
        case .pythonList:
            found.append(
                Finding(
                    "python-list", "its keys were printed by Python, not written as JSON",
                    stops: all))
        default: break
        }
        return found
    }

    /// What is unusual about single entries.
    static let ofEntries: [(EntryNotes, Finding)] = [
        (
            .idRespelled,
            Finding(
                "session-id",
                "the session id is missing or not canonical: its messages stay closed",
                stops: [.element, .rust])
        ),
        (
            .noSenderKey,
            Finding(
                "no-sender-key",
                "the creator's Curve25519 key is missing: the whole file is refused",
                stops: [.element, .rust])
        ),
        (
            .noClaimedKeys,
            Finding(
                "no-claimed-keys",
                "the creator's Ed25519 key is missing: it is skipped, or the whole file refused",
                stops: [.nio])
        ),
        (
            .noForwardingChain,
            Finding(
                "no-forwarding-chain", "the forwarding chain is missing: the whole file is refused",
                stops: [.nio])
        ),
        (
            .flagUnderTwoNames,
            Finding(
                "flag-twice",
                "the shared-history flag stands under two names that are one: the whole file is "
                    + "refused", stops: [.element, .rust])
        ),
        (
            .flagNotBoolean,
            Finding(
                "flag-not-boolean",
                "the shared-history flag is not true or false: the whole file is refused",
                stops: [.element, .rust])
        ),
        (
            .flagsDisagree,
            Finding(
                "flags-disagree", "two spellings of the shared-history flag disagree", stops: [])
        ),
        (
            .signedKeyConverted,
            Finding(
                "signed-key", "the key is in the form that is sent, not in that which is exported",
                stops: Reader.allCases)
        ),
    ]

    /// An entry that cannot be taken by anybody.
    static func invalid(_ reason: String) -> Finding {
        Finding(
            "invalid-entry", "\(reason): the whole file is refused", stops: [.element, .rust])
    }

    static let repeated = Finding(
        "repeated",
        "the session comes more than once: the last entry wins, also where it opens less",
        stops: [])

    static let contradicting = Finding(
        "contradicting", "the copies of the session contradict each other", stops: [])

    static let readable = Finding(
        "readable", "it is under no passphrase: clients import key exports alone",
        stops: Reader.allCases)
}
