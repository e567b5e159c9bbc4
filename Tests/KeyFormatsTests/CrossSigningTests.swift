import Bytes
import Foundation
import KeyFormats
import StrictJSON
import TestSupport
import Testing

/// Cross-signing chains, and every way they break.
@Suite struct CrossSigningTests {
    static let user = "@bob:example.org"

    static func answer(_ edit: (String) -> String = { $0 }) throws -> JSONValue {
        let url = PackageFolder.root.appending(path: "Tests/KeyFormatsTests/Corpus/S-XS.json")
        let text = edit(String(decoding: try Data(contentsOf: url), as: UTF8.self))
        return try JSONValue(Array(text.utf8).span)
    }

    static let master = "wFDFY3pE+oYp//PMzOIwDLNipj2Z2V/FQUUmb0MyRFo"
    static let selfSigning = "IBLLkMpg6OXY2vZuInLSIz4EhtVX6MZhQe2JIBd9frc"

    @Test func verifiesTheWholeChain() throws {
        let user = try CrossSignedUser(Self.answer(), of: Self.user)
        #expect(user.devices.map(\.deviceID) == ["BOBDEV"])
        #expect(user.unsigned.isEmpty)
        #expect(user.invalid.isEmpty)
        #expect(Data(user.masterKey.array).base64EncodedString() == Self.master + "=")
    }

    @Test(
        "a broken chain names its link",
        arguments: [
            (
                #""usage":["master"]"#, #""usage":["user_signing"]"#,
                CrossSigningFault.malformedMaster
            ),
            (
                #""ed25519:\#(master)":"\#(master)"}}}"#,
                #""ed25519:\#(master)":"\#(selfSigning)"}}}"#, .malformedMaster
            ),
            (#""usage":["self_signing"]"#, #""usage":["master"]"#, .malformedSelfSigning),
            (#""self_signing_keys""#, #""other""#, .noSelfSigning),
            (#""master_keys""#, #""other""#, CrossSigningFault.none),
            ("/wS0/jjUH3ut", "/wS0/jjUH3uu", .unsignedSelfSigning),
        ])
    func refuses(part: String, other: String, fault: CrossSigningFault) throws {
        let answer = try Self.answer { text in
            let edited = text.replacing(part, with: other)
            #expect(edited != text)
            return edited
        }
        #expect(throws: KeyFormatError.badCrossSigning(fault)) {
            try CrossSignedUser(answer, of: Self.user)
        }
    }

    @Test(
        "devices are told apart",
        arguments: [
            ("RCmQl2QjvVQI", "RCmQl2QjvVQJ", ["BOBDEV"], [String]()),
            ("7lSjyz+OYxbL", "7lSjyz+OYxbM", [], ["BOBDEV"]),
            (#""BOBDEV":{"user_id""#, #""EVEDEV":{"user_id""#, [], ["EVEDEV"]),
            (#""algorithms":["m.olm"#, #""algorithms":["n.olm"#, [], ["BOBDEV"]),
        ])
    func tellsDevicesApart(
        part: String, other: String, unsigned: [String], invalid: [String]
    ) throws {
        let answer = try Self.answer { text in
            let edited = text.replacing(part, with: other)
            #expect(edited != text)
            return edited
        }
        let user = try CrossSignedUser(answer, of: Self.user)
        #expect(user.devices.isEmpty)
        #expect(user.unsigned == unsigned)
        #expect(user.invalid == invalid)
    }

    @Test func somebodyElsesKeysAreNobodys() throws {
        let answer = try Self.answer()
        #expect(throws: KeyFormatError.badCrossSigning(.none)) {
            try CrossSignedUser(answer, of: "@eve:example.org")
        }
    }
}
