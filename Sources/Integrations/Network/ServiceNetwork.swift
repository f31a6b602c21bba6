import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// The way out. A host that the admin did not name is looked up here, its addresses are checked, and the connection goes
/// to the address that was checked.
package final class ServiceNetwork: Sendable {
    enum Problem: Error, Hashable {
        case unknownName
        case forbidden(NetworkAddress, String)
        /// Nothing was sent.
        case unreachable(String)
        /// The request may have arrived.
        case silent(String)
        case brokenOff
        case tooLarge
    }

    private let resolver: NameResolver
    private let forbidden: @Sendable (NetworkAddress) -> SpecialRange?
    private let pinned = PinnedClients()

    /// Addresses of one host that are tried.
    private static let addressesMax = 2

    package static let system = ServiceNetwork()

    package init(
        resolver: NameResolver = .system,
        forbidden: @escaping @Sendable (NetworkAddress) -> SpecialRange? = SpecialRange.of
    ) {
        self.resolver = resolver
        self.forbidden = forbidden
    }

    static let configuration: HTTPClient.Configuration = {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(5)
        // Each hop is checked, and keys do not go along: see `HTTPCaller`.
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }()

    /// For hosts that the admin named, wherever they are. One for the process, as long as it lives.
    private static let open = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

    /// One request and its whole answer. Throws `Problem` or `CancellationError`.
    /// - Parameter isNamed: the admin named this very server.
    func fetch(
        _ message: HTTPClientRequest, _ target: ServiceTarget, isNamed: Bool, bytesMax: Int
    ) async throws -> ServiceAnswer {
        guard !isNamed else { return try await Self.exchange(message, Self.open, bytesMax) }
        var addresses = try await checked(target.host)[...]
        while true {
            let address = addresses.removeFirst()
            do {
                return try await pinned.with(address, as: target.host) {
                    try await Self.exchange(message, $0, bytesMax)
                }
            } catch Problem.unreachable where !addresses.isEmpty {
                // Nothing was sent; the host has another address.
            }
        }
    }

    /// The first addresses of the host that may be connected to; never none.
    private func checked(_ host: String) async throws -> [NetworkAddress] {
        let all: [NetworkAddress]
        if let address = NetworkAddress(host) { all = [address] } else { all = try await lookUp(host) }
        let allowed = all.filter { forbidden($0) == nil }.prefix(Self.addressesMax)
        guard allowed.isEmpty else { return Array(allowed) }
        guard let first = all.first else { throw Problem.unknownName }
        throw Problem.forbidden(first, forbidden(first)?.name ?? "")
    }

    private func lookUp(_ host: String) async throws -> [NetworkAddress] {
        do {
            return try await resolver.addresses(host)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Problem.unknownName
        }
    }

    private static func exchange(
        _ message: HTTPClientRequest, _ client: HTTPClient, _ bytesMax: Int
    ) async throws -> ServiceAnswer {
        let response = try await head(message, client)
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: bytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Problem.brokenOff
        }
        let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return ServiceAnswer(
            status: Int(response.status.code), retryAfterSeconds: ServicePause.seconds(headers), headers: headers,
            body: Array(buffer: body))
    }

    private static func head(_ message: HTTPClientRequest, _ client: HTTPClient) async throws -> HTTPClientResponse {
        do {
            return try await client.execute(message, deadline: .distantFuture)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            let words = TransportError.describe(error)
            throw isBeforeSending(error) ? Problem.unreachable(words) : Problem.silent(words)
        }
    }

    private static func isBeforeSending(_ error: any Error) -> Bool {
        if let error = error as? IOError {
            return [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
        }
        return error is NIOConnectionError || (error as? HTTPClientError) == .connectTimeout
    }
}
