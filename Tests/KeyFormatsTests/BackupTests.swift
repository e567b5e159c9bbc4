import Bytes
import Foundation
import KeyFormats
import MatrixTypes
import Megolm
import Secrets
import StrictJSON
import TestSupport
import Testing

/// Server-side key backups: others' vectors, real backups whole, and what must be refused.
@Suite struct BackupTests {
    // MARK: Vectors of other implementations

    @Test("recovery keys", arguments: [(0, 0x1f, 1), (0, 0, 0), (0xff, 0xff, 0)])
    func recoveryKeys(_ first: Int, _ last: Int, _ step: Int) throws {
        let spelled = [
            0x1f: "EsSz ykH7 LCZx 7Cae cmKD wcmY JRXi Ybtu 8iQ3 t8Ez nRwK pUY1",
            0: "EsSz ygLv VP1b xF1C v7kE eBQx MxDP buG5 w25T L3b6 hfyG Kkrd",
            0xff: "EsUK 2TRo ZKTB CKmv wEDA o6rq tTYu aKzp eJ9f 95nM 3VHk Xbnq",
        ]
        let text = try #require(spelled[last])
        let expected = (0..<32).map { UInt8(first + $0 * step) }
        #expect(recoveryKey(text) == expected)
        // Line breaks and no breaks at all are the same key.
        let dense = text.filter { $0 != " " }
        #expect(recoveryKey(dense) == expected)
        #expect(recoveryKey((dense + "\n")) == expected)
    }

