import Persistence

/// A database that passes everything on; a test's own says only what it does otherwise.
package protocol DatabaseWrapper: Database {
    var wrapped: any Database { get }
}

extension DatabaseWrapper {
    package var dialect: Dialect { wrapped.dialect }
    package func changeCounter() async throws -> Int64 { try await wrapped.changeCounter() }
    package func onWork(_ wake: @Sendable @escaping () -> Void) { wrapped.onWork(wake) }
    package func tidyUp() async throws { try await wrapped.tidyUp() }
    package func emptyLog() async throws { try await wrapped.emptyLog() }
    package func close() throws { try wrapped.close() }

    package func read<Result: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await wrapped.read(body)
    }

    package func write<Result: Sendable>(
        durable: Bool, _ body: @Sendable @escaping (any Connection) throws -> Result
    ) async throws -> Result {
        try await wrapped.write(durable: durable, body)
    }
}
