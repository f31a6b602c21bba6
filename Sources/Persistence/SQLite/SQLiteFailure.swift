import Foundation
import GRDB
import UseCases

/// What SQLite's errors mean to the stores.
enum SQLiteFailure {
    static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw storeError(error, doing: "use the database")
        }
    }

    static func storeError(_ error: any Error, doing what: String) -> StoreError {
        guard let error = error as? DatabaseError else {
            return .fatal("cannot \(what): \(error)")
        }
        let detail = error.message ?? "no message"
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CONSTRAINT: return .conflict(detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .retryable(afterSeconds: 1, "the database is busy")
        case .SQLITE_FULL: return .outOfSpace("the disk that holds the database is full")
        case .SQLITE_NOTADB: return .fatal("cannot \(what): it is not a Sillon database")
        case .SQLITE_CORRUPT: return .fatal("cannot \(what): the database is damaged; restore a backup")
        case .SQLITE_CANTOPEN: return .fatal("cannot \(what): the file cannot be opened or created")
        case .SQLITE_READONLY: return .fatal("cannot \(what): the file or its folder is read-only")
        case .SQLITE_IOERR: return .retryable(afterSeconds: 5, "the disk that holds the database fails: \(detail)")
        default: return .fatal("cannot \(what): \(detail)")
        }
    }
}