    @Test(
        "recovery keys with errors",
        arguments: [
            "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4e",
            "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4",
            "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4dd",
            "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE40",
        ])
    func misspelled(_ text: String) throws {
        #expect(recoveryKey(text) == nil)
        #expect(throws: KeyFormatError.misspelledRecoveryKey) {
            _ = try unlocked(BackupVersion(), text, rounds: 1)
        }
    }

    @Test("libolm's vector: L-PK") func libolm() throws {
        let key = BackupKey(
            secret(hex: "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
        let data = try sessionData(
            "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08", "ntk49j/KozVFtSqJXhCejg", "zpzU6BkZcNI")
        let opened = try key.open(data)
        #expect(text(opened) == "This is a test")
    }

    @Test("the Rust SDK's vector: R-2") func rust() throws {
        let characters = Array("Ha9cklU/9NqFo9WKdVfGzmqUL/9wlkdxfEitbSIPVXw".utf8)
        let secret = try SecretBase64.decode(characters.span)
        let key = BackupKey(secret)
        #expect(
            UnpaddedBase64.encode(key.publicKey.bytes.array)
                == "6Q6b15s4YM2jCs38pHiN8wiRkiuCcvpsM9S3/qm31Co")
        let data = try sessionData(json: try CorpusFolder.bytes("R-2.json"))
        let opened = try key.open(data)
        #expect(text(opened) == (try CorpusFolder.text("R-2.plain.json")))
    }

    @Test("the JavaScript SDK's vector, as a saved answer: J-1") func javaScript() throws {
        let session = "ipdI6Zs/7DzFTEhiA2iGaMDfHkIYCleqXT6L+5e1/co"
        let data = try CorpusFolder.text("J-1.json")
        let recovery = "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d"
        let saved = #"{"rooms":{"!room:id":{"sessions":{"\#(session)":\#(data)}}}}"#
        let all = try backup(saved, recovery)
        try #require(all.count == 1)
        let facts = try #require(all[0].facts)
        #expect(facts.id == session)
        // Beside the key stands another index, and inside no less than the start.
        #expect(facts.index == 0)
        #expect(facts.sharedHistory == .shareable)
    }

    @Test("secret storage: S-4S") func secretStorage() throws {
        let storage = try storage(passphrase: nil)
        let key = SecretBytes(copying: [UInt8](0..<32).span)
        #expect(backupKey(storage, key) == [UInt8](0x40..<0x60))
        let other = SecretBytes(copying: [UInt8](1..<33).span)
        #expect(backupKey(storage, other) == nil)
        #expect(!storage.takesPassphrase)
    }

    /// The keys, derivation and checks are the Rust SDK's test data; the secrets were encrypted under
    /// them with Python's `cryptography`.
    @Test(
        "secret storage: R-4S-a by its passphrase, R-4S-b by its recovery key",
        arguments: [
            (
                "It's a secret to everybody",
                #"""
                "iv":"gH2iNpiETFhApvW6/FFEJQ","mac":"9Lw12m5SKDipNghdQXKjgpfdj1/K7HFI2brO+UWAGoM",
                "passphrase":{"algorithm":"m.pbkdf2","salt":"IuLnH7S85YtZmkkBJKwNUKxWF42g9O1H",
                "iterations":10}
                """#,
                #"""
                "ciphertext":"26G14tZrWRgD2t1Y7tEHDk/wBfMCvt6e5up/howI9sW+mkE7/w1TDF3QFw",
                "mac":"ZkwqY5U9iNjJdsjLU97ZAfBHx9u/J1YT+kdWwZRCz68"
                """#
            ),
            (
                "EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd",
                #"""
                "iv":"xv5b6/p3ExEw++wTyfSHEg==",
                "mac":"ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8="
                """#,
                #"""
                "ciphertext":"JadR5EgMzSEhFK0DJoYUnyF0G9fhaS/IZNr3652oZ6gJvfonCwgC7Ddmdw",
                "mac":"04jsoNuXZNW3moKVf2Y+oPJYKeHeJVcwJiyCmzunGzc"
                """#
            ),
        ])
    func rustSecretStorage(_ secret: String, _ key: String, _ encrypted: String) throws {
        let text = #"""
            {"m.secret_storage.key.K":
              {"algorithm":"m.secret_storage.v1.aes-hmac-sha2",\#(key)},
             "m.megolm_backup.v1":{"encrypted":{"K":{"iv":"AAECAwQFBgcICQoLDA0ODw",\#(encrypted)}}}}
            """#
        let value = try JSONValue(Array(text.utf8).span)
        var version = BackupVersion()
        version.secretStorage = SecretStorage(accountData: value.members ?? [:])
        // The private key of S-BK, whose public key is known.
        let found = try unlocked(version, secret, rounds: 10)
        #expect(
            UnpaddedBase64.encode(found.bytes.array)
                == "eaYx7t4b+cmPEgMs3q3Q56B5OY/HhriMyEbsia+FpRo")
        #expect(throws: KeyFormatError.wrongRecoveryKey) {
            _ = try unlocked(version, "It's a secret to nobody", rounds: 10)
        }
    }

    @Test func roundsAreBoundedBeforeTheyAreDone() throws {
        let storage = try storage(passphrase: 4_000_000_000)
        #expect(throws: KeyFormatError.tooManyRounds(rounds: 4_000_000_000, limit: 1000)) {
            try refused(storage)
        }
    }

    @Test func legacyPassphrase() throws {
        // PBKDF2 of the salt's text as it stands, not of what it may spell.
        let key = try PBKDF2SHA512.derive(
            from: Array("a phrase".utf8).span, salt: Array("c2FsdA".utf8), rounds: 10,
            byteCount: 32)
        let publicKey = UnpaddedBase64.encode(X25519.publicKey(of: key).bytes.array)
        let version = try BackupVersion(
            JSONValue(
                Array(
                    #"""
                    {"algorithm":"m.megolm_backup.v1.curve25519-aes-sha2","version":"1","auth_data":
                    {"public_key":"\#(publicKey)","private_key_salt":"c2FsdA",
                    "private_key_iterations":10,"private_key_bits":256}}
                    """#.utf8
                ).span))
        #expect(try unlocked(version, "a phrase", rounds: 10) == version.publicKey)
        #expect(throws: KeyFormatError.wrongRecoveryKey) {
            _ = try unlocked(version, "another", rounds: 10)
        }
        #expect(throws: KeyFormatError.tooManyRounds(rounds: 10, limit: 9)) {
            _ = try unlocked(version, "a phrase", rounds: 9)
        }
    }

    // MARK: Real backups, whole

    @Test func theServersAnswerRestoresWhole() throws {
        let recovery = "EsTp 7o9c jvhq FDby trvT qRg9 M7m2 4mWV ZuDP SUwd cXmK Ujrn"
        let all = try backup(try CorpusFolder.text("backup.keys.json"), recovery)
        #expect(all.count == 94)
        #expect(all.allSatisfy { $0.facts != nil })
        #expect(all.count { $0.facts?.sharedHistory == .shareable } == 58)
        let rooms = Set(all.compactMap(\.facts?.room))
        #expect(rooms.count == 4)
    }

    @Test func theAnswerOfItsVersionKnowsItsKey() throws {
        let answer = try CorpusFolder.bytes("backup.version.json")
        let version = try BackupVersion(JSONValue(answer.span))
        let right = "nq/uVqth3K6Bg2xPjBIURQ9jeYLOtsLkvzO5/ryQSzc"
        #expect(try unlocked(version, right, rounds: 1) == version.publicKey)
        let other = "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d"
        #expect(throws: KeyFormatError.wrongRecoveryKey) {
            _ = try unlocked(version, other, rounds: 1)
        }
    }

    @Test func secretStorageLeadsToTheBackup() throws {
        let bytes = try CorpusFolder.bytes("backup-dan.json")
        let recovery = try #require(try JSONValue(bytes.span)["recovery_key"]?.text)
        let all = try backup(String(decoding: bytes, as: UTF8.self), recovery)
        #expect(all.count == 36)
        #expect(all.allSatisfy { $0.facts != nil })
    }

    // MARK: What a server can do to a backup

    @Test func anEntryUnderAnotherIdIsRefused() throws {
        let swapped = try backup(place: TestSession.second.id)
        #expect(swapped == [.invalid(.sessionIDMismatch)])
    }

    @Test func anEntryUnderAnotherRoomIsTheServersWordAndNoted() throws {
        let moved = try backup(
            room: "!other:example.org", plaintext: EntryJSON().text)
        #expect(moved.first?.facts?.room == "!other:example.org")
        #expect(moved.first?.notes == .placeDisagrees)
    }

    @Test(
        "damage is one entry's fault",
        arguments: [
            ("\"mac\":\"", "\"mac\":\"AAAA", EntryFault.badSessionData(.notBase64)),
            ("\"mac\":", "\"moc\":", .badSessionData(.notBase64)),
            ("\"session_data\":", "\"session_date\":", .missing(.sessionData)),
        ])
    func damage(_ what: String, _ by: String, _ fault: EntryFault) throws {
        var text = try saved(room: "!r:example.org")
        let range = try #require(text.range(of: what))
        text.replaceSubrange(range, with: by)
        #expect(try backup(text, Self.recovery) == [.invalid(fault)])
    }

    @Test func aLowOrderEphemeralIsRefused() throws {
        let zero = UnpaddedBase64.encode(Bytes32.zero.array)
        let data =
            #"{"session_data":{"ephemeral":"\#(zero)","ciphertext":"AAAA","mac":"AAAAAAAAAAA"}}"#
        let text = #"{"rooms":{"!r:x":{"sessions":{"\#(TestSession.first.id)":\#(data)}}}}"#
        #expect(
            try backup(text, Self.recovery) == [.invalid(.badSessionData(.lowOrderPoint))])
    }

    @Test func anotherKeyOpensNoEntry() throws {
        let other = "EsTc LW2K PGiF wKEA 3As5 g5c4 BXwk qeeJ ZJV8 Q9fu gUMN UE4d"
        let all = try backup(try saved(room: "!r:example.org"), other)
        #expect(all == [.invalid(.badSessionData(.otherKey))])
    }

    @Test func anotherRoomsKeysAreNotDecrypted() throws {
        let wish = RoomKeyEntries.Wish(roomID: try RoomID("!wanted:example.org"))
        let all = try backup(try saved(room: "!r:example.org"), Self.recovery, wish: wish)
        #expect(all == [.otherRoom(TestSession.first.publicKey)])
    }

    @Test func aRoomThatIsNoneIsNamed() throws {
        #expect(
            try backup(try saved(room: "no room"), Self.recovery) == [.invalid(.badRoomID)])
    }

    @Test(
        "broken structure ends the reading",
        arguments: [
            #"{"rooms":{"!r:x":{"sessions":{"a":{"session_data":{}}"#, #"{"rooms":{}} {}"#,
            #"{"rooms":{"!r:x":{"sessions":{"a" 1}}}}"#, #"{"rooms":{,}}"#,
        ])
    func broken(_ text: String) {
        #expect(throws: KeyFormatError.self) { _ = try backup(text, Self.recovery) }
    }

    @Test func anotherAlgorithmIsRefused() throws {
        let text = #"{"algorithm":"org.example.v9","auth_data":{"public_key":"AAAA"}}"#
        let value = try JSONValue(Array(text.utf8).span)
        #expect(throws: KeyFormatError.unknownBackup) { _ = try BackupVersion(value) }
    }

    // MARK: Making them

    private static let recovery = "EsSz ykH7 LCZx 7Cae cmKD wcmY JRXi Ybtu 8iQ3 t8Ez nRwK pUY1"

    /// A backup of one session, encrypted here to the recovery key above.
    private func saved(
        room: String, place: String = TestSession.first.id, plaintext: String? = nil
    ) throws -> String {
        let recovery = try #require(recoveryKey(Self.recovery))
        let key = BackupKey(SecretBytes(copying: recovery.span))
        var random = FixedRandomSource(number: 5)
        let text =
            plaintext ?? EntryJSON().without("room_id").without("session_id").text
        let data = try BackupKey.seal(
            Array(text.utf8).span, to: key.publicKey, random: &random)
        let members = [
            ("ephemeral", data.ephemeral.array), ("ciphertext", data.ciphertext),
            ("mac", data.mac),
        ].map { "\"\($0)\":\"\(UnpaddedBase64.encode($1))\"" }
        return """
            {"rooms":{"\(room)":{"sessions":{"\(place)":{"first_message_index":7,\
            "session_data":{\(members.joined(separator: ","))}}}}}}
            """
    }

    private func backup(
        room: String = "!r:example.org", place: String = TestSession.first.id,
        plaintext: String? = nil
    ) throws -> [Outcome] {
        try backup(try saved(room: room, place: place, plaintext: plaintext), Self.recovery)
    }

    private func backup(
        _ text: String, _ recovery: String, wish: RoomKeyEntries.Wish = .init()
    ) throws -> [Outcome] {
        let version = try SavedBackup.version(in: MemorySource(Array(text.utf8)))
        let characters = Array(recovery.utf8)
        let key = try version.unlock(with: characters.span, roundsLimit: 1000)
        return try drain(
            BackupEntries(MemorySource(Array(text.utf8)), key: key, wish: wish))
    }

    private func drain(_ entries: consuming BackupEntries) throws -> [Outcome] {
        var outcomes: [Outcome] = []
        while let entry = try entries.next() { outcomes.append(Outcome(entry)) }
        let count = entries.count
        #expect(count == outcomes.count)
        return outcomes
    }

    private func storage(passphrase rounds: Int?) throws -> SecretStorage {
        let derivation =
            rounds.map {
                #","passphrase":{"algorithm":"m.pbkdf2","salt":"s","iterations":\#($0)}"#
            } ?? ""
        let text = #"""
            {"m.secret_storage.default_key":{"key":"K"},
             "m.secret_storage.key.K":{"algorithm":"m.secret_storage.v1.aes-hmac-sha2",
              "iv":"EBESExQVFhcYGRobHB0eHw==","mac":"nrMWSgMXBpO1lS9nLEL08Saa+XuAn1pdQ0B7gSgsrQQ"
              \#(derivation)},
             "m.megolm_backup.v1":{"encrypted":{"K":{"iv":"EBESExQVFhcYGRobHB0eHw",
              "ciphertext":"U89CkB+IfKf71Qy8QvdnzBGItxG7b7TWNroz2yelYkZjBj8tLjmfaJrsAg",
              "mac":"2QCqEx50zdNLytNGhtSPXk+jhcXp/Zpi2dyzPAA/xr0="}}}}
            """#
        let value = try JSONValue(Array(text.utf8).span)
        return try #require(SecretStorage(accountData: value.members ?? [:]))
    }

    private func sessionData(
        _ ephemeral: String, _ ciphertext: String, _ mac: String
    ) throws -> SessionData {
        SessionData(
            ephemeral: try #require(UnpaddedBase64.decode32(ephemeral)),
            ciphertext: base64(ciphertext), mac: base64(mac))
    }

    private func base64(_ text: String) -> [UInt8] {
        UnpaddedBase64.decode(Array(text.utf8).span) ?? []
    }

    private func sessionData(json: [UInt8]) throws -> SessionData {
        let value = try JSONValue(json.span)
        return try sessionData(
            value["ephemeral"]?.text ?? "", value["ciphertext"]?.text ?? "",
            value["mac"]?.text ?? "")
    }

    private func secret(hex: String) -> SecretBytes {
        let bytes = TestSupport.hex(hex)
        return SecretBytes(copying: bytes.span)
    }

    /// The public key of what a secret leads to.
    private func unlocked(
        _ version: BackupVersion, _ secret: String, rounds: UInt32
    ) throws -> X25519.PublicKey {
        let characters = Array(secret.utf8)
        let key = try version.unlock(with: characters.span, roundsLimit: rounds)
        return key.publicKey
    }

    private func refused(_ storage: SecretStorage) throws {
        let phrase: [UInt8] = [1]
        let key = try storage.backupKey(passphrase: phrase.span, roundsLimit: 1000)
        if key != nil { Issue.record("it opened") }
    }

    private func recoveryKey(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard let key = RecoveryKey.decode(characters.span) else { return nil }
        return [UInt8](key.bytes)
    }

    private func backupKey(
        _ storage: SecretStorage, _ key: borrowing SecretBytes
    ) -> [UInt8]? {
        guard let opened = storage.backupKey(storageKey: key) else { return nil }
        return [UInt8](opened.bytes)
    }

    private func text(_ bytes: borrowing SecretBytes) -> String {
        String(decoding: [UInt8](bytes.bytes), as: UTF8.self)
    }
}
