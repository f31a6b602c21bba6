import Contracts
import Domain
import Foundation
import NIOCore
import Similarity
import TestSupport

/// Faults of the database server.
extension Stage {
    private static let maxRestarts = 10
    private static let cutInterval = Duration.milliseconds(200)
    private static let longestCutSeconds = 60.0
    private static let freezeSeconds = 30.0
    private static let longestFullSeconds = 30.0
    private static let connections = 10
    private static let commitsForOneCut: UInt64 = 20
    /// The product's own limit for a request is 15 s.
    private static let answerLimit = Duration.seconds(17)

    /// Ten times, or as often as the time permits, spread over it; the load goes on.
    func restartDatabase() async throws -> Deed {
        let server = try postgres()
        let count = max(1, min(Self.maxRestarts, Int(seconds / 2)))
        for _ in 0..<count {
            try await server.crash()
            try await server.start()
            try await Task.sleep(for: .seconds(max(0.2, seconds / Double(count) - 1)))
        }
        return Deed(text: "crashed and restarted the server \(count) times")
    }

    func cutBackends() async throws -> Deed {
        let server = try postgres()
        var random = SplitMix64(seed: seed)
        var cut = 0
        let end = ContinuousClock.now + .seconds(min(seconds, Self.longestCutSeconds))
        while ContinuousClock.now < end {
            let backends = try await server.backends()
            if !backends.isEmpty {
                let victim = backends[Int(random.next() % UInt64(backends.count))]
                try await server.query("SELECT pg_terminate_backend(\(victim))")
                cut += 1
            }
            try await Task.sleep(for: Self.cutInterval)
        }
        return Deed(text: "ended \(cut) connections")
    }

    /// Requests must end with 503 in time, `/readyz` must be false and `/healthz` true.
    func freezeDatabase() async throws -> Deed {
        let server = try postgres()
        let length = Duration.seconds(min(seconds, Self.freezeSeconds))
        let begin = ContinuousClock.now
        let family = server.freeze()
        defer { server.thaw(family) }
        var deed = Deed(text: "")
        var slowest = Duration.zero
        repeat {
            for client in fleet.clients {
                let key = "frozen-\(seed)-\(deed.owed.count)"
                deed.owed.append(key)
                let post = await timed { try await client.submitNoop(key) }
                let ready = await timed { try await client.send(.get, "/readyz") }
                let alive = await timed { try await client.send(.get, "/healthz") }
                if post.status != 503 {
                    deed.problems.append("a request ended with \(post.status) on a frozen database")
                }
                if ready.status != 503 { deed.problems.append("/readyz answered \(ready.status)") }
                if alive.status != 200 { deed.problems.append("/healthz answered \(alive.status)") }
                slowest = max(slowest, post.took, ready.took, alive.took)
            }
        } while ContinuousClock.now - begin < length
        if slowest > Self.answerLimit { deed.problems.append("an answer took \(slowest)") }
        let frozen = ChaosReport.text((ContinuousClock.now - begin).asSeconds)
        deed.text =
            "froze the server for \(frozen) s; the slowest answer came after \(ChaosReport.text(slowest.asSeconds)) s"
        return deed
    }

    /// The status is 0 when there was no answer at all.
    private func timed(_ request: () async throws -> Client.Answer) async -> (status: Int, took: Duration) {
        let begin = ContinuousClock.now
        let status: Int
        do {
            status = try await request().status
        } catch {
            status = 0
        }
        return (status, ContinuousClock.now - begin)
    }

    func starveOfConnections() async throws -> Deed {
        let server = try postgres()
        try await server.stopFast()
        try await server.start(settings: ["max_connections=\(Self.connections)"])
        try await Task.sleep(for: .seconds(seconds))
        let before = load.promises.tasks.count
        try await Task.sleep(for: .seconds(2))
        let served = load.promises.tasks.count - before
        try await server.stopFast()
        try await server.start()
        return Deed(
            text: "allowed \(Self.connections) connections; \(served) promises in the last 2 s of it",
            problems: served > 0 ? [] : ["with \(Self.connections) connections nothing was accepted"])
    }

    func fillDisk() async throws -> Deed {
        guard let disk else { return Deed(text: "not run: no small disk could be mounted here") }
        let before = load.promises
        let end = ContinuousClock.now + .seconds(min(seconds, Self.longestFullSeconds))
        while ContinuousClock.now < end {
            // Whatever was given back meanwhile: a log that begins anew, a table that was cleaned.
            try disk.fill()
            try await Task.sleep(for: .milliseconds(50))
        }
        let after = load.promises
        disk.free()
        let refused = after.refusedForSpace - before.refusedForSpace
        var deed = Deed(
            text: "filled the disk; \(refused) requests refused for it, \(after.tasks.count - before.tasks.count) taken"
        )
        if let server, !server.isRunning {
            // PostgreSQL ends when it cannot write its log; its init system starts it again.
            try await server.start()
            deed.text += "; the server had ended and was started again"
        } else if refused == 0 {
            deed.problems.append("nobody noticed that the disk was full")
        }
        return deed
    }

    func cutCommits() async throws -> Deed {
        guard let cutter else { throw Problem(description: "there is no proxy to cut") }
        load.mix(scanPercent: 20)
        cutter.cut(oneIn: Self.commitsForOneCut)
        try await Task.sleep(for: .seconds(seconds))
        cutter.cut(oneIn: nil)
        load.mix(scanPercent: 3)
        let counts = cutter.counts
        return Deed(
            text: "cut \(counts.beforeServer) connections before and \(counts.beforeClient) after their COMMIT",
            problems: counts.beforeServer > 0 && counts.beforeClient > 0 ? [] : ["too few COMMITs to cut"])
    }
}

extension Client {
    fileprivate func submitNoop(_ key: String) async throws -> Answer {
        let body: JSONValue = ["task": "noop", "version": 1, "payload": [:]]
        return try await send(.post, "/v1/tasks", body, headers: ["Idempotency-Key": key], limit: .seconds(40))
    }
}
