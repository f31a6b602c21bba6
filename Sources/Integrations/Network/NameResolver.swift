import Domain
import Foundation
import NIOCore
import NIOPosix

/// Turns names into addresses; tests have their own.
package struct NameResolver: Sendable {
    package struct UnknownName: Error {}

    package var addresses: @Sendable (_ host: String) async throws -> [NetworkAddress]

    package init(addresses: @escaping @Sendable (String) async throws -> [NetworkAddress]) {
        self.addresses = addresses
    }

    /// The system's, in the order of RFC 6724. A look-up that takes longer than the limit counts as failed.
    package static let system = NameResolver { host in
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: [NetworkAddress].self)
        threads.runIfActive(eventLoop: loop) { try lookUp(host) }.cascade(to: promise)
        let late = loop.scheduleTask(in: limit) { promise.fail(UnknownName()) }
        defer { late.cancel() }
        return try await promise.futureResult.get()
    }

    private static let limit = TimeAmount.seconds(5)
    /// Its own, since a look-up may hang for half a minute.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return pool
    }()

    private static func lookUp(_ host: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let list else { throw UnknownName() }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        for entry in sequence(first: list, next: { $0.pointee.ai_next }) {
            guard let address = address(of: entry.pointee), !found.contains(address) else { continue }
            found.append(address)
        }
        return found
    }

    private static func address(of entry: addrinfo) -> NetworkAddress? {
        guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return withUnsafeBytes(of: pointer.loadUnaligned(as: sockaddr_in.self).sin_addr) {
                NetworkAddress(bytes: $0)
            }
        case AF_INET6:
            return withUnsafeBytes(of: pointer.loadUnaligned(as: sockaddr_in6.self).sin6_addr) {
                NetworkAddress(bytes: $0)
            }
        default: return nil
        }
    }
}
