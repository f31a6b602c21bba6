import Synchronization
import UseCases

/// Copies everything from one database into another that is empty, from either engine to either. The source is read in
/// one snapshot; the target is written, read again and compared in one transaction, so it is whole or stays empty.
package struct DatabaseCopy: Sendable {
    private let source: any Database
    private let target: any Database
    private let onTable: @Sendable (TableDigest) -> Void

    /// - Parameter onTable: hears of each table that was written and compared.
    package init(
        from source: any Database, to target: any Database,
        onTable: @Sendable @escaping (TableDigest) -> Void = { _ in }
    ) {
        self.source = source
        self.target = target
        self.onTable = onTable
    }

    /// Brings the target's schema up first. Throws `TransferError`, `StoreError`.
    package func run(now: Int64) async throws -> [TableDigest] {
        try await checkSchemas(now: now)
        let pipe = RowPipe()
        let reading = Task { [source] in
            let isFirst = Once()
            do {
                try await source.read { connection in
                    guard isFirst.take() else { throw TransferError.interrupted }
                    try Self.send(connection, into: pipe)
                }
            } catch {
                pipe.close()
                throw error
            }
        }
        do {
            let isFirst = Once()
            return try await target.write(durable: true) { [onTable] connection in
                guard isFirst.take() else { throw TransferError.interrupted }
                return try CopyTarget(connection: connection, onTable: onTable).fill(from: pipe)
            }
        } catch {
            pipe.close()
            let read = await reading.result
            // The side that failed first knows why; the other one only found the pipe closed.
            if case TransferError.interrupted = error { try read.get() }
            throw error
        }
    }

    /// Brings the target's up.
    private func checkSchemas(now: Int64) async throws {
        do {
            guard try await Migrator(database: source).isCurrent() else {
                throw TransferError.otherSchema("the source has an older schema: run sillon migrate up on it first")
            }
        } catch let error as SchemaError {
            throw TransferError.otherSchema("the source cannot be copied: \(error)")
        }
        do {
            try await Migrator(database: target).up(now: now)
        } catch let error as SchemaError {
            throw TransferError.otherSchema("the target cannot be filled: \(error)")
        }
    }

    private static func send(_ connection: any Connection, into pipe: RowPipe) throws {
        for table in StoredTable.all {
            let columns = try table.columns(on: connection)
            try pipe.send(.table(table, columns))
            var digest = TableDigest.Builder(table, columns)
            try table.forEachChunk(columns, on: connection) { rows in
                digest.add(rows)
                try pipe.send(.rows(rows))
            }
            try pipe.send(.tableEnd(digest.digest(highestID: table.highestID(on: connection))))
        }
        try pipe.send(.end)
    }
}

/// A body that an engine runs again cannot be given again the rows that went through a pipe.
private final class Once: Sendable {
    private let isTaken = Mutex(false)

    func take() -> Bool {
        isTaken.withLock { taken in
            defer { taken = true }
            return !taken
        }
    }
}
