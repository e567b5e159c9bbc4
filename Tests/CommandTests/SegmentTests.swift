import Foundation
import TestSupport
import Testing

/// A write-only archive: what the machine adds and the moderator opens.
@Suite struct SegmentTests {
    /// A machine that archives twice to newton, and newton.
    struct Scene {
        let pair: Pair
        let writer: String
        let head: String
        var folder: String { pair.alice.folder.path("segments") }

        init() throws {
            pair = try Pair()
            let first = try Self.seal(pair.alice)
            writer = try #require(try first.document()["firstWriter"] as? String)
            let second = try Self.seal(pair.alice)
            #expect(try second.document()["firstWriter"] == nil)
            let segments = try second.document()["segments"] as? [[String: Any]]
            head = try #require(segments?.last?["head"] as? String)
        }

        static func seal(_ person: Person) throws -> Outcome {
            let outcome = try person.run([
                "archive", "seal", Person.aliceKeys, "--json", "--keys-passphrase-file",
                person.keysPassphrase, "--to", "newton", "--into", person.folder.path("segments"),
            ])
            #expect(outcome.status == 0)
            return outcome
        }

        func open(_ more: [String] = []) throws -> Outcome {
            try pair.newton.run(
                ["archive", "open", folder, "--writer", writer, "--json"] + more)
        }

        func segment(_ number: Int) -> String {
            "\(folder)/segment-0000000\(number).heir"
        }
    }

    @Test func whatIsSealedIsOpenedByTheModeratorAlone() throws {
        let scene = try Scene()
        let opened = try scene.open(["--head", scene.head])
        #expect(opened.status == 0)
        let segments = try #require(try opened.document()["segments"] as? [[String: Any]])
        // Four rooms, twice.
        #expect(segments.map { $0["sequence"] as? Int } == (1...8).map { $0 })
        let new = segments.compactMap { ($0["counts"] as? [String: Int])?["new"] }.reduce(0, +)
        #expect(new == 94)
        #expect(opened.talk.contains("it comes by the head that was kept elsewhere"))
        // The machine that wrote it is not among those it is for.
        let machine = try scene.pair.alice.run([
            "archive", "open", scene.folder, "--writer", scene.writer,
        ])
        #expect(machine.status == 3)
    }

