import Domain
import HTTPTypes
import NIOCore
import Testing
import UseCases

@testable import API

/// `/v1/events` on real sockets.
@Suite(.timeLimit(.minutes(2)))
struct EventFeedTests {
    private static func request(_ secret: String = "admin", after: Int64? = nil) -> String {
        let resume = after.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        return "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(secret)\r\n\(resume)\r\n"
    }

    private static func server(_ change: (inout APIOptions) -> Void = { _ in }) throws -> TestServer {
        try TestServer(.filled()) { options in
            options.pace.shortest = .milliseconds(10)
            options.pace.life = .seconds(600)
            change(&options)
        }
    }

    @Test("Who listens hears what happens from then on, and who comes back hears what it missed")
    func resume() async throws {
        let server = try Self.server()
        server.store.tell(3)
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request())
                let head = try await connection.read(until: "retry: 2000\n\n")
                #expect(head.lowercased().contains("content-type: text/event-stream"))
                server.store.tell()
                let text = try await connection.read(until: "id: 4\n")
                #expect(!text.contains("id: 3\n"))
                let event = try await connection.read(until: "}}\n\n")
                #expect(event.contains("event: worker_lost\ndata: {\"id\":\"0b7e3f52"))
                #expect(event.contains("\"type\":\"worker_lost\",\"timestamp\":\"2026-01-01T00:00:00.000000Z\""))
            }
            server.store.tell(2)
            try await live.connect { connection in
                try await connection.send(Self.request(after: 2))
                let text = try await connection.read(until: "id: 6\n")
                #expect((3...6).allSatisfy { text.contains("id: \($0)\n") } && !text.contains("id: 2\n"))
                server.store.tell()
                _ = try await connection.read(until: "id: 7\n")
            }
            // A number that was never given: of a database that was there before.
            try await live.connect { connection in
                try await connection.send(Self.request(after: 9000))
                _ = try await connection.read(until: "retry")
                server.store.tell()
                _ = try await connection.read(until: "id: 8\n")
            }
        }
    }

    @Test("Of a service's troubles only administrators hear")
    func admins() async throws {
        let server = try Self.server()
        server.store.tell(1, .serviceUnreachable)
        try await LiveServer.run(server) { live in
            for (secret, hears) in [("user", false), ("admin", true)] {
                try await live.connect { connection in
                    try await connection.send(Self.request(secret, after: 0))
                    _ = try await connection.read(until: "retry")
                    server.store.tell(1, .serviceUnreachable)
                    let last = try #require(server.store.tell().last)
                    let text = try await connection.read(until: "id: \(last)\n")
                    #expect(text.contains("service_unreachable") == hears)
                }
            }
        }
    }

    @Test("Many listeners hear everything once and in order, by one look at the store for all")
    func many() async throws {
        let (listeners, events) = (20, 40)
        let server = try Self.server { options in
            // Of which one token gets seven eighths.
            options.maxEventStreams = 2 * listeners
            options.pace.shortest = .milliseconds(50)
        }
        let store = server.store
        try await LiveServer.run(server) { live in
            let ready = Count()
            try await withThrowingTaskGroup(of: [Substring].self) { group in
                for _ in 0..<listeners {
                    group.addTask {
                        try await live.connect { connection in
                            try await connection.send(Self.request())
                            _ = try await connection.read(until: "retry: 2000\n\n")
                            ready.add()
                            let text = try await connection.read(until: "id: \(events)\n")
                            return text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("id: ") }
                        }
                    }
                }
                await ready.wait(for: listeners)
                let (before, start) = (store.change(\.looks), ContinuousClock.now)
                for number in 1...events {
                    store.tell()
                    if number.isMultiple(of: 4) { try await Task.sleep(for: .milliseconds(20)) }
                }
                for try await ids in group { #expect(ids == (1...events).map { "id: \($0)" }) }
                // Not one look for each listener: no more than there was time for.
                let times = Int((ContinuousClock.now - start) / .milliseconds(50))
                #expect(store.change(\.looks) - before <= times + 5)
            }
        }
    }

    @Test("There are so many places, and one that is left is free again")
    func slots() async throws {
        let server = try Self.server { options in
            options.maxEventStreams = 1
            options.pace.ping = .milliseconds(20)
        }
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request())
                _ = try await connection.read(until: "retry")
                try await live.connect { other in
                    try await other.send(Self.request())
                    #expect(try await other.read(until: "\r\n\r\n").contains("503"))
                }
            }
            // The next ping meets nobody.
            while true {
                let isFree = try await live.connect { connection in
                    try await connection.send(Self.request())
                    let text = try await connection.read(until: "\r\n\r\n")
                    return text.contains("200 OK")
                }
                if isFree { break }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("A quiet stream is kept warm, a busy store does not end it, and a shutdown does")
    func quiet() async throws {
        let server = try Self.server { $0.pace.ping = .milliseconds(20) }
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request())
                _ = try await connection.read(until: "retry")
                server.store.change { $0.failure = .retryable(afterSeconds: 1, "busy") }
                connection.forget()
                _ = try await connection.read(until: ": ping\n\n")
                connection.forget()
                _ = try await connection.read(until: ": ping\n\n")
                server.store.change { $0.failure = nil }
                server.store.tell()
                _ = try await connection.read(until: "id: 1\n")
                await live.shutDown()
                #expect(try await connection.readToEnd().hasSuffix("0\r\n\r\n"))
            }
        }
    }

    @Test("Whoever takes nothing is let go when too much waits for him, and nobody else is")
    func slow() async throws {
        let store = MemoryStore.filled()
        var pace = ScanEventStream.Pace()
        pace.shortest = .milliseconds(1)
        let feed = EventFeed(store: store, pace: pace)
        let sleeper = try await feed.subscribe(isAdmin: true)
        let reader = try await feed.subscribe(isAdmin: true)
        var items = reader.items.makeAsyncIterator()
        for _ in 0..<EventFeed.maxWaiting / 50 + 2 {
            var expected = store.tell(50)[...]
            while let first = expected.first, let item = await items.next() {
                guard case .event(let number, _) = item else { continue }
                #expect(number == first)
                expected = expected.dropFirst()
            }
        }
        var read = 0
        for await item in sleeper.items {
            if case .event = item { read += 1 }
        }
        #expect(read == EventFeed.maxWaiting, "what waited comes, and then the end")
        feed.leave(sleeper)
        feed.leave(reader)
        #expect(feed.listenerCount == 0)
        // Nobody looks while nobody listens.
        let looks = store.change(\.looks)
        try await Task.sleep(for: .milliseconds(30))
        #expect(store.change(\.looks) <= looks + 1)
    }

    @Test("What is no number of an event is refused")
    func malformed() async throws {
        let server = try Self.server()
        for text in ["x", "-1", "1.5", String(repeating: "9", count: 19)] {
            let headers: HTTPFields = [HTTPField.Name("Last-Event-ID")!: text]
            #expect(try await server.send(.get, "/v1/events", headers: headers).status == 400, "\(text)")
        }
    }
}

/// Waits until something has happened so many times.
private actor Count {
    private var count = 0
    private var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?

    nonisolated func add() { Task { await increase() } }

    private func increase() {
        count += 1
        guard let waiter, count >= waiter.count else { return }
        waiter.continuation.resume()
        self.waiter = nil
    }

    func wait(for wanted: Int) async {
        guard count < wanted else { return }
        await withCheckedContinuation { waiter = (wanted, $0) }
    }
}
