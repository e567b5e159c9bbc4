import Bytes
import Foundation
import Homeserver
import MatrixTypes
import Megolm
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Heirloom

/// An invite that carries the past, its acceptance, and the key backup: with a homeserver that is
/// honest, and with one that is not.
@Suite struct InviteTests {
    static let room = FakeHomeserver.room
    static let sessions = 27
    static let keys = PackageFolder.root.appending(path: "Examples/alice.keys.txt").path

    /// Passphrases, tokens and the backup's key of one person.
    struct Secrets: PassphraseSource {
        let name: String
        var recovery = UnpaddedBase64.encode([UInt8](repeating: 7, count: 32))

        func passphrase(for purpose: PassphrasePurpose) throws(HeirloomError) -> Passphrase {
            let text =
                switch purpose {
                case .accessToken: "syt_" + name
                case .backup: recovery
                case .keyFile: "flagged pass 2"
                default: "a passphrase of ours"
                }
            return Passphrase(bytes: SecretBytes(copying: Array(text.utf8).span))
        }
    }

    /// Alice in the garden and Newton outside, both logged in, who know each other.
    final class Garden {
        let folder: TemporaryFolder
        let fake: FakeHomeserver
        let server: LoopbackServer
        let now: UInt64 = 1_795_478_400_000
        var homes: [String: Home] = [:]

        init() async throws {
            folder = try TemporaryFolder()
            fake = try FakeHomeserver()
            server = try fake.start()
            for name in ["alice", "newton"] {
                var home = Home(environment: ["HEIRLOOM_HOME": folder.path(name)])
                home.retries = RetryPolicy { _ async throws(CancellationError) in }
                home.retries.longestSilence = 3_600_000
                home.retries.longestRequest = 3_600_000
                _ = try home.createIdentity(passphrase: nil, now: now)
                var login = LoginRequest()
                login.homeserver = server.address
                login.usesToken = true
                _ = try await home.logIn(login, Secrets(name: name))
                homes[name] = home
            }
            try pin("newton", for: "alice")
            try pin("alice", for: "newton")
            let secret = SecretBytes(copying: [UInt8](repeating: 7, count: 32).span)
            let key = UnpaddedBase64.encode(X25519.publicKey(of: secret).bytes.array)
            fake.state.withLock { $0.backup = .init(publicKey: key) }
        }

        func home(_ name: String) throws -> Home {
            try #require(homes[name])
        }

        func pin(_ other: String, for name: String) throws {
            _ = try home(name).addContact(
                name: other, identity: home(other).showIdentity().identity,
                matrixUser: "@\(other):heirloom.test", now: now)
        }

        func invite(
            to recipients: [String] = [], way: InviteRequest.Way = .invite, anyway: Bool = false
        ) async throws -> InviteReport {
            var request = InviteRequest(
                user: "@newton:heirloom.test",
                share: ShareRequest(keyFiles: [keys], room: room, recipients: recipients))
            request.way = way
            request.invitesAnyway = anyway
            let invite = Invite(request, home: try home("alice"), now: now)
            let plan = try await invite.plan(Secrets(name: "alice"))
            return try await invite.send(plan, Secrets(name: "alice"))
        }

        func accept(
            _ secrets: Secrets = Secrets(name: "newton"), through other: String? = nil
        ) async throws -> Accepted {
            var request = AcceptRequest(room: room)
            request.through = other
            request.needsBackup = true
            return try await Accept(request, home: try home("newton"), now: now).run(secrets)
        }

        func acceptAndPush() async throws -> BackupPushReport {
            try await accept().push()
        }

        /// What is in a home's folder, by name.
        func files(_ name: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path(name)).sorted()
        }

