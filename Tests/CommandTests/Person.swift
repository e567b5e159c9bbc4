import Foundation
import TestSupport

/// What a run of the program gave.
struct Outcome {
    let status: Int32
    let output: String
    let talk: String

    /// The JSON document on standard output.
    func document() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
}

/// Somebody with a home of their own, who runs the built program.
final class Person {
    static let garden = "!yJSbNihwXduhZwPJJb:heirloom.test"
    static let council = "!NhUGSKIvrDXECtBKJK:heirloom.test"
    static let aliceKeys = PackageFolder.root.appending(path: "Examples/alice.keys.txt").path

    /// A key of the garden with one bit of its ratchet changed.
    static let spoiltKey =
        #"{"algorithm":"m.megolm.v1.aes-sha2","sender_key":"bZFrh669vmusHiEcC+Wb5IgRH98zRrT+fKyiQPMF90s","sender_claimed_keys":{"ed25519":"YTTp6+P00Ki0rXAGkjAd9/e8MiRr1vcYAOvG71ec8wU"},"forwarding_curve25519_key_chain":[],"room_id":"!yJSbNihwXduhZwPJJb:heirloom.test","session_id":"uGr4MBH8/uF5DXezsmjLffKlV3k8jEgXoCt6NEHOSQE","session_key":"AQAAAAAF4JJAgkO3vqoGSomxOCcxaoBZ0msmuASphCfNVcQqrDWYpixvLT0urFIS02ku69QYV5UR/2rOgR/v8iArJNB1Y5Hak82PJ5+MO/28VQBKVp+fszrYDkxpX2ZYHWbmaOZs7mFLM3RY3cGMgIa+08vS9dg2g2wdIo5pCbxAcHKhcrhq+DAR/P7heQ13s7Joy33ypVd5PIxIF6ArejRBzkkB"}"#

    let folder: TemporaryFolder
    let keysPassphrase: String
    let newPassphrase: String

    /// The program, beside the test bundle.
    static let program: URL = {
        var folder = Bundle.main.executableURL ?? URL(fileURLWithPath: "/nonexistent/tests")
        repeat {
            folder.deleteLastPathComponent()
            let program = folder.appending(path: "heirloom")
            if FileManager.default.isExecutableFile(atPath: program.path) { return program }
        } while folder.path != "/"
        return folder
    }()

    init(identity: Bool = true) throws {
        folder = try TemporaryFolder()
        keysPassphrase = try folder.write(Array("flagged pass 2\n".utf8), to: "keys.pass")
        newPassphrase = try folder.write(Array("a delivered passphrase\n".utf8), to: "new.pass")
        if identity { try run(["identity", "new", "--no-passphrase"]) }
    }

    /// Runs the program to its end, without a terminal.
    @discardableResult
    func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        under wrapper: [String] = []
    ) throws -> Outcome {
        let process = Process()
        // In a session of its own: whoever runs the tests may sit at a terminal, and must not be
        // asked.
        let line = ["setsid", "--wait"] + wrapper + [Self.program.path] + arguments
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = line
        process.currentDirectoryURL = folder.url
        process.environment = [
            "HEIRLOOM_HOME": folder.path("home"), "PATH": "/usr/bin:/bin", "LC_ALL": "C",
            "HOME": folder.url.path,
        ].merging(environment) { _, new in new }
        // Files rather than pipes: nothing can fill up and wait.
        let name = UUID().uuidString
        let output = try folder.write([], to: name + ".out")
        let talk = try folder.write([], to: name + ".err")
        defer {
            try? FileManager.default.removeItem(atPath: output)
            try? FileManager.default.removeItem(atPath: talk)
        }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: talk)
        process.standardInput =
            input.flatMap { FileHandle(forReadingAtPath: $0) } ?? FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: try folder.read(name + ".out"), as: UTF8.self),
            talk: String(decoding: try folder.read(name + ".err"), as: UTF8.self))
    }

    var identity: String {
        get throws {
            let card = try run(["identity", "show", "--json"]).document()
            return card["identity"] as? String ?? ""
        }
    }

    var fingerprint: String {
        get throws {
            let card = try run(["identity", "show", "--json"]).document()
            return card["fingerprintWords"] as? String ?? ""
        }
    }

    /// Pins another person and compares fingerprints.
    func meet(_ other: Person, as name: String) throws {
        try run(["contact", "add", name, try other.identity])
        try run(["contact", "verify", name, try other.fingerprint])
    }

    /// Shares a room of alice's keys.
    func share(
        _ room: String = Person.garden, to names: [String], as name: String = "sealed",
        _ more: [String] = []
    ) throws -> Outcome {
        try run(
            [
                "share", "--yes", "--keys", Self.aliceKeys, "--keys-passphrase-file",
                keysPassphrase,
                "--room", room, "-o", folder.path(name), "--to",
            ] + names + more)
    }

    /// Receives a file and delivers what may be delivered.
    func receive(
        _ path: String, from name: String?, room: String? = Person.garden,
        to delivered: String = "delivered", _ more: [String] = []
    ) throws -> Outcome {
        var arguments = ["receive", path]
        if let name { arguments += ["--from", name] }
        if let room { arguments += ["--room", room] }
        arguments += [
            "--deliver", folder.path(delivered), "--deliver-passphrase-file", newPassphrase,
        ]
        return try run(arguments + more)
    }

    /// Every file of this person's and its bytes, to see that nothing changed.
    func everything() throws -> [String: Data] {
        var files: [String: Data] = [:]
        let names = FileManager.default.enumerator(atPath: folder.url.path)
        while let name = names?.nextObject() as? String {
            files[name] = try? Data(contentsOf: folder.url.appending(path: name))
        }
        return files
    }
}

/// A giver and a receiver who know each other.
struct Pair {
    let alice: Person
    let newton: Person

    init() throws {
        alice = try Person()
        newton = try Person()
        try alice.meet(newton, as: "newton")
        try newton.meet(alice, as: "alice")
    }

    /// What alice sealed to newton.
    func handOver(
        _ room: String = Person.garden, _ more: [String] = []
    ) throws -> String {
        _ = try alice.share(room, to: ["newton"], more)
        return alice.folder.path("sealed")
    }
}
