import Archives
import Bytes
import Secrets

extension KeyArchive {
    /// Makes a key file that unlocks the archive beside what unlocks it already.
    ///
    /// The file is written before the archive knows it: one that unlocks nothing is harmless.
    ///
    /// - Returns: the name that the archive lists it by.
    /// - Throws: `fileExists`, and what unlocking throws.
    public func makeKeyFile(
        at file: String, replacing: Bool = false, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) -> String {
        let archive = try open(.writing)
        let key = try key(of: archive, try way(passphrases))
        let made = ArchiveKeyFile()
        try made.write(to: file, replacing: replacing)
        let name = made.way.name
        var random = AnyRandomSource(SystemRandomSource())
        let wrapped = WrappedArchiveKey(key, under: made.way.wrapping.bytes, random: &random)
        try archiving { () throws(ArchiveError) in
            try archive.keep(try KeySlot(name: name, wrapped: wrapped))
        }
        return name
    }

    /// Makes a key file stop unlocking the archive; copies of the archive's file still open with it.
    ///
    /// - Parameter name: as `makeKeyFile` returned it.
    /// - Throws: `nothingMatched`, and what unlocking throws.
    public func forgetKeyFile(
        _ name: String, _ passphrases: any PassphraseSource
    ) throws(HeirloomError) {
        let archive = try open(.writing)
        // Who cannot open the archive does not say who can.
        _ = try key(of: archive, try way(passphrases))
        if keyFile == nil, name == (try home.showIdentity().identity) {
            throw HeirloomError(
                .archive, .badArgument,
                "\(name.shown) is your own identity, which all other commands open the archive with; "
                    + "only with a key file in hand can it be forgotten")
        }
        guard try ways().contains(name) else {
            throw HeirloomError(
                .archive, .nothingMatched, "\(path.shown): no way to it is called \(name.shown)")
        }
        try archiving { () throws(ArchiveError) in try archive.removeKeySlot(named: name) }
    }

    /// What unlocks the archive: identities by their `heir1…` text, key files by their names.
    public func ways() throws(HeirloomError) -> [String] {
        let archive = try open()
        return try archiving { () throws(ArchiveError) in try archive.keySlots().map(\.name) }
    }
}
