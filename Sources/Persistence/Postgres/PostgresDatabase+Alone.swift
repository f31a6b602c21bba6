extension PostgresDatabase {
    /// Runs `body` on a connection of its own and outside of any transaction, for what cannot be in one or takes long.
    /// The session's settings and locks end with it.
    ///
    /// - Parameter seconds: How long a statement may take.
    func alone<Result: Sendable>(
        statementSeconds seconds: Int, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        var patient = options
        patient.statementSeconds = seconds
        let session = PostgresSession(url, patient)
        let answer = await session.perform { session in
            Swift.Result { try body(PostgresConnection(session: session)) }
        }
        session.close {}
        do {
            return try answer.get()
        } catch let error as PostgresError {
            throw PostgresFailure.storeError(error)
        }
    }
}
