import NIOCore
import NIOPosix
import Synchronization

/// A socket that counts who connects to it: proof that nobody was led there.
package final class Tripwire: Sendable {
    private final class Count: Sendable {
        let value = Mutex(0)
    }

    private let count = Count()
    private let channel: any Channel
    package let host: String
    package let port: Int

    package var connections: Int { count.value.withLock(\.self) }
    package var url: String { "http://\(host):\(port)" }

    /// - Parameter port: 0 takes any free one.
    package init(host: String = "127.0.0.1", port: Int = 0) async throws {
        let count = count
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                count.value.withLock { $0 += 1 }
                return client.close()
            }
            .bind(host: host, port: port).get()
        self.host = host
        self.port = channel.localAddress?.port ?? 0
    }

    deinit { channel.close(promise: nil) }
}
