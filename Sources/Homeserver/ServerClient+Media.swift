package import Bytes
import NIOHTTP1
import StrictJSON

/// Where a file lies in the media repository: `mxc://server/id` (client-server API, "Content
/// repository").
package struct MediaAddress: Hashable, Sendable {
    package let server: String
    package let id: String

    package var text: String { "mxc://\(server)/\(id)" }

    /// - Returns: `nil` for anything but one server name and one id of RFC 3986's unreserved letters.
    package init?(_ text: String) {
        guard text.hasPrefix("mxc://"), text.utf8.count <= 1024 else { return nil }
        let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
            parts[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            parts[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else { return nil }
        server = String(parts[0])
        id = String(parts[1])
    }
}

extension ServerClient {
    /// The largest upload that the server says it takes, in bytes; `nil` where it does not say.
    package func uploadLimit() async throws(HomeserverError) -> Int? {
        do throws(HomeserverError) {
            let answer = try await json(
                Call(path: ["_matrix", "client", "v1", "media", "config"], limit: 1 << 16))
            return answer["m.upload.size"]?.integer.map { Int($0) }
        } catch .refused {
            return nil
        }
    }

    /// Uploads a file.
    ///
    /// - Throws: `refused` with `M_TOO_LARGE` or `M_FORBIDDEN` where the server does not want it.
    package func upload(_ bytes: [UInt8]) async throws(HomeserverError) -> MediaAddress {
        let answer = try await json(
            Call(
                method: .POST, path: ["_matrix", "media", "v3", "upload"], body: bytes,
                contentType: "application/octet-stream", limit: 1 << 16, movesFile: true))
        guard let address = answer["content_uri"]?.text.flatMap(MediaAddress.init) else {
            throw .malformedAnswer(call: "upload")
        }
        return address
    }

    /// Downloads a file.
    ///
    /// - Parameter limit: larger ones are refused, in bytes.
    package func download(
        _ address: MediaAddress, limit: Int, into sink: any RestartableSink
    ) async throws(HomeserverError) {
        try await download(
            Call(
                path: [
                    "_matrix", "client", "v1", "media", "download", address.server, address.id,
                ], limit: limit, movesFile: true), into: sink)
    }
}
