import Bytes
import MatrixTypes

/// An event's id in 32 bytes, where it is a hash: rooms of version 3 and later.
///
/// A room of a million events has sixty megabytes of ids as text, and half of that so.
struct EventIdentity: Hashable {
    /// How the 32 bytes were spelled, or that they are the place of a text kept elsewhere.
    enum Spelling: UInt8 {
        /// Base64 with `-` and `_`: rooms of version 4 and later.
        case urlSafe
        /// Base64 with `+` and `/`: rooms of version 3.
        case standard
        /// Anything else: `text(at:)` of the store.
        case text
    }

    let bytes: Bytes32
    let spelling: Spelling
}

/// The ids that are no hashes: of rooms of versions 1 and 2.
struct EventIdentityTexts {
    private var texts: [EventID] = []
    private var places: [EventID: UInt64] = [:]

    /// The identity of an id; `nil` where it is not an event's id.
    mutating func identity(of text: String) -> EventIdentity? {
        let bytes = Array(text.utf8)
        if bytes.count == 44, bytes[0] == UInt8(ascii: "$") {
            let body = Array(bytes[1...])
            if let hash = UnpaddedBase64.decode32(body.span) {
                let plain = !body.contains(UInt8(ascii: "+")) && !body.contains(UInt8(ascii: "/"))
                return EventIdentity(bytes: hash, spelling: plain ? .urlSafe : .standard)
            }
            let standard = body.map { byte in
                switch byte {
                case UInt8(ascii: "-"): UInt8(ascii: "+")
                case UInt8(ascii: "_"): UInt8(ascii: "/")
                case UInt8(ascii: "+"), UInt8(ascii: "/"): UInt8(0)
                default: byte
                }
            }
            if let hash = UnpaddedBase64.decode32(standard.span) {
                return EventIdentity(bytes: hash, spelling: .urlSafe)
            }
        }
        guard let id = try? EventID(text) else { return nil }
        let place = places[id] ?? UInt64(texts.count)
        if place == texts.count {
            texts.append(id)
            places[id] = place
        }
        return EventIdentity(bytes: Bytes32(number: place), spelling: .text)
    }

    /// The id as it was written.
    func eventID(_ identity: EventIdentity) -> EventID {
        var text: String
        switch identity.spelling {
        case .text: return texts[Int(identity.bytes.number)]
        case .standard: text = "$" + UnpaddedBase64.encode(identity.bytes.array)
        case .urlSafe:
            let body = UnpaddedBase64.encode(identity.bytes.array).utf8.map { byte in
                switch byte {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: byte
                }
            }
            text = "$" + String(decoding: body, as: UTF8.self)
        }
        guard let id = try? EventID(text) else { preconditionFailure("an id was made from base64") }
        return id
    }
}

extension Bytes32 {
    fileprivate init(number: UInt64) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        for place in 0..<8 {
            bytes[place] = UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * place))
        }
        guard let made = Bytes32(bytes) else { preconditionFailure("32 bytes") }
        self = made
    }

    fileprivate var number: UInt64 { prefix }
}
