import KeyFormats
import StrictJSON
import Testing

/// Telling what a file is from its beginning.
@Suite struct SniffingTests {
    private static let entry = EntryJSON().text

    static let kinds: [(String, KeyFileKind?)] = [
        ("-----BEGIN MEGOLM SESSION DATA-----\nAAAA", .keyExport),
        ("\u{feff}-----BEGIN MEGOLM SESSION DATA-----", .keyExport),
        ("\u{1b}[1A-----BEGIN MEGOLM SESSION DATA-----", .keyExport),
        ("Hi Bob,\n\n{\"a\":1}\n-----BEGIN MEGOLM SESSION DATA-----\n", .keyExport),
        ("-----BEGIN MEGOLM SESSION DATA----", nil),
        ("-----BEGIN AGE ENCRYPTED FILE-----", nil),
        ("age-encryption.org/v1\n", nil),
        ("", nil), ("\n \t\r", nil), ("hello", nil), ("7", nil), ("\"room_keys\"", nil),
        ("{}", nil), ("{\"a\":1}", nil), ("EsTc LW2K PGiF wKEA 3As5", nil),
        ("\u{0}\u{1}\u{2}", nil), ("\u{feff}", nil),
        // Arrays.
        ("[]", .plain(.array)), ("[\(entry)]", .plain(.array)), ("\n  [ {", .plain(.array)),
        ("\u{feff}[]", .plain(.array)), ("[{\"room_keys\":[]}]", .plain(.array)),
        // Objects.
        ("{\"sessions\":[\(entry)]}", .plain(.sessions)),
        ("{\"sessions\":[]}", .plain(.sessions)),
        ("{\"room_keys\":[\(entry)],\"withheld\":[]}", .plain(.bundle)),
        ("{\"withheld\":[],\"room_keys\":[\(entry)]}", .plain(.bundle)),
        ("{\"withheld\":[{\"room_id\":\"!r\"}]}", .plain(.bundle)),
        ("{\n  \"room_keys\" : [] }", .plain(.bundle)),
        ("\u{feff} {\"room_keys\":[]}", .plain(.bundle)),
        // Lines.
        (entry, .plain(.lines)), ("\(entry)\n\(entry)\n", .plain(.lines)),
        ("\n\(EntryJSON().adding("sessions", "[]").text)", .plain(.lines)),
        (EntryJSON().adding("withheld", "[]").text, .plain(.lines)),
        // A backup as the server gives it.
        ("{\"rooms\":{\"!r\":{\"sessions\":{\"a\":{\"session_data\":{", .serverBackup),
        (
            "{\"algorithm\":\"m.megolm_backup.v1.curve25519-aes-sha2\",\"auth_data\":{",
            .serverBackup
        ),
        // What megolm-filter 0.2 wrote.
        ("[{'algorithm': 'm.megolm.v1.aes-sha2', 'room_id': '!r:x'}]", .pythonLiteral),
        (" \n[{'", .pythonLiteral), ("[{\"it's\":1}]", .plain(.array)), ("['a']", .plain(.array)),
        ("{'a': 1}", nil),
    ]

    @Test("kinds", arguments: kinds)
    func kind(_ text: String, _ kind: KeyFileKind?) {
        #expect(KeyFileKind(beginningOf: Array(text.utf8).span) == kind)
        if case .plain(let layout) = kind {
            #expect(KeyFileLayout(beginningOf: Array(text.utf8).span) == layout)
        }
    }

    @Test func enoughIsLookedAt() {
        #expect(KeyFileKind.sniffByteCount == 65_536)
        let text = String(repeating: "> mail\n", count: 9000) + KeyExportFile.begin
        #expect(KeyFileKind(beginningOf: Array(text.utf8).span) == .keyExport)
    }

    /// The list that Python prints holds no entry that could be taken for a key.
    @Test func pythonLiteralGivesNoKeys() throws {
        let python = Self.entry.replacingOccurrences("\"", "'")
        let all = try outcomes(of: "[\(python), \(python)]")
        #expect(all == [.invalid(.notAnObject), .invalid(.notAnObject)])
    }
}
