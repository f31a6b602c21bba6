import Domain
import Foundation
import Glibc
import Similarity
import Synchronization

/// Stands between the program and PostgreSQL and breaks connections around COMMIT: before the server has seen it, so
/// that nothing happened, or after the server did it and before the program hears of it.
package final class CommitCutter: Sendable {
    package struct Counts: Codable, Hashable, Sendable {
        package var beforeServer = 0
        package var beforeClient = 0
        package var passed = 0
    }

    private struct State {
        var random: SplitMix64
        /// One in so many commits is cut; nil lets all pass.
        var oneIn: UInt64?
        var counts = Counts()
    }

    package let port: Int
    private let listener: Int32
    private let serverPort: Int
    private let state: Mutex<State>

    /// The simple query that ends a transaction, and the server's word that it is done (protocol 3.0, message formats).
    private static let request = Array("Q".utf8) + [0, 0, 0, 11] + Array("COMMIT\0".utf8)
    private static let answer = Array("C".utf8) + [0, 0, 0, 11] + Array("COMMIT\0".utf8)
    private static let bufferBytes = 64 << 10

    package init(serverPort: Int, seed: UInt64) throws {
        self.serverPort = serverPort
        state = Mutex(State(random: SplitMix64(seed: seed)))
        (listener, port) = try Sockets.listen()
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                guard let self else {
                    _ = close(client)
                    return
                }
                self.join(client)
            }
        }
    }

    /// Ends the thread that accepts.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    package var counts: Counts { state.withLock { $0.counts } }

    package func cut(oneIn: UInt64?) {
        state.withLock { $0.oneIn = oneIn }
    }

    private func join(_ client: Int32) {
        let server: Int32
        do {
            server = try Sockets.connect(port: serverPort)
        } catch {
            close(client)  // as the server would refuse it
            return
        }
        let pair = Pair(client: client, server: server)
        Thread.detachNewThread { self.pump(from: client, to: server, pair, Self.request) { $0.beforeServer += 1 } }
        Thread.detachNewThread { self.pump(from: server, to: client, pair, Self.answer) { $0.beforeClient += 1 } }
    }

    /// Both sockets of a connection; closed when neither direction needs them any more.
    private final class Pair: Sendable {
        let client: Int32
        let server: Int32

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        /// Wakes the other direction too.
        func end() {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }

        deinit {
            close(client)
            close(server)
        }
    }

    private func pump(
        from source: Int32, to target: Int32, _ pair: Pair, _ mark: [UInt8], count: @Sendable (inout Counts) -> Void
    ) {
        defer { pair.end() }
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        while true {
            let bytes = Sockets.receive(source, into: &buffer)
            if bytes.isEmpty { return }
            // Both messages are small and sent by themselves, so they are never torn on the loopback.
            if bytes.contains(mark), isCut(count) { return }
            guard Sockets.sendAll(bytes, to: target) else { return }
        }
    }

    /// The dice fall once for the request and once for the answer.
    private func isCut(_ count: (inout Counts) -> Void) -> Bool {
        state.withLock { state in
            guard let oneIn = state.oneIn, state.random.next() % oneIn == 0 else {
                state.counts.passed += 1
                return false
            }
            count(&state.counts)
            return true
        }
    }
}