        func push(
            _ secrets: Secrets = Secrets(name: "newton"), also files: [String] = [],
            history: [String] = []
        ) async throws -> BackupPushReport {
            var request = BackupPushRequest(room: room)
            request.keyFiles = [keys] + files
            request.historyFiles = history
            var push = BackupPush(home: try home("newton"))
            return try await push.push(request, now: now, secrets)
        }
    }

    /// Runs what must be refused, and says with which problem.
    static func problem(_ body: () async throws -> Void) async -> Problem? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? HeirloomError)?.problem
        }
    }

    @Test func carriesThePast() async throws {
        let garden = try await Garden()
        let sent = try await garden.invite()
        #expect(sent.isInvited)
        #expect(sent.share.sealed?.sessions == Self.sessions)
        let content = try #require(
            garden.fake.state.withLock { $0.invites["@newton:heirloom.test"] })
        #expect(content.contains(#""membership":"invite""#))
        do {
            let accepted = try await garden.accept()
            #expect(accepted.plan.account.new == Self.sessions)
            #expect(accepted.plan.sessions.allSatisfy { $0.proof != .vouched })
            let report = try await accepted.push()
            #expect(report.new == Self.sessions)
            #expect(report.sessions == Self.sessions)
        }
        // The invite is gone with the join.
        #expect(await Self.problem { _ = try await garden.accept() } == .noHandOver)
        #expect(try garden.files("newton").filter { $0.hasPrefix("evidence") } == [])
    }

    @Test func whereTheRulesForbidItNobodyIsInvited() async throws {
        let garden = try await Garden()
        garden.fake.state.withLock { $0.visibility = "joined" }
        #expect(await Self.problem { _ = try await garden.invite() } == .refusedByRules)
        #expect(garden.fake.state.withLock { $0.invites.isEmpty && $0.media.isEmpty })
        let report = try await garden.invite(anyway: true)
        #expect(report.without == .refusedByRules)
        #expect(report.share.counts.refused == Self.sessions)
        #expect(
            garden.fake.state.withLock { $0.invites }
                == ["@newton:heirloom.test": #"{"membership":"invite"}"#])
        #expect(await Self.problem { _ = try await garden.accept() } == .noHandOver)
    }

    @Test(
        "an upload that fails",
        arguments: [
            (413, "M_TOO_LARGE", Problem.overLimit, InviteReport.Without.tooLarge),
            (403, "M_FORBIDDEN", .serverRefused, .uploadRefused),
            (0, "", .overLimit, .tooLarge),
        ])
    func refusedUpload(
        status: Int, code: String, problem: Problem, without: InviteReport.Without
    ) async throws {
        let garden = try await Garden()
        garden.fake.state.withLock {
            if status == 0 { $0.uploadLimit = 100 } else { $0.uploadRefusal = (status, code) }
        }
        #expect(await Self.problem { _ = try await garden.invite() } == problem)
        #expect(garden.fake.state.withLock { $0.invites.isEmpty })
        #expect(try await garden.invite(anyway: true).without == without)
        #expect(garden.fake.state.withLock { $0.invites.count } == 1)
    }

    @Test("what lies there is not what was announced", arguments: ["other", "longer", "shorter"])
    func swappedMedia(how: String) async throws {
        let garden = try await Garden()
        _ = try await garden.invite()
        garden.fake.state.withLock { state in
            state.media = state.media.mapValues { bytes in
                switch how {
                case "longer": bytes + [0]
                case "shorter": Array(bytes.dropLast())
                default: bytes.reversed()
                }
            }
        }
        #expect(await Self.problem { _ = try await garden.accept() } == .otherHandOver)
        #expect(garden.fake.state.withLock { $0.joined } == ["alice"])
    }

    @Test func somebodyElsesInviteJoinsNothing() async throws {
        let garden = try await Garden()
        _ = try await garden.invite()
        garden.fake.state.withLock { $0.inviter = "mallory" }
        #expect(await Self.problem { _ = try await garden.accept() } == .unknownContact)
        // Mallory's reference to what Alice signed is not Mallory's.
        _ = try garden.home("newton").addContact(
            name: "mallory", identity: garden.home("newton").showIdentity().identity,
            matrixUser: "@mallory:heirloom.test", now: garden.now)
        #expect(await Self.problem { _ = try await garden.accept() } == .wrongSigner)
        #expect(garden.fake.state.withLock { $0.joined } == ["alice"])
    }

    @Test func withoutABackupNothingIsDone() async throws {
        let garden = try await Garden()
        _ = try await garden.invite()
        garden.fake.state.withLock { $0.backup = nil }
        #expect(await Self.problem { _ = try await garden.accept() } == .noBackup)
        #expect(garden.fake.state.withLock { $0.joined } == ["alice"])
    }

    @Test func withAWrongRecoveryKeyNothingIsDone() async throws {
        let garden = try await Garden()
        _ = try await garden.invite()
        let other = UnpaddedBase64.encode([UInt8](repeating: 8, count: 32))
        let problem = await Self.problem {
            _ = try await garden.accept(Secrets(name: "newton", recovery: other))
        }
        #expect(problem == .wrongRecoveryKey)
        #expect(garden.fake.state.withLock { $0.joined } == ["alice"])
    }

    @Test func aBackupIsWrittenToOnce() async throws {
        let garden = try await Garden()
        #expect(try await garden.push().new == Self.sessions)
        let again = try await garden.push()
        #expect(again.same == Self.sessions)
        #expect(garden.fake.state.withLock { $0.writes.count } == 1)
    }

    @Test func aWrongRecoveryKeyWritesNothing() async throws {
        let garden = try await Garden()
        let other = UnpaddedBase64.encode([UInt8](repeating: 8, count: 32))
        let problem = await Self.problem {
            _ = try await garden.push(Secrets(name: "newton", recovery: other))
        }
        #expect(problem == .wrongRecoveryKey)
        #expect(garden.fake.state.withLock { $0.writes.isEmpty })
    }

    @Test func aBackupThatIsReplacedMeanwhileIsToldOf() async throws {
        let garden = try await Garden()
        garden.fake.state.withLock { $0.backup?.versionAfterWrite = "2" }
        #expect(await Self.problem { _ = try await garden.push() } == .backupReplaced)
    }

    @Test func whatTheServerDoesNotKeepIsNotCounted() async throws {
        let garden = try await Garden()
        garden.fake.state.withLock { $0.backup?.keeps = { _ in nil } }
        let report = try await garden.push()
        #expect(report.notTaken == Self.sessions)
        #expect(report.new == 0)
        #expect(report.held == 0)
    }

    @Test func aSessionSwappedForAnotherIsNotTaken() async throws {
        let garden = try await Garden()
        _ = try await garden.push()
        garden.fake.state.withLock { state in
            // Every session's data under its neighbour's name.
            let sessions = (state.backup?.sessions ?? [:]).sorted { $0.key < $1.key }
            for (place, session) in sessions.enumerated() {
                let next = sessions[(place + 1) % sessions.count]
                state.backup?.sessions[session.key] = next.value
            }
            state.backup?.keeps = { _ in nil }
        }
        let report = try await garden.push()
        #expect(report.notTaken == Self.sessions)
        #expect(report.files.last?.invalid == Self.sessions)
    }

    @Test func whoIsInIsNotInvitedAndWhoIsNotIsNotAttachedTo() async throws {
        let garden = try await Garden()
        let file = garden.folder.path("newton.heirloom")
        let way = InviteRequest.Way.file(path: file, replacing: false)
        #expect(await Self.problem { _ = try await garden.invite(way: way) } == .badArgument)
        garden.fake.state.withLock { _ = $0.joined.insert("newton") }
        #expect(await Self.problem { _ = try await garden.invite() } == .badArgument)
        #expect(garden.fake.state.withLock { $0.invites.isEmpty && $0.media.isEmpty })
    }

    @Test func someoneWhoIsInAlreadyGetsItThroughAnotherRoom() async throws {
        let garden = try await Garden()
        garden.fake.state.withLock { _ = $0.joined.insert("newton") }
        let file = garden.folder.path("newton.heirloom")
        let report = try await garden.invite(way: .file(path: file, replacing: false))
        #expect(!report.isInvited)
        #expect(report.share.sealed?.path == file)
        #expect(garden.fake.state.withLock { $0.invites.isEmpty && $0.media.isEmpty })
    }

    @Test func whatAStrangerAnnouncesStandsBeforeNobodys() async throws {
        let garden = try await Garden()
        garden.fake.state.withLock { _ = $0.joined.insert("newton") }
        _ = try await garden.invite(way: .event(room: FakeHomeserver.chat))
        // The same reference, announced later by somebody whom Newton does not know.
        garden.fake.state.withLock { state in
            let content = state.chat[0].replacing(
                #""sender":"@alice"#, with: #""sender":"@mallory"#)
            state.chat.insert(content, at: 0)
        }
        let accepted = try await garden.accept(through: FakeHomeserver.chat)
        #expect(accepted.plan.account.new == Self.sessions)
        garden.fake.state.withLock { _ = $0.chat.popLast() }
        let problem = await Self.problem {
            _ = try await garden.accept(through: FakeHomeserver.chat)
        }
        #expect(problem == .noHandOver)
    }

    @Test func nobodyIsJudgedByTheRightsOfTheInvited() async throws {
        let garden = try await Garden()
        let mallory = Home(environment: ["HEIRLOOM_HOME": garden.folder.path("mallory")])
        let identity = try mallory.createIdentity(passphrase: nil, now: garden.now).identity
        _ = try garden.home("alice").addContact(
            name: "mallory", identity: identity, matrixUser: "@mallory:heirloom.test",
            now: garden.now)
        let problem = await Self.problem { _ = try await garden.invite(to: ["mallory"]) }
        #expect(problem == .otherUser)
        #expect(garden.fake.state.withLock { $0.invites.isEmpty && $0.media.isEmpty })
    }

    /// A key of the garden with one bit of its ratchet changed.
    static let spoilt =
        #"{"algorithm":"m.megolm.v1.aes-sha2","sender_key":"bZFrh669vmusHiEcC+Wb5IgRH98zRrT+fKyiQPMF90s","sender_claimed_keys":{"ed25519":"YTTp6+P00Ki0rXAGkjAd9/e8MiRr1vcYAOvG71ec8wU"},"forwarding_curve25519_key_chain":[],"room_id":"!yJSbNihwXduhZwPJJb:heirloom.test","session_id":"uGr4MBH8/uF5DXezsmjLffKlV3k8jEgXoCt6NEHOSQE","session_key":"AQAAAAAF4JJAgkO3vqoGSomxOCcxaoBZ0msmuASphCfNVcQqrDWYpixvLT0urFIS02ku69QYV5UR/2rOgR/v8iArJNB1Y5Hak82PJ5+MO/28VQBKVp+fszrYDkxpX2ZYHWbmaOZs7mFLM3RY3cGMgIa+08vS9dg2g2wdIo5pCbxAcHKhcrhq+DAR/P7heQ13s7Joy33ypVd5PIxIF6ArejRBzkkB"}"#

    @Test func messagesDecideWhatIsPushed() async throws {
        let garden = try await Garden()
        let spoilt = try garden.folder.write(Array(Self.spoilt.utf8), to: "spoilt.jsonl")
        let blind = try await garden.push(also: [spoilt])
        #expect(blind.conflicting == 1)
        #expect(blind.new == Self.sessions - 1)
        #expect(blind.proven == 0)
        let history = PackageFolder.root.appending(path: "Examples/garden/events.json").path
        let seeing = try await garden.push(also: [spoilt], history: [history])
        #expect(seeing.conflicting == 0)
        #expect(seeing.new == 1)
        #expect(seeing.same == Self.sessions - 1)
        #expect(seeing.proven == Self.sessions)
        #expect(seeing.historyFiles.map(\.malformed) == [0])
    }

    static func exported(_ sender: MegolmSender, from index: UInt32) throws -> String {
        let key = try ExportedSessionKey(base64: Array(sender.exported.utf8).span)
        let text = try key.wound(to: MessageIndex(index)).base64
        return String(decoding: [UInt8](text.bytes), as: UTF8.self)
    }

    /// One exported key of the garden as a line of JSON.
    static func line(
        _ sender: MegolmSender, from index: UInt32, owner: UInt8, flag: String = ""
    ) throws -> String {
        let key = try exported(sender, from: index)
        // A valid point, which small numbers of that kind are not.
        let device = UnpaddedBase64.encode(
            X25519.publicKey(of: SecretBytes(copying: [UInt8](repeating: owner, count: 32).span))
                .bytes.array)
        return """
            {"algorithm":"m.megolm.v1.aes-sha2","room_id":"\(room)","session_id":"\(sender.sessionID)",\
            "session_key":"\(key)","sender_key":"\(device)","sender_claimed_keys":{},\
            "forwarding_curve25519_key_chain":[]\(flag)}

            """
    }

    /// What the backup knows of owner and flag may be learnt at first hand, and stays.
    @Test func anImprovedKeyKeepsWhatTheBackupKnowsOfIt() async throws {
        let garden = try await Garden()
        let sender = MegolmSender(seed: 77)
        func push(_ line: String) async throws -> BackupPushReport {
            var request = BackupPushRequest(room: Self.room)
            request.keyFiles = [try garden.folder.write(Array(line.utf8), to: "one.jsonl")]
            var push = BackupPush(home: try garden.home("newton"))
            return try await push.push(request, now: garden.now, Secrets(name: "newton"))
        }
        let held = try Self.line(sender, from: 5, owner: 1, flag: #","shared_history":true"#)
        #expect(try await push(held).new == 1)
        #expect(try await push(Self.line(sender, from: 2, owner: 2)).conflicting == 1)
        #expect(try await push(Self.line(sender, from: 2, owner: 1)).improved == 1)
        #expect(try await push(Self.line(sender, from: 3, owner: 1)).worse == 1)
        let home = try garden.home("newton")
        let pulled = try await home.pullBackup(room: Self.room, user: nil)
        var convert = Convert(
            ConvertRequest(keyFiles: [], room: Self.room, to: .jsonLines), pulled: pulled,
            home: home)
        let path = garden.folder.path("after.jsonl")
        _ = try convert.run(into: Destination(path: path), Secrets(name: "newton"))
        let text = String(decoding: try garden.folder.read("after.jsonl"), as: UTF8.self)
        #expect(text.contains(#""shared_history":true"#))
        #expect(text.contains(#""session_key":"\#(try Self.exported(sender, from: 2))""#))
    }

    @Test func singleSessionsArePulled() async throws {
        let garden = try await Garden()
        _ = try await garden.push()
        let home = try garden.home("newton")
        let ids = garden.fake.state.withLock { $0.backup?.sessions.keys.sorted().prefix(2) ?? [] }
        let pulled = try await home.pullBackup(room: Self.room, sessions: Array(ids), user: nil)
        var convert = Convert(
            ConvertRequest(keyFiles: [], room: Self.room, to: .jsonLines), pulled: pulled,
            home: home)
        let path = garden.folder.path("two.jsonl")
        let report = try convert.run(
            into: Destination(path: path), Secrets(name: "newton"))
        #expect(report.keys == 2)
        let text = String(decoding: try garden.folder.read("two.jsonl"), as: UTF8.self)
        #expect(ids.allSatisfy { text.contains($0) })
        let problem = await Self.problem {
            let absent = UnpaddedBase64.encode([UInt8](repeating: 9, count: 32))
            _ = try await home.pullBackup(room: Self.room, sessions: [absent], user: nil)
        }
        #expect(problem == .nothingMatched)
        let misspelt = await Self.problem {
            _ = try await home.pullBackup(room: Self.room, sessions: ["../version"], user: nil)
        }
        #expect(misspelt == .badArgument)
    }

    @Test func whatAKilledRunLeftIsSweptAway() async throws {
        let garden = try await Garden()
        let home = try garden.home("alice")
        for (number, suffixes) in [
            ("1", [".lock", "", ".state.json"]), ("2", [".lock", ".part", ".part.json"]),
            ("3", [".lock", ".part"]),
        ] {
            for suffix in suffixes {
                _ = try garden.folder.write([], to: "alice/evidence-\(number).jsonl\(suffix)")
            }
        }
        // The third is another run's, which is not over.
        let path = garden.folder.path("alice/evidence-3.jsonl")
        let lock = try home.lock(path, step: .history)
        _ = try await garden.invite()
        withExtendedLifetime(lock) {}
        #expect(
            try garden.files("alice").filter { $0.hasPrefix("evidence") }
                == ["evidence-3.jsonl.lock", "evidence-3.jsonl.part"])
    }
}
