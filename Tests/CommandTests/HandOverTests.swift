import Foundation
import TestSupport
import Testing

/// The hand-over as people do it, with the built program.
@Suite struct HandOverTests {
    @Test func oneRoomGoesFromOnePersonToAnother() throws {
        let pair = try Pair()
        let shared = try pair.alice.share(to: ["newton"])
        #expect(shared.status == 0)
        #expect(shared.output.isEmpty)
        #expect(shared.talk.contains("27 sessions: 27 allowed"))
        let received = try pair.newton.receive(pair.alice.folder.path("sealed"), from: "alice")
        #expect(received.status == 0)
        #expect(received.output.isEmpty)
        #expect(received.talk.contains("27 new + 0 improved"))
        let inspected = try pair.newton.run([
            "inspect", "--json", pair.newton.folder.path("delivered"),
            "--keys-passphrase-file", pair.newton.newPassphrase,
        ]).document()
        let file = try #require((inspected["files"] as? [[String: Any]])?.first)
        let rooms = try #require(file["rooms"] as? [[String: Any]])
        #expect(rooms.count == 1)
        #expect(rooms.first?["room"] as? String == Person.garden)
        #expect(rooms.first?["keys"] as? Int == 27)
    }

    @Test func filesAreForTheirOwnerAlone() throws {
        let pair = try Pair()
        let sealed = try pair.handOver()
        _ = try pair.newton.receive(sealed, from: "alice")
        let home = pair.newton.folder.path("home")
        for path in [
            sealed, pair.newton.folder.path("delivered"), home + "/identity",
            home + "/contacts.json", home + "/seen",
        ] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(path)")
        }
    }

    @Test func sessionsWithoutTheFlagAreWithheld() throws {
        let pair = try Pair()
        let shared = try pair.alice.share(Person.council, to: ["newton"])
        #expect(shared.status == 2)
        #expect(shared.talk.contains("24 sessions: 10 allowed, 0 by override, 14 withheld"))
        let received = try pair.newton.receive(
            pair.alice.folder.path("sealed"), from: "alice", room: Person.council, ["--json"])
        #expect(received.status == 0)
        let report = try received.document()
        #expect((report["sessions"] as? [Any])?.count == 10)
        #expect((report["withheldByGiver"] as? [Any])?.count == 14)
    }

    @Test func overridesNeedAReasonAndAYes() throws {
        let pair = try Pair()
        let shared = try pair.alice.share(
            Person.council, to: ["newton"], ["--override", "they were in the room"])
        #expect(shared.status == 0)
        let sealed = pair.alice.folder.path("sealed")
        let some = try pair.newton.receive(sealed, from: "alice", room: Person.council)
        #expect(some.status == 2)
        #expect(some.talk.contains("10 new"))
        #expect(some.talk.contains("14 refused"))
        #expect(some.talk.contains("they were in the room"))
        let all = try pair.newton.receive(
            sealed, from: "alice", room: Person.council, to: "all",
            ["--accept-overrides", "--again"])
        #expect(all.status == 0)
        #expect(all.talk.contains("24 new"))
    }

    @Test func everyRecipientOpens() throws {
        let pair = try Pair()
        let carol = try Person()
        try pair.alice.meet(carol, as: "carol")
        try carol.meet(pair.alice, as: "alice")
        #expect(try pair.alice.share(to: ["newton", "carol"]).status == 0)
        let sealed = pair.alice.folder.path("sealed")
        #expect(try pair.newton.receive(sealed, from: "alice").status == 0)
        #expect(try carol.receive(sealed, from: "alice").status == 0)
    }

    @Test func whoIsNamedTwiceIsSealedToOnce() throws {
        let pair = try Pair()
        let newton = try pair.newton.identity
        #expect(try pair.alice.share(to: ["newton", newton, "newton"]).status == 0)
        let look = try pair.newton.run(["inspect", "--json", pair.alice.folder.path("sealed")])
        let file = try #require((try look.document()["files"] as? [[String: Any]])?.first)
        #expect(file["recipientCount"] as? Int == 1)
    }

    @Test func aPlanWritesNothing() throws {
        let pair = try Pair()
        let before = try pair.alice.everything()
        let plan = try pair.alice.share(to: ["newton"], ["--plan"])
        #expect(plan.status == 0)
        #expect(try pair.alice.everything() == before)
        let sealed = try pair.handOver()
        let newtons = try pair.newton.everything()
        let look = try pair.newton.receive(sealed, from: "alice", ["--plan"])
        #expect(look.status == 0)
        #expect(try pair.newton.everything() == newtons)
    }

    @Test func jsonIsOneDocumentAndNothingElse() throws {
        let pair = try Pair()
        let shared = try pair.alice.share(to: ["newton"], ["--json"]).document()
        #expect(shared["schema"] as? String == "heirloom.share.v1")
        let sessions = try #require(shared["sessions"] as? [[String: Any]])
        #expect(sessions.count == 27)
        for session in sessions {
            #expect(session["verdict"] as? String == "allow")
            #expect(session["rule"] as? String == "flag-alone")
            #expect((session["reason"] as? String)?.isEmpty == false)
        }
        let counts = try #require(shared["counts"] as? [String: Int])
        let parts = ["allowed", "overridden", "withheld", "refused", "conflicting"]
        #expect(parts.compactMap { counts[$0] }.reduce(0, +) == counts["sessions"])
        let received = try pair.newton.receive(
            pair.alice.folder.path("sealed"), from: "alice", ["--json"]
        ).document()
        #expect(received["schema"] as? String == "heirloom.receive.v1")
        var account = try #require(received["account"] as? [String: Int])
        let total = account.removeValue(forKey: "total")
        #expect(account.values.reduce(0, +) == total)
        #expect(account.count == 8)
    }

    @Test func poisonBesideGoodKeysCostsNoOther() throws {
        let pair = try Pair()
        let poison = PackageFolder.root.appending(path: "Tests/CommandTests/Corpus/poison.txt")
        let pass = try pair.alice.folder.write(Array("poison\n".utf8), to: "poison.pass")
        let plan = try pair.alice.run([
            "share", "--plan", "--json", "--keys", poison.path, "--keys-passphrase-file", pass,
            "--room", Person.garden, "--to", "newton", "--override", "test",
        ])
        #expect(plan.status == 2)
        let report = try plan.document()
        let counts = try #require(report["counts"] as? [String: Int])
        // 27 sessions of alice's, one of them with contradicting copies, and mallory's forged one.
        #expect(counts["sessions"] == 28)
        #expect(counts["conflicting"] == 1)
        #expect(counts["overridden"] == 27)
        let sessions = try #require(report["sessions"] as? [[String: Any]])
        let conflict = sessions.first { $0["verdict"] as? String == "conflict" }
        #expect(conflict?["sessionID"] as? String == "uGr4MBH8/uF5DXezsmjLffKlV3k8jEgXoCt6NEHOSQE")
    }

    @Test func severalKeyFilesHaveTheirOwnPassphrases() throws {
        let pair = try Pair()
        let nio = PackageFolder.root.appending(path: "Tests/KeyFormatsTests/Corpus/newton.keys.txt")
        let pass = try pair.alice.folder.write(Array("newton heirloom pass 1".utf8), to: "n.pass")
        let plan = try pair.alice.run([
            "share", "--plan", "--json", "--keys", Person.aliceKeys, nio.path,
            "--keys-passphrase-file", pair.alice.keysPassphrase, "--keys-passphrase-file", pass,
            "--room", Person.garden, "--to", "newton",
        ])
        #expect(plan.status == 0)
        let files = try #require(try plan.document()["files"] as? [[String: Any]])
        #expect(files.map { $0["entries"] as? Int } == [94, 23])
    }

    @Test func aSealedFileGoesThroughPipes() throws {
        let pair = try Pair()
        let sealed = try pair.alice.run(
            [
                "share", "--yes", "--keys", Person.aliceKeys, "--keys-passphrase-file",
                pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "-o", "-",
            ], under: ["sh", "-c", "\"$0\" \"$@\" > piped"])
        #expect(sealed.status == 0)
        let received = try pair.newton.run(
            [
                "receive", "-", "--from", "alice", "--room", Person.garden, "--deliver", "out",
                "--deliver-passphrase-file", pair.newton.newPassphrase,
            ], input: pair.alice.folder.path("piped"))
        #expect(received.status == 0)
    }

    @Test func keysConvertThroughEveryForm() throws {
        let person = try Person()
        let forms = [
            ("room-key-bundle", "b.json"), ("json-lines", "l.jsonl"), ("key-export", "k.txt"),
        ]
        var source = [Person.aliceKeys, "--keys-passphrase-file", person.keysPassphrase]
        for (form, name) in forms {
            let path = person.folder.path(name)
            let converted = try person.run(
                ["convert"] + source + [
                    "--to", form, "--room", Person.garden, "--readable", "-o", path,
                    "--deliver-passphrase-file", person.newPassphrase, "--json",
                ])
            #expect(converted.status == 0)
            #expect(try converted.document()["keys"] as? Int == 27)
            source = [path]
        }
    }

    @Test(arguments: 0..<12)
    func aKilledShareLeavesNoHalfFile(turn: Int) throws {
        let pair = try Pair()
        let delay = String(format: "%.3f", 0.02 + Double(turn) * 0.03)
        _ = try pair.alice.run(
            [
                "share", "--yes", "--keys", Person.aliceKeys, "--keys-passphrase-file",
                pair.alice.keysPassphrase, "--room", Person.garden, "--to", "newton", "-o",
                pair.alice.folder.path("sealed"),
            ], under: ["timeout", "-s", turn % 2 == 0 ? "KILL" : "INT", delay])
        let sealed = pair.alice.folder.path("sealed")
        if FileManager.default.fileExists(atPath: sealed) {
            #expect(try pair.newton.receive(sealed, from: "alice").status == 0)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: pair.alice.folder.url.path)
        #expect(names.filter { $0.hasSuffix(".partial") }.isEmpty)
    }
}
