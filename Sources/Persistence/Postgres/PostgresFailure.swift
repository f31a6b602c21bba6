import UseCases

/// What the server's errors mean to the stores, and which of them another try may cure.
enum PostgresFailure {
    static func storeError(_ error: PostgresError) -> StoreError {
        if error.isOutcomeUnknown {
            return .retryable(afterSeconds: 1, "the connection broke during a commit: it may have happened or not")
        }
        switch (error.state, error.state.prefix(2)) {
        case ("57014", _): return .retryable(afterSeconds: 1, "the database took too long")
        case ("55P03", _): return .retryable(afterSeconds: 1, "the database is busy: a lock was not free in time")
        case ("53100", _): return .outOfSpace("the disk that holds the database is full")
        case ("53300", _): return .retryable(afterSeconds: 2, "the database has no connection left")
        case (_, "53"): return .retryable(afterSeconds: 5, "the database server is short of memory or files")
        case (_, "40"): return .retryable(afterSeconds: 1, "the database is busy: others change the same rows")
        case (_, "57"): return .retryable(afterSeconds: 2, "the database server is stopping or starting")
        case ("58030", _): return .retryable(afterSeconds: 5, "the disk that holds the database fails")
        case ("25P03", _): return .retryable(afterSeconds: 1, "the database ended an idle transaction")
        case ("28P01", _), (_, "28"): return .fatal("the database refuses this user or password")
        case ("3D000", _): return .fatal("the database server has no such database")
        case ("22023", _) where error.isConnectionLost:
            return .fatal("a value in the database URL is wrong: \(firstLine(error.message))")
        case (_, "08"):
            return .retryable(afterSeconds: 2, "the database cannot be reached: \(firstLine(error.message))")
        case (_, "23"): return .conflict(error.message)
        case (_, "XX"): return .fatal("the database is damaged or has failed: \(error.message)")
        default:
            return error.isConnectionLost
                ? .retryable(afterSeconds: 2, "the connection to the database was lost")
                : .fatal("cannot use the database: \(error.message)")
        }
    }

    enum Cure: Equatable {
        /// The same transaction again, after a moment: someone else was in the way.
        case again
        /// The same transaction again on another connection.
        case reconnect
        /// The same transaction again, with statements prepared anew.
        case prepareAgain
    }

    /// Nil when the caller has to know. The outcome of a commit that broke off is never guessed.
    static func cure(for error: PostgresError) -> Cure? {
        if error.isOutcomeUnknown { return nil }
        switch error.state {
        // A row that was looked up a moment ago may be gone when it is referred to: its last user has left it.
        case "40001", "40P01", "23503": return .again
        case "0A000", "26000": return .prepareAgain
        default: return error.isConnectionLost ? .reconnect : nil
        }
    }

    private static func firstLine(_ text: String) -> String {
        String(text.split(whereSeparator: \.isNewline).first ?? "")
    }
}