    /// Which of two contradicting copies is true, the machine cannot know: both reach the moderator.
    @Test func contradictingCopiesAreSealedToo() throws {
        let pair = try Pair()
        let spoilt = try pair.alice.folder.write(Array(Person.spoiltKey.utf8), to: "spoilt.jsonl")
        let broken = Person.spoiltKey.replacing(#""session_key":"AQ"#, with: #""session_key":"!!"#)
        let bad = try pair.alice.folder.write(Array(broken.utf8), to: "bad.jsonl")
        let folder = pair.alice.folder.path("segments")
        let sealed = try pair.alice.run([
            "archive", "seal", Person.aliceKeys, spoilt, bad, "--json", "--keys-passphrase-file",
            pair.alice.keysPassphrase, "--to", "newton", "--into", folder,
        ])
        #expect(sealed.status == 2)
        let document = try sealed.document()
        #expect(document["contradicting"] as? Int == 1)
        let files = try #require(document["files"] as? [[String: Any]])
        #expect(files.map { $0["keys"] as? Int } == [94, 1, 0])
        #expect(files.map { $0["invalid"] as? Int } == [0, 0, 1])
        let segments = try #require(document["segments"] as? [[String: Any]])
        let garden = segments.filter { $0["room"] as? String == Person.garden }
        #expect(garden.map { $0["sessions"] as? Int } == [27, 1])
        let writer = try #require(document["firstWriter"] as? String)
        let opened = try pair.newton.run(["archive", "open", folder, "--writer", writer])
        #expect(opened.status == 0)
        let listed = try pair.newton.run(["archive", "list", "--json"])
        let rooms = try #require(try listed.document()["rooms"] as? [[String: Any]])
        let kept = try #require(rooms.first { $0["room"] as? String == Person.garden })
        #expect(kept["sessions"] as? Int == 27)
        #expect(kept["copies"] as? Int == 28)
    }

    @Test func nothingIsTakenInOfABrokenChain() throws {
        let scene = try Scene()
        try FileManager.default.removeItem(atPath: scene.segment(3))
        #expect(try scene.open().status == 4)
        let listed = try scene.pair.newton.run(["archive", "list", "--json"])
        #expect(!listed.output.contains(Person.garden))
    }

    @Test func theHandOverDoorDoesNotTakeASegment() throws {
        let scene = try Scene()
        let outcome = try scene.pair.newton.receive(scene.segment(1), from: "alice")
        // Its writer is nobody's identity.
        #expect(outcome.status == 3)
    }

    @Test func aMissingSegmentIsFound() throws {
        let scene = try Scene()
        try FileManager.default.removeItem(atPath: scene.segment(3))
        let outcome = try scene.open()
        #expect(outcome.status == 4)
        #expect(outcome.talk.contains("signed by another key than the segment before it named"))
    }

    @Test func aReplacedOrReorderedSegmentIsFound() throws {
        let scene = try Scene()
        let third = try Data(contentsOf: URL(fileURLWithPath: scene.segment(3)))
        let fifth = try Data(contentsOf: URL(fileURLWithPath: scene.segment(5)))
        try fifth.write(to: URL(fileURLWithPath: scene.segment(3)))
        #expect(try scene.open().status == 4)
        try third.write(to: URL(fileURLWithPath: scene.segment(5)))
        #expect(try scene.open().status == 4)
        // Another writer's whole chain does not pass for this one.
        let other = try Scene()
        let outcome = try scene.pair.newton.run([
            "archive", "open", other.folder, "--writer", scene.writer,
        ])
        #expect(outcome.status != 0)
    }

    @Test func aCutOffEndIsFoundByItsHeadAndNotWithout() throws {
        let scene = try Scene()
        try FileManager.default.removeItem(atPath: scene.segment(8))
        let without = try scene.open(["--verify-only"])
        #expect(without.status == 0)
        #expect(without.talk.contains("there is no head to compare with"))
        let with = try scene.open(["--verify-only", "--head", scene.head])
        #expect(with.status == 4)
        #expect(with.talk.contains("the archive ends at segment 7, expected at least 8"))
    }

    @Test func aStolenWriterKeyDoesNotReachBack() throws {
        let scene = try Scene()
        // Who takes the machine now has the key of the next segment, and signs an old one anew.
        for number in 3...8 { try FileManager.default.removeItem(atPath: scene.segment(number)) }
        let state = "\(scene.folder)/writer"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: state)))
        bytes[15] = 3
        try Data(bytes).write(to: URL(fileURLWithPath: state))
        chmodOwner(state)
        _ = try Scene.seal(scene.pair.alice)
        let outcome = try scene.open()
        #expect(outcome.status == 4)
        #expect(outcome.talk.contains("signed by another key than the segment before it named"))
    }

    @Test func aMachineThatDiedBeforeMovingOnGoesOn() throws {
        let scene = try Scene()
        // As the disk is when the ninth segment stands and the state still waits for it: its digest
        // is noted, the keys have not moved on.
        let state = "\(scene.folder)/writer"
        let before = [UInt8](try Data(contentsOf: URL(fileURLWithPath: state)))
        _ = try Scene.seal(scene.pair.alice)
        let opened = try scene.open(["--verify-only"])
        #expect((try opened.document()["segments"] as? [Any])?.count == 12)
        for number in ["10", "11", "12"] {
            try FileManager.default.removeItem(
                atPath: "\(scene.folder)/segment-000000\(number).heir")
        }
        let ninth = try scene.open(["--verify-only"]).document()["head"] as? String
        let digits = Array(try #require(ninth).split(separator: ":")[1])
        let digest = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        let waiting = Array(before[..<48]) + digest + Array(before[80...])
        try Data(waiting).write(to: URL(fileURLWithPath: state))
        chmodOwner(state)
        _ = try Scene.seal(scene.pair.alice)
        let again = try scene.open(["--verify-only"])
        #expect(again.status == 0)
        #expect((try again.document()["segments"] as? [Any])?.count == 13)
    }

    private func chmodOwner(_ path: String) {
        try? FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: path)
    }
}
