import Domain
import Foundation
import Integrations
import TestSupport
import Testing
import UseCases

/// A real Redis, for one test.
final class RedisServer: Sendable {
    private let process: SpawnedProcess
    private let folder: String
    let port: Int

    init(password: String? = nil) async throws {
        let folder = NSTemporaryDirectory() + "sillon-redis-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.folder = folder
        let port = Int.random(in: 20_000..<30_000)
        self.port = port
        process = try SpawnedProcess(
            "redis-server",
            ["--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--dir", folder]
                + (password.map { ["--requirepass", $0] } ?? []),
            environment: ["PATH": "/usr/bin:/bin"], log: folder + "/redis")
        try await until("Redis is ready") { Lab.text(process.output).contains("eady to accept connections") }
    }

    deinit {
        process.kill()
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("the folder stays: \(error)") }
    }

    func stop() { process.kill() }
}

@Suite(.timeLimit(.minutes(2))) struct RedisTests {
    private func cache(_ server: RedisServer, password: String? = nil, _ time: HandTime = HandTime()) throws
        -> SharedVectorCache
    {
        let secret = password.map { ":\($0)@" } ?? ""
        return SharedVectorCache(
            try RedisAddress("redis://\(secret)127.0.0.1:\(server.port)/3"), clock: time.clock)
    }

    @Test("What one process asked, another finds, in whatever order they start")
    func shared() async throws {
        let redis = try await RedisServer(password: "word")
        let first = try await ModelBench(shared: try cache(redis, password: "word"))
        let embedding = try await first.embed("words")
        let second = try await ModelBench(shared: try cache(redis, password: "word"), service: first.service)
        #expect(try await second.embed("words") == embedding)
        #expect(first.service.texts.count == 1)
        #expect(first.model.sharedCache?.misses == 1 && second.model.sharedCache?.hits == 1)
        first.service.set("nomic-embed-text", .init(digest: "bbbb"))
        let third = try await ModelBench(shared: try cache(redis, password: "word"), service: first.service)
        #expect(try await third.embed("words").space.digest == "bbbb", "another version of the model is another key")
    }

    @Test("A pattern lets go of one model, and of nothing else")
    func forget() async throws {
        let redis = try await RedisServer()
        let bench = try await ModelBench(shared: try cache(redis))
        let other = try await ModelBench(openAI: true, shared: try cache(redis), service: bench.service)
        for number in 0..<20 { _ = try await bench.embed("words \(number)") }
        _ = try await other.embed("words")
        #expect(await bench.model.forget(matching: NamePattern("ollama:nomic-embed-text@aaaa/64")) == 40)
        #expect(await bench.model.forget(matching: NamePattern("ollama:*")) == 0)
        #expect(await other.model.forget(matching: NamePattern("openai:*")) == 2)
    }

    @Test("Without an answer it is done without, and Redis is left alone for a while")
    func away() async throws {
        let (redis, time) = (try await RedisServer(), HandTime())
        let bench = try await ModelBench(shared: try cache(redis, time))
        _ = try await bench.embed("a")
        redis.stop()
        for text in ["b", "c", "d"] { _ = try await bench.embed(text) }
        #expect(bench.service.texts.count == 4)
        #expect(bench.model.sharedCache?.misses == 4)
        let wrong = try await RedisServer(password: "word")
        let refused = try await ModelBench(shared: try cache(wrong, password: "other"))
        #expect(try await refused.embed("a").vector.count == 64)
    }

    @Test(
        "An address has a host, and its password is not shown", arguments: ["", "redis://", "http://x", "redis://x/y"])
    func addresses(text: String) throws {
        #expect(throws: RedisAddress.NotAnAddress.self) { try RedisAddress(text) }
        #expect(try RedisAddress("redis://:word@x:1/2").description == "redis://x:1/2")
    }
}
