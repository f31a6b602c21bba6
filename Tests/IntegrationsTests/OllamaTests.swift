import Domain
import Integrations
import TestSupport
import Testing
import UseCases

@Suite(.timeLimit(.minutes(2))) struct OllamaTests {
    @Test("Texts become vectors of unit length, and what shares words is near")
    func vectors() async throws {
        let bench = try await ModelBench()
        let (piano, near, far) = try await (
            bench.embed("slow sad piano"), bench.embed("sad piano"), bench.embed("loud brass band")
        )
        #expect(piano.space == EmbeddingSpace(model: "ollama:nomic-embed-text", digest: "aaaa", dimension: 64))
        #expect(abs(dot(piano, piano) - 1) < 1e-5)
        #expect(dot(piano, near) > dot(piano, far) + 0.2)
        #expect(bench.model.health == ModelHealth(state: .ready, space: piano.space))
    }

    @Test("The request is the one that Ollama documents, with the words that the model was trained to read")
    func request() async throws {
        let bench = try await ModelBench()
        _ = try await bench.embed("a", as: .document)
        _ = try await bench.embed("a", as: .query)
        #expect(bench.service.texts == ["search_document: a", "search_query: a"])
        let body = try #require(bench.service.seen.first { $0.path == "/api/embed" }?.body)
        #expect(
            body
                == #"{"input":["search_document: a"],"keep_alive":"5m","model":"nomic-embed-text","truncate":true}"#)
    }

    @Test("Texts that come together go together, so many in a request, and each gets its own vector")
    func batches() async throws {
        let bench = try await ModelBench(textsMax: 8)
        let texts = (0..<20).map { "word\($0) other\($0)" }
        let vectors = try await withThrowingTaskGroup(of: (String, TextEmbedding).self) { group in
            for text in texts { group.addTask { (text, try await bench.embed(text)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(vectors.count == 20)
        #expect(bench.service.texts.count == 20)
        #expect((3...12).contains(bench.service.count("/api/embed")))
        let alone = try await ModelBench()
        for text in texts { #expect(try await alone.embed(text).vector == vectors[text]?.vector) }
    }

    @Test("One text that is refused does not take the others with it")
    func poison() async throws {
        let bench = try await ModelBench()
        bench.service.setPoison("poison")
        async let (good, other) = (bench.embed("good"), bench.embed("other"))
        let bad = await bench.failure("poison")
        #expect(bad?.reason == .serviceRefused)
        #expect(bad?.message.contains("exceeds the context length") == true)
        #expect(try await good.vector.count == 64)
        #expect(try await other.vector.count == 64)
    }

    @Test("A model that is not there stops its requests, and the sentence holds the command that gets it")
    func missing() async throws {
        let bench = try await ModelBench("all-minilm")
        let failure = await bench.failure()
        #expect(failure?.reason == .modelMissing)
        #expect(failure?.isTransient == false && failure?.isPostponing == true)
        #expect(failure?.message.hasSuffix("ollama pull all-minilm") == true)
        #expect(bench.model.health.state == .refused)
        #expect(bench.model.pauseSeconds > 0)
        let asked = bench.service.seen.count
        #expect(await bench.failure("else")?.message == failure?.message)
        #expect(bench.service.seen.count == asked)
        bench.service.set("all-minilm", .init(digest: "new"))
        bench.time.advance(bench.model.pauseSeconds)
        #expect(await bench.failure() == nil)
    }

    @Test("A name with or without the tag latest is the same model", arguments: ["nomic-embed-text:latest", "n/m:v2"])
    func tags(name: String) async throws {
        let bench = try await ModelBench(name)
        bench.service.set(name, .init(digest: "d"))
        #expect(try await bench.model.digest() == (name == "n/m:v2" ? "d" : "aaaa"))
    }

    @Test("A busy server is waited for, as long as it asks for, and no attempt is charged")
    func busy() async throws {
        let bench = try await ModelBench()
        bench.service.set(.busy(retryAfter: "17"))
        let failure = await bench.failure()
        #expect(failure?.reason == .serviceUnavailable)
        #expect(failure?.retryAfterSeconds == 17)
        #expect(failure?.message.contains("server busy") == true)
        bench.time.advance(17)
        bench.service.set(.busy(retryAfter: "soon"))
        #expect(await bench.failure()?.retryAfterSeconds == nil)
        bench.service.set(.well)
        bench.time.advance(bench.model.pauseSeconds)
        #expect(await bench.failure() == nil)
    }

    @Test(
        "An answer that is none is an attempt that failed",
        arguments: [
            OllamaStandIn.Mood.crashed, .truncatedJSON, .oneVectorTooFew, .notANumber, .zeroVector,
            .status(200, body: ""), .status(200, body: #"{"embeddings":"no"}"#), .status(500, body: "<html>"),
        ])
    func nonsense(mood: OllamaStandIn.Mood) async throws {
        let bench = try await ModelBench()
        bench.service.set(mood)
        let failure = await bench.failure()
        #expect(failure?.reason == .serviceError)
        bench.service.set(.well)
        #expect(await bench.failure("afterwards") == nil)
    }

    @Test("An answer that breaks off is an attempt that failed, and a server that is not there is waited for")
    func lines() async throws {
        let bench = try await ModelBench()
        bench.service.set(.cutOff)
        #expect(await bench.failure()?.reason == .serviceError)
        bench.service.set(.well)
        #expect(await bench.failure() == nil)
        try await bench.service.close()
        let away = try await ModelBench(service: bench.service)
        let failure = await away.failure("else")
        #expect(failure?.reason == .serviceUnavailable)
        #expect(failure?.message.contains(bench.service.url) == true)
        #expect(away.model.health.state == .away)
    }

    @Test("A server that does not answer is given up in time")
    func silent() async throws {
        let bench = try await ModelBench()
        bench.service.set(.silent)
        #expect(await bench.failure(within: .milliseconds(200))?.reason == .serviceError)
    }

    @Test("An answer that is too large is given up")
    func large() async throws {
        let bench = try await ModelBench(answerBytesMax: 200)
        #expect(await bench.failure()?.message.contains("200 bytes") == true)
    }

    @Test("A redirect is not followed, to another host or to the same")
    func redirect() async throws {
        let canary = try await OllamaStandIn()
        let bench = try await ModelBench()
        for target in [canary.url + "/api/embed", bench.service.url + "/api/version"] {
            bench.service.set(.status(307, body: "", location: target))
            #expect(await bench.failure()?.reason == .serviceBlocked)
            bench.time.advance(bench.model.pauseSeconds)
        }
        #expect(canary.seen.isEmpty)
        #expect(bench.service.count("/api/version") == 0)
    }

    @Test("A caller that is cancelled ends at once, and the request with it", arguments: [nil, Duration.seconds(60)])
    func cancelled(limit: Duration?) async throws {
        let bench = try await ModelBench()
        bench.service.set(.silent)
        let task = Task { try await bench.embed("a", within: limit) }
        try await until("the request has arrived") { bench.service.count("/api/embed") == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        bench.service.set(.well)
        #expect(await bench.failure("b") == nil)
    }

    private func dot(_ first: TextEmbedding, _ second: TextEmbedding) -> Float {
        zip(first.vector, second.vector).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
