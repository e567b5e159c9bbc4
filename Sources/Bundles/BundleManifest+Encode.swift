import Bytes
import MatrixTypes

extension BundleManifest {
    /// The manifest frame's body; at most 2,437 bytes, so the frame's limit is never met.
    package var encoded: [UInt8] {
        var bytes = [Self.suite, purpose.rawValue]
        bytes += id.array
        bytes.append(bigEndian: createdMilliseconds)
        bytes.append(bigEndian: expiresMilliseconds)
        bytes.append(text: signerUserID?.text ?? "")
        bytes.append(text: signerDeviceID?.text ?? "")
        bytes.append(UInt8(audience.count))
        for hash in audience { bytes += hash.bytes.array }
        bytes.append(text: roomID.text)
        bytes.append(bigEndian: window.fromMilliseconds)
        bytes.append(bigEndian: window.toMilliseconds)
        bytes.append(Self.code(of: visibilityBasis))
        bytes.append(text: visibilityEventID?.text ?? "")
        bytes.append(bigEndian: overrideCount)
        bytes.append(text: overrideReason)
        if let archiveLink { bytes += archiveLink.encoded }
        return bytes
    }

    private static func code(of visibility: HistoryVisibility?) -> UInt8 {
        switch visibility {
        case nil: 0
        case .worldReadable: 1
        case .shared: 2
        case .invited: 3
        case .joined: 4
        }
    }
}
