import Bytes
import Carriers
import Sealing

/// A public identity as one QR code: its text in capitals, which makes the code smaller.
public enum IdentityCode {
    private static let largestVersion = 10

    /// The code for a terminal, in half blocks.
    public static func terminalText(_ card: IdentityCard) throws(HeirloomError) -> String {
        try symbol(card).terminalText
    }

    /// The code as a PNG picture.
    public static func png(_ card: IdentityCard) throws(HeirloomError) -> [UInt8] {
        let symbol = try symbol(card)
        do throws(QRError) {
            return try GreyPicture(symbol, scale: 8).png()
        } catch {
            throw HeirloomError(error, of: "the code")
        }
    }

    private static func symbol(_ card: IdentityCard) throws(HeirloomError) -> QRSymbol {
        let text = card.identity.uppercased()
        for version in 1...largestVersion {
            if let symbol = try? QRSymbol(text, version: version, correction: .medium) {
                return symbol
            }
        }
        throw HeirloomError(.codes, .brokenLibrary, "an identity does not fit into a code")
    }

    /// The one identity whose code is in a picture.
    ///
    /// - Throws: `noCode`, or `severalTransfers` where there are more.
    public static func identity(in path: String) throws(HeirloomError) -> String {
        let file = try carrying(.codes, path) { () throws(CarrierError) in
            try InputFile(path: path, rules: .pipesInMemory, limit: GreyPicture.fileLimit)
        }
        let bytes = try moving(.codes, path) { () throws(StreamError) in
            try file.readAll(limit: GreyPicture.fileLimit)
        }
        let found: [String]
        do throws(QRError) {
            let scanner = try QRScanner()
            let texts = scanner.texts(in: try GreyPicture(file: bytes)) { !$0.isEmpty }
            found = texts.filter { text in
                text.count < 200 && (try? PublicIdentity(text)) != nil
            }.sorted()
        } catch {
            throw HeirloomError(error, of: path)
        }
        guard let identity = found.first else {
            throw HeirloomError(.codes, .noCode, "\(path.shown): no identity's code is in it")
        }
        guard found.count == 1 else {
            throw HeirloomError(
                .codes, .severalTransfers, "\(path.shown): the codes of \(found.count) identities")
        }
        return identity.lowercased()
    }
}
