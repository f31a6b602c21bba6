import CLibPQ

/// Many rows at once, from this side.
extension LibPQ {
    /// Answers a `COPY … FROM STDIN` with this data; returns how many rows the server took.
    func copy(_ sql: String, _ data: [UInt8], limit: Duration) throws(PostgresError) -> Int {
        guard PQsendQuery(connection, sql) == 1 else { throw failure() }
        let deadline = ContinuousClock.now + limit
        try waitForResult(until: deadline)
        guard let answer = PQgetResult(connection) else { throw failure() }
        let problem = PQresultStatus(answer) == PGRES_COPY_IN ? nil : failure(answer)
        PQclear(answer)
        if let problem {
            try forgetResults(until: deadline)
            throw problem
        }
        try sendCopy(data, until: deadline)
        return try result(deadline - ContinuousClock.now).affectedRows
    }

    private func sendCopy(_ data: [UInt8], until deadline: ContinuousClock.Instant) throws(PostgresError) {
        var rest = data[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.copyBytesMax)
            let isTaken = piece.withUnsafeBytes { bytes in
                PQputCopyData(
                    connection, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
            }
            guard isTaken >= 0 else { throw failure() }
            // Nothing is taken where the library has no room; it has when what it holds is sent.
            if isTaken > 0 { rest = rest.dropFirst(piece.count) }
            try send(until: deadline)
        }
        while true {
            let isTaken = PQputCopyEnd(connection, nil)
            guard isTaken >= 0 else { throw failure() }
            if isTaken > 0 { return }
            try send(until: deadline)
        }
    }

    private func forgetResults(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        while true {
            try waitForResult(until: deadline)
            guard let answer = PQgetResult(connection) else { return }
            PQclear(answer)
        }
    }

    /// Bytes handed to the library at once.
    private static let copyBytesMax = 1 << 20
}
