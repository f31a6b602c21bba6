import Persistence

/// How a database on a server is used.
enum PoolSettings {
    static func options(_ reader: SettingReader) throws(CommandError) -> PostgresOptions {
        let settings = SettingList.pool
        var options = PostgresOptions()
        options.poolSize = try reader.read(settings.size)
        options.overflow = try reader.read(settings.overflow)
        options.recycleSeconds = try reader.read(settings.recycle)
        options.acquireSeconds = try reader.read(settings.wait)
        options.prePing = try reader.read(settings.prePing)
        options.statementSeconds = try reader.read(settings.statement)
        options.lockSeconds = try reader.read(settings.lock)
        options.idleInTransactionSeconds = try reader.read(settings.idle)
        return options
    }
}
