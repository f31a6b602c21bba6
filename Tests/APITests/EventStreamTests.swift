import Contracts
import Domain
import Foundation
import HTTPTypes
import NIOCore
import Synchronization
import Testing
import UseCases

@testable import API

@Suite(.timeLimit(.minutes(2)))
struct EventStreamTests {
    private static let request = """
        GET /v1/scans/scan-1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer user\r\n\r\n
        """.replacing("\n\n", with: "\n\r\n")

    private static func server(_ change: (inout APIOptions) -> Void = { _ in }) throws -> TestServer {
        try TestServer(.filled()) { options in
            options.pace.shortest = .milliseconds(10)
            options.pace.longest = .milliseconds(20)
            change(&options)
        }
    }

    @Test("A scan is shown at once, again when it changed, and a last time when it ended")
    func progress() async throws {
        let server = try Self.server()
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request)
                let first = try await connection.read(until: "\n\n")
                #expect(first.contains("200 OK"))
                #expect(first.lowercased().contains("content-type: text/event-stream"))
                #expect(first.contains("event: progress\ndata: {\"id\":\"scan-1\""))
                server.store.change { $0.scans[0].progress.found = 77 }
                #expect(try await connection.read(until: "\"found\":77").contains("\"found\":77"))
                server.store.change { $0.scans[0].state = .finished }
                // An answer in chunks ends with an empty one.
                let all = try await connection.read(until: "\r\n0\r\n\r\n")
                #expect(all.contains("event: end\ndata: {\"id\":\"scan-1\""))
                #expect(all.components("event: progress").count == 4)
            }
        }
    }

    @Test("A scan that is over is shown and ended at once")
    func over() async throws {
        let server = try Self.server()
        server.store.change { $0.scans[0].state = .cancelled }
        let answer = try await server.send(.get, "/v1/scans/scan-1/events")
        #expect(answer.text.components("event: ").map { $0.prefix(3) } == ["", "pro", "end"])
    }

    @Test("Events are as their golden files say, which are held against the schemas")
    func golden() throws {
        let id = "0b7e3f52-5d5c-4e53-9d5a-0a3f1c1f7f11"
        var queued = Scan(
            id: id, path: FilePath("/music"), mode: .quick, priority: .normal, until: .vector, cause: .request,
            state: .queued,
            progress: ScanProgress(), createdAt: MemoryStore.now)
        queued.progress.tasksQueued = 1
        #expect(try Self.event("progress", queued) == Self.golden("progress.v1.minimal"))
        var scan = Scan(
            id: id, path: FilePath("/music"), mode: .full, priority: .high, until: .analysis, cause: .watch,
            state: .running,
            progress: ScanProgress(), createdAt: MemoryStore.now)
        scan.taskID = 17
        scan.notice = "3 files could not be read"
        scan.walkedAt = MemoryStore.now + 1_500_000
        let counts: [WritableKeyPath<ScanProgress, Int>] = [
            \.folders, \.found, \.unchanged, \.refused, \.moved, \.missing, \.indexed, \.analyzed, \.vectorized,
            \.cached, \.failed,
        ]
        for (index, count) in counts.enumerated() { scan.progress[keyPath: count] = index + 1 }
        (scan.progress.tasksQueued, scan.progress.tasksDone) = (40, 30)
        #expect(try Self.event("progress", scan) == Self.golden("progress.v1.normal"))
        scan.progress.tasksDone = 40
        (scan.state, scan.finishedAt) = (.finished, MemoryStore.now + 60_000_000)
        #expect(try Self.event("end", scan) == Self.golden("end.v1.normal"))
    }

    private static func event(_ name: String, _ scan: Scan) throws -> JSONValue {
        let text = String(buffer: ScanEventStream.event(name, scan))
        #expect(text.hasPrefix("event: \(name)\ndata: {") && text.hasSuffix("}\n\n"))
        return try JSONReader.read(Array(text.dropFirst("event: \(name)\ndata: ".count).utf8.dropLast(2)))
    }

    private static func golden(_ name: String) throws -> JSONValue {
        let repository = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        return try JSONReader.read(
            Array(Data(contentsOf: repository.appending(path: "common/schemas/golden/event/\(name).json"))))
    }

    @Test("A quiet stream is kept warm, and a busy store does not end it")
    func quiet() async throws {
        let server = try Self.server { $0.pace.ping = .milliseconds(20) }
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request)
                _ = try await connection.read(until: "event: progress")
                server.store.change { $0.failure = .retryable(afterSeconds: 1, "busy") }
                connection.forget()
                #expect(try await connection.read(until: ": ping\n\n").contains(": ping\n\n"))
                connection.forget()
                #expect(try await connection.read(until: ": ping\n\n").contains(": ping\n\n"))
                server.store.change { state in
                    state.failure = nil
                    state.scans[0].state = .finished
                }
                #expect(try await connection.read(until: "event: end").contains("event: end"))
            }
        }
    }

    @Test("A shutdown ends open streams instead of waiting for them")
    func shutdown() async throws {
        let server = try Self.server()
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request)
                _ = try await connection.read(until: "event: progress")
                await live.shutDown()
                let all = try await connection.readToEnd()
                #expect(!all.contains("event: end"))
            }
        }
    }

    @Test("Streams are limited in number, and a client that went away frees its place")
    func slots() async throws {
        let server = try Self.server { options in
            options.maxEventStreams = 1
            options.pace.ping = .milliseconds(10)
        }
        try await LiveServer.run(server) { live in
            try await live.connect { first in
                try await first.send(Self.request)
                _ = try await first.read(until: "event: progress")
                let second = try await Self.status(live)
                #expect(second.contains("503"))
                #expect(second.lowercased().contains("retry-after: 5"))
            }
            // The first client is gone; the server sees it at one of its next writes.
            var status = ""
            repeat {
                status = try await Self.status(live)
            } while status.contains(" 503 ")
            #expect(status.contains(" 200 "))
        }
    }

    private static func status(_ live: LiveServer) async throws -> String {
        try await live.connect { connection in
            try await connection.send(request)
            return try await connection.read(until: "\r\n\r\n")
        }
    }

    @Test("Whoever looks on is told that something changed, once for several changes, and by one look for all")
    func changes() async throws {
        let server = try Self.server { options in
            options.pace.ping = .milliseconds(50)
            options.pace.life = .seconds(60)
        }
        try await LiveServer.run(server) { live in
            try await live.connect { connection in
                try await connection.send(Self.request.replacing("/v1/scans/scan-1/events", with: "/v1/changes"))
                let first = try await connection.read(until: "retry: 2000")
                #expect(first.contains("200 OK") && !first.contains("changed"))
                #expect(try await !connection.read(until: ": ping").contains("changed"), "nothing has")
                server.store.change { $0.changeCounter += 1 }
                let told = try await connection.read(until: "event: changed\ndata: {}\n\n")
                #expect(told.components("event: changed").count == 2)
                server.store.change { $0.changeCounter += 1 }
                _ = try await connection.read(until: "event: changed")
            }
        }
    }

    @Test("Nobody can take all streams alone, and what is given back is free again")
    func shares() {
        let slots = StreamSlots(limit: 16)
        var mine = (0..<14).compactMap { _ in slots.take(for: 1) }
        #expect(mine.count == 14 && slots.take(for: 1) == nil)
        let others = (0..<3).compactMap { _ in slots.take(for: 2) }
        #expect(others.count == 2, "the limit of all")
        mine.removeAll()
        #expect(slots.take(for: 1) != nil)
        withExtendedLifetime(others) {}
    }

    @Test("However many ask what changed, the database is asked once a pause")
    func feed() async throws {
        let looks = Mutex(0)
        let feed = ChangeFeed(pause: .seconds(600)) {
            looks.withLock { $0 += 1 }
            return 7
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { #expect(await feed.current() == 7) } }
        }
        #expect(looks.withLock { $0 } == 1)
    }
}

extension String {
    /// The parts between the occurrences of a separator.
    func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
