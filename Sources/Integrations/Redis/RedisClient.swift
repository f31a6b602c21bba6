import NIOCore
import Synchronization

/// A Redis that may be away: when it does not answer, it is left alone for a while.
final class RedisClient: Sendable {
    private struct State {
        var connection: RedisConnection?
        var restUntil: Double = 0
    }

    private let address: RedisAddress
    private let clock: ServiceClock
    private let state = Mutex(State())

    static let restSeconds: Double = 5

    init(_ address: RedisAddress, clock: ServiceClock) {
        self.address = address
        self.clock = clock
    }

    deinit { state.withLock { $0.connection }?.close() }

    func command(_ words: [String]) async -> RedisReply? {
        await command(words.map { Array($0.utf8) })
    }

    /// Nil when Redis does not answer, or says no.
    func command(_ words: [[UInt8]]) async -> RedisReply? {
        let now = clock.now()
        guard state.withLock({ $0.restUntil <= now }) else { return nil }
        do {
            let reply = try await connection().send(words)
            if case .nothing = reply { return nil }
            return reply
        } catch {
            let lost = state.withLock { state in
                state.restUntil = now + Self.restSeconds
                return state.connection.take()
            }
            lost?.close()
            return nil
        }
    }

    private func connection() async throws -> RedisConnection {
        if let known = state.withLock({ $0.connection }) { return known }
        let new = try await RedisConnection.open(host: address.host, port: address.port)
        if let password = address.password {
            guard case .text = try await new.send([Array("AUTH".utf8), Array(password.utf8)]) else {
                throw ChannelError.eof
            }
        }
        if address.database != 0 { _ = try await new.send([Array("SELECT".utf8), Array("\(address.database)".utf8)]) }
        // Another caller may have been faster: then its connection counts.
        return state.withLock { state in
            if let known = state.connection {
                new.close()
                return known
            }
            state.connection = new
            return new
        }
    }
}
