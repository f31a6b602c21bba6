import Persistence

/// How a database on a server is used.
struct PoolDeclarations: Sendable {
    let size = Setting<Int>(
        "database_pool_size", .wholeNumber(1...1000), fallback: .value(usual.poolSize),
        about: "Connections that are kept.")
    let overflow = Setting<Int>(
        "database_pool_overflow", .wholeNumber(0...1000), fallback: .value(usual.overflow),
        about: "More of them in busy times.")
    let recycle = Setting<Int>(
        "database_pool_recycle", .wholeNumber(10...604_800), unit: "seconds", fallback: .value(usual.recycleSeconds),
        about: "The age at which a connection is replaced.")
    let wait = Setting<Int>(
        "database_pool_wait", .wholeNumber(1...600), unit: "seconds", fallback: .value(usual.acquireSeconds),
        about: "How long a free connection is waited for.")
    let prePing = Setting<Bool>(
        "database_pool_pre_ping", .trueOrFalse, fallback: .value(usual.prePing),
        about: "Whether a connection that lay idle is asked if it still lives.")
    let statement = Setting<Int>(
        "database_statement_timeout", .wholeNumber(1...3600), unit: "seconds", fallback: .value(usual.statementSeconds),
        about: "How long one statement may take.")
    let lock = Setting<Int>(
        "database_lock_timeout", .wholeNumber(1...3600), unit: "seconds", fallback: .value(usual.lockSeconds),
        about: "How long a row that another holds is waited for.")
    let idle = Setting<Int>(
        "database_idle_timeout", .wholeNumber(1...3600), unit: "seconds",
        fallback: .value(usual.idleInTransactionSeconds),
        about: "How long a transaction may stand idle.")

    private static let usual = PostgresOptions()
}
