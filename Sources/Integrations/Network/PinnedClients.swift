import AsyncHTTPClient
import Domain
import NIOCore
import Synchronization

/// HTTP clients, each of which knows one host by one address only: what was checked is what is connected to, however the
/// name is answered the next time.
final class PinnedClients: Sendable {
    private struct Pin: Hashable {
        let host: String
        let address: NetworkAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users = 0
        var use = 0
    }

    private struct State {
        var entries: [Pin: Entry] = [:]
        var uses = 0
    }

    private let state = Mutex(State())

    /// Those who are used by nobody are let go of beyond this.
    private static let clientsMax = 16

    deinit {
        for entry in state.withLock({ $0.entries }).values { Self.end(entry.client) }
    }

    func with<Result: Sendable>(
        _ address: NetworkAddress, as host: String, _ body: (HTTPClient) async throws -> Result
    ) async rethrows -> Result {
        let pin = Pin(host: host, address: address)
        let client = take(pin)
        defer { giveBack(pin) }
        return try await body(client)
    }

    private func take(_ pin: Pin) -> HTTPClient {
        state.withLock { state in
            state.uses += 1
            var entry = state.entries[pin] ?? Entry(client: Self.client(pin))
            entry.users += 1
            entry.use = state.uses
            state.entries[pin] = entry
            return entry.client
        }
    }

    private func giveBack(_ pin: Pin) {
        let idle: HTTPClient? = state.withLock { state in
            state.entries[pin]?.users -= 1
            guard state.entries.count > Self.clientsMax,
                let oldest = state.entries.filter({ $0.value.users == 0 }).min(by: { $0.value.use < $1.value.use })
            else { return nil }
            return state.entries.removeValue(forKey: oldest.key)?.client
        }
        if let idle { Self.end(idle) }
    }

    private static func end(_ client: HTTPClient) {
        // Nobody uses it: there is nothing that could go wrong and that anybody would have to know.
        client.shutdown { _ in }
    }

    private static func client(_ pin: Pin) -> HTTPClient {
        var configuration = ServiceNetwork.configuration
        configuration.dnsOverride = [pin.host: pin.address.description]
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
