import Persistence

/// The variables SILLON_DATABASE_… that say how a database on a server is used.
enum PoolSettings {
    static func options(_ environment: Environment) throws(CommandError) -> PostgresOptions {
        var options = PostgresOptions()
        options.poolSize = try number("POOL_SIZE", 1...1000, environment) ?? options.poolSize
        options.overflow = try number("POOL_OVERFLOW", 0...1000, environment) ?? options.overflow
        options.recycleSeconds = try number("POOL_RECYCLE", 10...604_800, environment) ?? options.recycleSeconds
        options.acquireSeconds = try number("POOL_WAIT", 1...600, environment) ?? options.acquireSeconds
        options.statementSeconds = try number("STATEMENT_TIMEOUT", 1...3600, environment) ?? options.statementSeconds
        options.lockSeconds = try number("LOCK_TIMEOUT", 1...3600, environment) ?? options.lockSeconds
        options.idleInTransactionSeconds =
            try number("IDLE_TIMEOUT", 1...3600, environment) ?? options.idleInTransactionSeconds
        options.prePing = try number("POOL_PRE_PING", 0...1, environment).map { $0 == 1 } ?? options.prePing
        return options
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, _ environment: Environment
    ) throws(CommandError) -> Int? {
        let name = "SILLON_DATABASE_\(name)"
        guard let text = environment[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .misconfigured("\(name) is \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
        }
        return number
    }
}
