import KeyFormats
import MatrixTypes
import Testing

/// The shared-history flag in its three spellings.
@Suite struct FlagTests {
    enum Value: String, CaseIterable, Sendable {
        case absent
        case yes = "true"
        case no = "false"
        case odd = "\"true\""
    }

    struct Combination: Sendable, CustomTestStringConvertible {
        let values: [Value]

        var testDescription: String { values.map { "\($0)" }.joined(separator: " ") }

        var entry: EntryJSON {
            zip(FlagTests.spellings, values).reduce(EntryJSON()) { entry, flag in
                flag.1 == .absent ? entry : entry.adding(flag.0, flag.1.rawValue)
            }
        }
    }

    static let spellings = [
        "shared_history", "m.shared_history", "org.matrix.msc3061.shared_history",
    ]

    static let combinations: [Combination] = Value.allCases.flatMap { first in
        Value.allCases.flatMap { second in
            Value.allCases.map { Combination(values: [first, second, $0]) }
        }
    }

    @Test("all combinations", arguments: combinations)
    func combination(_ combination: Combination) throws {
        let stated = combination.values.filter { $0 != .absent }
        var facts = KeyFacts(TestSession.first)
        var notes: EntryNotes = []
        if stated.contains(.odd) { notes.insert(.flagNotBoolean) }
        if stated.contains(.yes), stated.contains(where: { $0 != .yes }) {
            notes.insert(.flagsDisagree)
        }
        if combination.values[1] != .absent, combination.values[2] != .absent {
            notes.insert(.flagUnderTwoNames)
        }
        if stated.isEmpty {
            facts.sharedHistory = .unstated
        } else {
            facts.sharedHistory =
                stated.allSatisfy { $0 == .yes } ? .shareable : .notShareable
        }
        #expect(try outcome(of: combination.entry) == .key(facts, notes))
    }

    @Test func thereAreSixtyFour() {
        #expect(Self.combinations.count == 64)
    }

    @Test(
        "what is no Boolean",
        arguments: ["null", "1", "0", "1e2", "\"\"", "\"false\"", "[true]", "{}"])
    func notBoolean(_ value: String) throws {
        for spelling in Self.spellings {
            let outcome = try outcome(of: EntryJSON().adding(spelling, value))
            #expect(outcome.facts?.sharedHistory == .notShareable)
            #expect(outcome.notes == .flagNotBoolean)
        }
    }

    @Test(
        "what is no spelling of it",
        arguments: [
            "sharedHistory", "shared-history", "Shared_History", "msc3061.shared_history",
            "org.matrix.msc4268.shared_history", "m.shared_history ",
        ])
    func otherName(_ name: String) throws {
        let outcome = try outcome(of: EntryJSON().adding(name, "true"))
        #expect(outcome.facts?.sharedHistory == .unstated)
        #expect(outcome.notes == [])
    }

    /// An entry of a bundle carries no flag: it is there because it may be.
    @Test("a bundle's entry is shareable", arguments: ["absent", "true", "false"])
    func bundle(_ value: String) throws {
        let entry = value == "absent" ? EntryJSON() : EntryJSON().adding("shared_history", value)
        let all = try outcomes(
            of: "{\"room_keys\":[\(entry.text)],\"withheld\":[]}", layout: .bundle)
        #expect(all.first?.facts?.sharedHistory == .shareable)
        #expect(all.first?.notes == [])
    }
}
