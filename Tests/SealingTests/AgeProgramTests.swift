import Bytes
import Secrets
import TestSupport
import Testing

@testable import Sealing

/// Files between this program and `age` itself, both ways.
@Suite(.enabled(if: Program("age") != nil, "no age on the path"))
struct AgeProgramTests {
    struct Trial: Sendable, CustomTestStringConvertible {
        let byteCount: Int
        let recipientCount: Int
        var testDescription: String { "\(byteCount) bytes, \(recipientCount) recipients" }

        var plaintext: [UInt8] {
            FixedRandomSource.bytes(byteCount, number: UInt64(byteCount))
        }

        /// As many keys as recipients; the last one is ours.
        var keys: [AgeSecretKey] {
            (0..<recipientCount).map { newKey(UInt64(100 + $0)) }
        }
    }

    static let trials: [Trial] = {
        var random = SystemRandomSource()
        let sizes =
            [0, 1, 65_535, 65_536, 65_537, 131_072]
            + (0..<6).map { _ in
                random.number(below: 200_000)
            }
        return sizes.enumerated().map { index, size in
            Trial(byteCount: size, recipientCount: [1, 2, 32][index % 3])
        } + [1, 2, 32].map { Trial(byteCount: 65_536, recipientCount: $0) }
    }()

    @Test(arguments: trials) func weSealAndAgeOpens(_ trial: Trial) throws {
        let folder = try TemporaryFolder()
        let keys = trial.keys
        let sealed = try seal(trial.plaintext, to: keys.map(\.recipient))
        let file = try folder.write(sealed, to: "sealed.age")
        let key = try folder.write(secretText(try #require(keys.last)), to: "key")
        let status = try age(["-d", "-i", key, "-o", folder.path("opened"), file])
        #expect(status == 0)
        // For an empty plaintext age makes no file.
        let opened = trial.byteCount == 0 ? [] : try folder.read("opened")
        #expect(opened == trial.plaintext)
    }

    @Test(arguments: trials, [false, true]) func ageSealsAndWeOpen(
        _ trial: Trial, armored: Bool
    ) throws {
        let folder = try TemporaryFolder()
        let keys = trial.keys
        let plain = try folder.write(trial.plaintext, to: "plain")
        let flags = keys.flatMap { ["-r", $0.recipient.text] } + (armored ? ["-a"] : [])
        let status = try age(flags + ["-o", folder.path("sealed.age"), plain])
        #expect(status == 0)
        let key = try #require(keys.last)
        let source = MemorySource(try folder.read("sealed.age"))
        let file = try OpenedFile(source: source, keys: [key])
        let (bytes, error) = drain(file)
        #expect(error == nil && bytes == trial.plaintext)
        #expect(file.recipient == key.recipient)
        #expect(file.header.recipients.count == trial.recipientCount)
    }

    @Test func secretKeyTextIsAgesOwn() throws {
        guard let keygen = Program("age-keygen") else { return }
        let folder = try TemporaryFolder()
        let key = newKey(7)
        let path = try folder.write(secretText(key) + [10], to: "key")
        #expect(try keygen.run(["-y", path], output: folder.path("recipient")) == 0)
        let text = String(decoding: try folder.read("recipient"), as: UTF8.self)
        #expect(text == key.recipient.text + "\n")
    }

    private func age(_ arguments: [String]) throws -> Int32 {
        try #require(Program("age")).run(arguments)
    }
}
