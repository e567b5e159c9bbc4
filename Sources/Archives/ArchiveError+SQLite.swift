import GRDB
import Megolm

extension ArchiveError {
    /// What SQLite's refusal means here.
    ///
    /// Its message is kept only for damage, where it names pages and never values.
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: self = .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .full
        case .SQLITE_CORRUPT: self = .damaged(reason: error.message ?? "corrupt")
        case .SQLITE_NOTADB: self = .notAnArchive
        case let code: self = .system(code: code.rawValue)
        }
    }

    /// Runs what talks to SQLite and gives its errors our names.
    static func translating<Result: ~Copyable>(
        _ body: () throws -> Result
    ) throws(ArchiveError) -> Result {
        do {
            return try body()
        } catch let error as ArchiveError {
            throw error
        } catch let error as DatabaseError {
            throw ArchiveError(error)
        } catch let error as MegolmError {
            throw .megolm(error)
        } catch {
            // GRDB throws one more kind, for a value it cannot read as the type asked for.
            throw .damaged(reason: "a value has not its type")
        }
    }
}
