import Bytes
import Carriers
import Foundation
package import Homeserver
import Secrets

/// Where this person's own files stand.
///
/// `HEIRLOOM_HOME` holds everything where it is set; else the XDG base directories do: the identity
/// and the contacts under `$XDG_CONFIG_HOME/heirloom`, the list of bundles taken in under
/// `$XDG_DATA_HOME/heirloom`.
public struct Home: Sendable {
    let configuration: String
    let data: String
    /// How often a homeserver is asked again.
    package var retries = RetryPolicy.byTheClock

    /// - Parameter environment: the process's environment variables.
    public init(environment: [String: String]) {
        if let home = environment["HEIRLOOM_HOME"], !home.isEmpty {
            configuration = home
            data = home
            return
        }
        let user = environment["HOME"] ?? "/"
        /// The XDG specification wants relative paths ignored.
        func folder(_ variable: String, _ standard: String) -> String {
            guard let path = environment[variable], path.hasPrefix("/") else {
                return "\(user)/\(standard)/heirloom"
            }
            return "\(path)/heirloom"
        }
        configuration = folder("XDG_CONFIG_HOME", ".config")
        data = folder("XDG_DATA_HOME", ".local/share")
    }

    /// Keeps this process's memory, which will hold secrets, out of core dumps and from other
    /// programs.
    ///
    /// Returns whether the system granted it.
    public static func forbidMemoryDumps() -> Bool {
        ProcessMemory.forbidDumping()
    }

    /// The identity file.
    public var identityPath: String { "\(configuration)/identity" }
    /// The pinned identities.
    public var contactsPath: String { "\(configuration)/contacts.json" }
    /// The bundles taken in.
    var seenPath: String { "\(data)/seen" }

    func makeConfiguration() throws(HeirloomError) {
        try make(configuration)
    }

    func makeData() throws(HeirloomError) {
        try make(data)
    }

    private func make(_ folder: String) throws(HeirloomError) {
        do throws(CarrierError) {
            try Folder.make(folder)
        } catch {
            throw HeirloomError(.carry, error, of: folder)
        }
    }

    /// All bytes of a small file of our own; `nil` where there is none.
    func contents(
        of path: String, rules: InputFile.Rules, limit: Int, step: HeirloomError.Step
    ) throws(HeirloomError) -> [UInt8]? {
        let file: InputFile
        do throws(CarrierError) {
            file = try InputFile(path: path, rules: rules, limit: limit)
        } catch .missing {
            return nil
        } catch {
            throw HeirloomError(step, error, of: path)
        }
        return try moving(step, path) { () throws(StreamError) in try file.readAll(limit: limit) }
    }

    /// Writes a small file of our own, whole or not at all.
    func store(
        _ bytes: Span<UInt8>, at path: String, replacing: Bool, step: HeirloomError.Step
    ) throws(HeirloomError) {
        let file = try carrying(step, path) { () throws(CarrierError) in
            try OutputFile(path: path, replacing: replacing)
        }
        do throws(StreamError) { try file.write(bytes) } catch {
            throw HeirloomError(step, error, of: path)
        }
        try carrying(step, path) { () throws(CarrierError) in try file.commit() }
    }

    /// Takes the lock that guards a file of our own.
    func lock(_ path: String, step: HeirloomError.Step) throws(HeirloomError) -> Folder.Lock {
        try carrying(step, path) { () throws(CarrierError) in
            try Folder.Lock(path: path + ".lock")
        }
    }
}
