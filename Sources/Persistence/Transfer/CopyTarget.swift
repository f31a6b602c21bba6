import UseCases

/// The writing side of a copy, inside one transaction.
struct CopyTarget {
    let connection: any Connection
    let onTable: @Sendable (TableDigest) -> Void

    func fill(from pipe: RowPipe) throws -> [TableDigest] {
        for table in StoredTable.all where try !table.isEmpty(on: connection) {
            throw TransferError.notEmpty(table: table.name)
        }
        var digests: [TableDigest] = []
        while case .table(let table, let columns) = try pipe.receive() {
            let sent = try fill(table, columns, from: pipe)
            let written = try digest(of: table)
            try TableDigest.compare([sent], [written])
            if let highest = sent.highestID { try table.continueIDs(after: highest, on: connection) }
            onTable(written)
            digests.append(written)
        }
        try SearchRebuild(connection: connection).run()
        try StoredTable.measureAll(on: connection)
        return digests
    }

    /// Answers what the source says it sent.
    private func fill(_ table: StoredTable, _ columns: [StoredColumn], from pipe: RowPipe) throws -> TableDigest {
        guard try table.columns(on: connection) == columns else {
            throw TransferError.otherSchema("the table \(table.name) has other columns in the target")
        }
        while true {
            switch try pipe.receive() {
            case .rows(let rows):
                try makeRoom(for: rows, of: table, columns)
                try connection.load(rows, into: table.name, columns: columns.map(\.name))
            case .tableEnd(let digest): return digest
            case .table, .end: throw TransferError.interrupted
            }
        }
    }

    /// On a server the history lies in a table a day, which is there before its rows.
    private func makeRoom(for rows: [[SQLValue]], of table: StoredTable, _ columns: [StoredColumn]) throws {
        guard connection.dialect == .postgres, table.name == "task_run",
            let ending = columns.firstIndex(where: { $0.name == "ending" }),
            let finishedAt = columns.firstIndex(where: { $0.name == "finished_at" })
        else { return }
        let attempts = rows.compactMap { row -> (ending: String, finishedAt: Int64)? in
            guard case .text(let ending) = row[ending], case .integer(let time) = row[finishedAt] else { return nil }
            return (ending, time)
        }
        try HistoryPartitions.makeRoom(for: attempts, on: connection)
    }

    private func digest(of table: StoredTable) throws -> TableDigest {
        let columns = try table.columns(on: connection)
        var builder = TableDigest.Builder(table, columns)
        try table.forEachChunk(columns, on: connection) { builder.add($0) }
        return builder.digest(highestID: nil)
    }
}
