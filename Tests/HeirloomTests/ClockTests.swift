import Foundation
import Secrets
import TestSupport
import Testing

@testable import Heirloom

/// Passphrases by what they are wanted for.
struct FixedPassphrases: PassphraseSource {
    func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
        let text =
            switch purpose {
            case .keyFile, .backup: "flagged pass 2"
            case .identity, .newIdentity, .newKeyFile, .password, .accessToken:
                "a passphrase of ours"
            }
        return Passphrase(bytes: SecretBytes(copying: Array(text.utf8).span))
    }
}

/// Both walks in one process, with the clock and the randomness as arguments.
@Suite struct ClockTests {
    static let day: UInt64 = 86_400_000
    /// 2026-11-24.
    static let now: UInt64 = 1_795_478_400_000
    static let room = "!yJSbNihwXduhZwPJJb:heirloom.test"

    /// A giver and a receiver who know each other, with homes in a temporary folder.
    final class Pair {
        let folder: TemporaryFolder
        let alice: Home
        let newton: Home

        init() throws {
            folder = try TemporaryFolder()
            alice = Home(environment: ["HEIRLOOM_HOME": folder.path("alice")])
            newton = Home(environment: ["HEIRLOOM_HOME": folder.path("newton")])
            let giver = try alice.createIdentity(passphrase: nil, now: ClockTests.now)
            let receiver = try newton.createIdentity(passphrase: nil, now: ClockTests.now)
            _ = try alice.addContact(
                name: "newton", identity: receiver.identity, matrixUser: nil, now: ClockTests.now)
            _ = try newton.addContact(
                name: "alice", identity: giver.identity, matrixUser: nil, now: ClockTests.now)
        }

        /// Seals the garden's keys, with randomness that repeats where `number` does.
        func share(as name: String, number: UInt64? = nil, giver: String? = nil) throws {
            let keys = PackageFolder.root.appending(path: "Examples/alice.keys.txt").path
            var request = ShareRequest(
                keyFiles: [keys], room: ClockTests.room, recipients: ["newton"])
            request.giver = giver
            var share = Share(request, home: alice, now: ClockTests.now)
            if let number { share.random = AnyRandomSource(FixedRandomSource(number: number)) }
            let plan = try share.plan(FixedPassphrases())
            _ = try share.seal(
                plan, into: Destination(path: folder.path(name)), FixedPassphrases())
        }

        func receive(_ name: String, at now: UInt64, deliver: Bool = false) throws {
            var request = ReceiveRequest(file: folder.path(name))
            request.from = "alice"
            request.room = ClockTests.room
            var receive = Receive(request, home: newton, now: now)
            let plan = try receive.plan(FixedPassphrases()) { _ in false }
            guard deliver else { return }
            _ = try receive.deliver(
                plan, into: Destination(path: folder.path(name + ".keys")), FixedPassphrases())
        }
    }

    static let moments: [(UInt64, Problem?)] = [
        (now, nil), (now + 29 * day, nil), (now + 30 * day, nil), (now + 30 * day + 1, .expired),
        (now + 400 * day, .expired), (now - 600_000, nil), (now - 600_001, .notYetValid),
        (now - 300 * day, .notYetValid), (1_703_980_800_000, .wrongClock), (0, .wrongClock),
    ]

    @Test(arguments: moments)
    func aHandOverHasItsTime(clock: UInt64, problem: Problem?) throws {
        let pair = try Pair()
        try pair.share(as: "sealed")
        do {
            try pair.receive("sealed", at: clock)
            #expect(problem == nil)
        } catch let error as HeirloomError {
            #expect(error.problem == problem)
            #expect(error.step == .verify)
            #expect(error.layer == "time")
        }
    }

    @Test func anotherBundleUnderAnIdThatWasSeenIsAnAlarm() throws {
        let pair = try Pair()
        try pair.share(as: "first", number: 5)
        try pair.share(as: "second", number: 5, giver: "@alice:heirloom.test")
        try pair.receive("first", at: Self.now, deliver: true)
        #expect(throws: HeirloomError.self) { try pair.receive("first", at: Self.now) }
        do {
            try pair.receive("second", at: Self.now)
            Issue.record("it was taken in")
        } catch let error as HeirloomError {
            #expect(error.problem == .replayedWithOtherContent)
        }
    }

    @Test func theSameRandomnessSealsTheSameFile() throws {
        let pair = try Pair()
        try pair.share(as: "first", number: 9)
        try pair.share(as: "second", number: 9)
        try pair.share(as: "third", number: 10)
        #expect(try pair.folder.read("first") == pair.folder.read("second"))
        #expect(try pair.folder.read("first") != pair.folder.read("third"))
    }

    @Test func aNoIsANo() throws {
        let pair = try Pair()
        try pair.share(as: "sealed")
        let receive = Receive(
            ReceiveRequest(file: pair.folder.path("sealed")), home: pair.newton, now: Self.now)
        var asked = 0
        do {
            _ = try receive.plan(FixedPassphrases()) { summary throws(HeirloomError) in
                asked += 1
                #expect(summary.room == Self.room)
                #expect(summary.giver.name == "alice")
                return false
            }
            Issue.record("it was taken in")
        } catch {
            #expect(error.problem == .cancelled)
        }
        #expect(asked == 1)
    }
}
