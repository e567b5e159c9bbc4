import Carriers
import Foundation

/// Where this person's own files stand.
///
/// `HEIRLOOM_HOME` holds everything where it is set; else the XDG base directories do: the identity
/// and the contacts under `$XDG_CONFIG_HOME/heirloom`, the list of bundles taken in under
/// `$XDG_DATA_HOME/heirloom`.
public struct Home: Sendable {
    let configuration: String
    let data: String

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
}
